import { rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { npyFile, npzFile } from "../../../test/support/modelFiles.js";
import { anyIdx, cifarBatch, dataFolder, load, pngOf, writeAll } from "./arrays/arraysFixture.js";
import { recognise } from "./recognise.js";

let folder: string;
beforeEach(async () => {
  folder = await dataFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** With the best guess to each question. */
async function guessed(...names: string[]) {
  const { dataset, questions, folder: found } = await recognise(names.map((name) => path.join(folder, name)));
  return { found, dataset: questions.reduce((so, { names: [best], answer }) => answer(so, best as string), dataset) };
}

it("a table: words are the class, other words are left out", async () => {
  await writeAll(folder, { "iris.csv": `id,width,name,species\n${"1,2,x,setosa\n2,3,y,virginica\n".repeat(10)}` });
  const { dataset } = await guessed("iris.csv");
  expect(dataset).toEqual({ name: "csv", csv: { files: ["iris.csv"], label: "species", ignore: ["name"] } });
  expect((await load(folder, dataset)).dimension).toBe(2);
});

it("a table without names, separated by semicolons", async () => {
  await writeAll(folder, { "a.csv": "1;2;0\n3;4;1\n".repeat(10) });
  const { dataset } = await guessed("a.csv");
  expect(dataset).toEqual({ name: "csv", csv: { files: ["a.csv"], header: false, separator: ";", label: 3 } });
  expect((await load(folder, dataset)).classes).toBe(2);
});

it("texts", async () => {
  const review = "the soup was very good indeed";
  await writeAll(folder, {
    "r.csv": `stars,review\n1,${review}\n2,${review}\n`,
    "r.jsonl": `${JSON.stringify({ review, stars: 3 })}\n`,
  });
  const text = { textKey: "review", labelKey: "stars" };
  expect((await guessed("r.csv")).dataset).toEqual({ name: "text", text: { files: ["r.csv"], ...text } });
  expect((await guessed("r.jsonl")).dataset).toEqual({ name: "text", text: { files: ["r.jsonl"], ...text } });
});

it("archives, by their usual names or by their shapes", async () => {
  const x = npyFile("'|u1'", "(4, 2)", new Uint8Array(8));
  const y = npyFile("'|u1'", "(4,)", Uint8Array.of(0, 1, 0, 1));
  await writeAll(folder, { "k.npz": npzFile({ x_train: x, y_train: y }), "o.npz": npzFile({ target: y, data: x }) });
  expect((await guessed("k.npz")).dataset).toEqual({ name: "npz", npz: { file: "k.npz" } });
  const { dataset } = await guessed("o.npz");
  expect(dataset).toEqual({ name: "npz", npz: { file: "o.npz", inputs: "data", labels: "target" } });
  expect((await load(folder, dataset)).dimension).toBe(2);
});

it("folders of pictures, of CIFAR-10, and IDX files", async () => {
  await writeAll(folder, {
    "p/cat/1.png": pngOf(2, 2, 1),
    "p/dog/1.png": pngOf(2, 2, 1),
    "q/train/cat/1.png": pngOf(2, 2, 1),
    "q/test/cat/1.png": pngOf(2, 2, 1),
    "c/cifar-10-batches-bin/data_batch_1.bin": cifarBatch([1]),
    x: anyIdx(13, [3, 2], [1, 2, 3, 4, 5, 6]),
    y: anyIdx(8, [3], [0, 1, 2]),
  });
  expect((await guessed("p")).dataset).toEqual({ name: "images", images: {} });
  expect((await guessed("q")).dataset).toEqual({ name: "images", images: { train: "train", test: "test" } });
  expect(await guessed("c")).toEqual({
    found: path.join(folder, "c/cifar-10-batches-bin"),
    dataset: { name: "cifar10" },
  });
  expect((await guessed("y", "x")).dataset).toEqual({ name: "idx", idx: { inputs: "x", labels: "y" } });
});

it("anything else is turned down with what can be added", async () => {
  await writeAll(folder, { "a.bin": "hello", "e/readme.txt": "" });
  await expect(guessed("a.bin")).rejects.toMatchObject({
    code: "notRecognised",
    message: expect.stringMatching(/\.npz/),
  });
  await expect(guessed("e")).rejects.toMatchObject({ code: "notRecognised" });
});
