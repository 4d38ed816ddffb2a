import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endlessModel, greedyModel } from "../../../test/support/hostileModels.js";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { floats, onnxFile, onnxTensorFile } from "../../../test/support/modelFiles.js";
import type { ProbeProgress, ProbeTask } from "../../common/probe.js";
import { defaultLimits, startProbe } from "./startProbe.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-start-probe-"));
const config = path.join(folder, "stripes.rectiscope.json");
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  writeStripes(path.join(folder, "data"));
  const dataset = { name: "idx", folder: "data", classes: 6 };
  fs.writeFileSync(
    config,
    JSON.stringify({ dataset, network: { hidden: [9] }, training: { learningRate: 1, epochs: 1 } }),
  );
});

function taskOf(name: string, bytes: Uint8Array, assets = dist): ProbeTask {
  const model = path.join(folder, name);
  fs.writeFileSync(model, bytes);
  return { model, config, set: "train", n: null, dataFolders: [], assets };
}

test("a report comes back whole, typed arrays included, after progress to the last example", async () => {
  const identity = Array.from({ length: 36 * 36 }, (_, k) => (k % 37 === 0 ? 1 : 0));
  const model = onnxFile(
    [onnxTensorFile({ name: "W", dims: [36, 36], raw: floats(...identity) })],
    [
      { operation: "MatMul", inputs: ["x", "W"], outputs: ["a"] },
      { operation: "LeakyRelu", inputs: ["a"], outputs: ["h"] },
    ],
    ["h"],
    [{ name: "x", shape: ["N", 36] }],
  );
  const told: ProbeProgress[] = [];
  const report = await startProbe(taskOf("identity.onnx", model), (progress) => told.push(progress)).report;
  expect(told.slice(0, 3).map(({ stage }) => stage)).toEqual(["model", "data", "examples"]);
  expect(report).toMatchObject({ engine: "onnxruntime-web", evaluation: { set: "train", n: 242, error: null } });
  // the units are the pixels
  const pixels = fs.readFileSync(path.join(folder, "data/train-images-idx3-ubyte")).subarray(16, 16 + 242 * 36);
  const bright = new Uint32Array(36);
  pixels.forEach((pixel, k) => {
    if (pixel > 0) bright[k % 36]!++;
  });
  expect(report.layers[0]!.responses.firings).toEqual(bright);
});

test("a model that does not end is ended, and so is one that takes too much memory", async () => {
  const progress = () => {};
  const endless = startProbe(taskOf("endless.onnx", endlessModel()), progress, {
    ...defaultLimits(),
    silentSeconds: 2,
  });
  await expect(endless.report).rejects.toMatchObject({
    code: "silent",
    input: false,
    message: expect.stringMatching(/endless\.onnx was ended: .*2 s/),
  });
  const greedy = startProbe(taskOf("greedy.onnx", greedyModel()), progress, { ...defaultLimits(), memoryBytes: 700e6 });
  await expect(greedy.report).rejects.toMatchObject({
    code: "memory",
    input: false,
    message: expect.stringMatching(/more than 0\.7 GiB/),
  });
});

test("cancelling ends it at once, in the middle of anything", async () => {
  const probe = startProbe(taskOf("cancelled.onnx", endlessModel()), ({ stage }) => {
    if (stage === "examples") probe.cancel();
  });
  await expect(probe.report).rejects.toMatchObject({ code: "cancelled", input: false });
});

test("errors of the input come back as such, with file, key and value; a process that dies, with its last words", async () => {
  const wrong = taskOf(
    "wrong.onnx",
    onnxFile([], [{ operation: "Relu", inputs: ["x"], outputs: ["h"] }], ["h"], [{ name: "x", shape: ["N", 7] }]),
  );
  await expect(startProbe(wrong, () => {}).report).rejects.toMatchObject({
    code: "inputShape",
    input: true,
    file: wrong.model,
    key: "x",
    value: [6, 6],
  });
  await expect(startProbe({ ...wrong, model: path.join(folder, "gone.onnx") }, () => {}).report).rejects.toMatchObject({
    code: "missing",
    input: true,
  });
  await expect(startProbe({ ...wrong, config: path.join(folder, "gone.json") }, () => {}).report).rejects.toMatchObject(
    { code: "configUnreadable", input: true },
  );
  const assets = path.join(folder, "assets");
  fs.mkdirSync(assets);
  fs.writeFileSync(path.join(assets, "probe.js"), "console.error('last words'); process.abort();");
  await expect(startProbe({ ...wrong, assets }, () => {}).report).rejects.toMatchObject({
    code: "crashed",
    input: false,
    message: expect.stringMatching(/last words/),
  });
});
