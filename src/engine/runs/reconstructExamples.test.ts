/** Examples, their corrupted copies and what runs make of them. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import { stopSignals } from "../../common/messages.js";
import type { ReconstructionLine } from "../../common/run.js";
import { readRun } from "./readRun.js";
import { reconstructExamples } from "./reconstructExamples.js";
import { runExperiment } from "./runExperiment.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-reconstruct-"));
const places = { dataFolders: [], assets: dist };
const all = Array.from({ length: 48 }, (_, k) => k);
beforeAll(() => writeStripes(path.join(folder, "data")));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function run(name: string, change: Partial<ExperimentInput>, stopAtStep = Number.POSITIVE_INFINITY) {
  const experiment = experimentSchema.parse({
    dataset: { name: "idx", folder: "data", classes: 6 },
    network: { hidden: [40, 30] },
    pretraining: { epochs: 40, learningRate: 0.02 },
    training: { learningRate: 0.1, epochs: 0 },
    ...change,
  });
  const stop = new SharedArrayBuffer(4);
  const runFolder = path.join(folder, name);
  const input = {
    configFile: path.join(folder, "c.rectiscope.json"),
    experiment,
    runFolder,
    version: "0",
    stop,
    ...places,
  };
  const record = await runExperiment(input, {
    pretraining: (_, { step }) => step >= stopAtStep && Atomics.store(new Int32Array(stop), 0, stopSignals.pause),
  });
  expect(record.error).toBeNull();
  return runFolder;
}

const distance = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);

describe.each([
  ["rectifiers", {}],
  ["scaled rectifiers", { pretraining: { strategy: "scaled", epochs: 80, learningRate: 0.05 } }],
  ["tanh", { network: { hidden: [40, 30], activation: "tanh" }, pretraining: { epochs: 40, learningRate: 0.05 } }],
] as [string, Partial<ExperimentInput>][])("%s", (name, change) => {
  it("reconstruct what they were corrupted from, through every layer", async () => {
    const runFolder = await run(name, change);
    for (const layer of [1, 2]) {
      const { examples, imageShape, layers } = await reconstructExamples(
        runFolder,
        { layer, set: "valid", examples: all, seed: 1 },
        places,
      );
      expect([examples.length, imageShape, layers]).toEqual([48, [6, 6], 2]);
      let [denoised, masked, blurred] = [0, 0, 0];
      const mean = examples[0]!.original.map((_, i) =>
        examples.reduce((sum, { original }) => sum + original[i]! / 48, 0),
      );
      for (const { original, corrupted, reconstructed } of examples) {
        denoised += distance(original, reconstructed);
        masked += distance(original, corrupted);
        blurred += distance(original, mean);
      }
      // better than the mean of all examples; the first layer also better than what it was given
      expect(denoised).toBeLessThan(blurred);
      if (layer === 1) expect(denoised).toBeLessThan(masked);
    }
  });
});

it("agrees with what the run measured", async () => {
  const runFolder = await run("agrees", { pretraining: { epochs: 5, learningRate: 0.02, noise: "none" } });
  const { pretraining } = await readRun(runFolder);
  const last = pretraining.findLast(
    (line): line is ReconstructionLine => line.kind === "reconstruction" && line.layer === 1,
  );
  const request = { layer: 1, set: "valid" as const, examples: all, seed: 1 };
  const { examples } = await reconstructExamples(runFolder, request, places);
  const loss = examples.reduce((sum, { original, reconstructed }) => sum + distance(original, reconstructed) / 48, 0);
  expect(loss).toBeCloseTo(last!.cleanLoss, 3);
});

it("is there while the run is still pre-training, of the layers so far", async () => {
  const runFolder = await run("half", { pretraining: { strategy: "scaled", epochs: 40, learningRate: 0.05 } }, 30 * 25);
  const request = { layer: 2, set: "train" as const, examples: [0, 5, 10_000, -1], seed: 1 };
  const early = await reconstructExamples(runFolder, request, places);
  expect([early.layer, early.layers, early.examples.map(({ example }) => example)]).toEqual([1, 1, [0, 5]]);
  const [one] = early.examples;
  expect(distance(one!.original, one!.reconstructed)).toBeLessThan(
    distance(
      one!.original,
      one!.original.map(() => 0),
    ),
  );
  // the same seed shows the same
  expect(await reconstructExamples(runFolder, request, places)).toEqual(early);
});

it("says so where a run has no pre-training", async () => {
  const runFolder = await run("without", { pretraining: undefined, training: { learningRate: 0.1, epochs: 1 } });
  const request = { layer: 1, set: "valid" as const, examples: [0], seed: 1 };
  await expect(reconstructExamples(runFolder, request, places)).rejects.toThrow(/has no decoders/);
});
