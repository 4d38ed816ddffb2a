import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/registry.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { readPretrainingUnits } from "../runs/pretrainingUnits.js";
import { readRun } from "../runs/readRun.js";
import { runExperiment } from "../runs/runExperiment.js";
import { keepExamples } from "./examples.js";
import { readPictures } from "./readPictures.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-pictures-"));
const configFile = path.join(folder, "stripes.rectiscope.json");
const places = { configFolder: folder, dataFolders: [], assets: dist };
let dataset: Dataset;

beforeAll(async () => {
  writeStripes(path.join(folder, "data"));
  dataset = await loadDataset(experimentOf({}).dataset, places);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function experimentOf(pretraining: ExperimentInput["pretraining"], network: object = {}) {
  const input: ExperimentInput = {
    dataset: { name: "idx", folder: "data", classes: 6 },
    network: { hidden: [24, 16], ...network },
    pretraining: { epochs: 2, learningRate: 0.02, batchSize: 20, l1: 0.0001, ...pretraining },
    training: { learningRate: 0.3, batchSize: 10, epochs: 1, l1: 0.0001 },
  };
  fs.writeFileSync(configFile, JSON.stringify(input));
  return experimentSchema.parse(input);
}

async function pretrained(name: string, ...given: Parameters<typeof experimentOf>): Promise<string> {
  const runFolder = path.join(folder, name);
  const stop = new SharedArrayBuffer(4);
  const input: WorkerInput = { configFile, runFolder, dataFolders: [], assets: dist, version: "test", stop } as never;
  const record = await runExperiment({ ...input, experiment: experimentOf(...given) }, {});
  expect(record).toMatchObject({ state: "finished", error: null });
  return runFolder;
}

describe.each([
  ["rectifiers with softplus decoders", {}, {}],
  ["rectifiers with linear decoders and no signs", { strategy: "linear" }, { signs: "none" }],
  ["tied weights", { tied: true }, {}],
] as const)("%s", (name, pretraining, network) => {
  let runFolder: string;
  beforeAll(async () => {
    runFolder = await pretrained(name.replaceAll(" ", "-"), pretraining, network);
  });

  test("a deeper layer gives back what the layers below made of it", () => {
    const { strips } = readPictures(runFolder, 0)!.examples;
    expect(strips.map(({ layer }) => layer)).toEqual([0, null, 1, 2]);
    const [original, corrupted, first, second] = strips.map(({ error }) => error) as [number, number, number, number];
    expect(original).toBe(0);
    // two epochs are few, but what comes back has to be nearer than an empty image
    const empty = meanSquare(readExamplesOf(runFolder));
    expect(Math.max(corrupted, first, second)).toBeLessThan(empty);
  });
});

describe("a run's pictures", () => {
  let runFolder: string;
  beforeAll(async () => {
    runFolder = await pretrained("pictures", {});
  });

  test("come from the folder alone: one example of each class, and the filters as the checkpoint has them", () => {
    const { rows, columns, filters, examples } = readPictures(runFolder, 20)!;
    expect([rows, columns, examples.n]).toEqual([6, 6, 10]);
    expect([filters.units, filters.from, filters.largest.length]).toEqual([24, 20, 4]);
    const { tensors } = decodeSafetensors(fs.readFileSync(path.join(runFolder, "checkpoints/pretrained.safetensors")));
    const weights = tensors["layer1.weights"]!.data as Float32Array;
    const of = (unit: number) => Array.from({ length: 36 }, (_, i) => weights[i * 24 + unit]!);
    const values = new Int8Array(filters.values);
    filters.largest.forEach((largest, f) => {
      expect(largest).toBe(Math.max(...of(20 + f).map(Math.abs)));
      of(20 + f).forEach((weight, i) => {
        expect(Math.abs(values[f * 36 + i]! / 127 - weight / largest)).toBeLessThan(0.005);
      });
    });
    expect(readPictures(runFolder, 24)!.filters.largest).toEqual([]);
  });

  test("the same noise is shown every time", () => {
    const corrupted = () => Buffer.from(readPictures(runFolder, 0)!.examples.strips[1]!.values);
    expect(corrupted().equals(corrupted())).toBe(true);
  });

  test("units are kept for each measurement, and agree with its figures", async () => {
    const lines = (await readRun(runFolder)).pretraining.filter((line) => line.kind === "reconstruction");
    expect(lines).toHaveLength(6);
    for (const { layer, step, figures, n } of lines) {
      const units = (await readPretrainingUnits(runFolder, layer, step))[layer - 1]!;
      const frequencies = Array.from(units.firingFrequency);
      expect(frequencies).toHaveLength([24, 16][layer - 1]!);
      expect(frequencies.filter((share) => share === 0)).toHaveLength(figures.dead!);
      expect(1 - frequencies.reduce((a, b) => a + b, 0) / frequencies.length).toBeCloseTo(figures.sparsity!, 5);
      expect(Array.from(units.activeUnits).reduce((a, b) => a + b, 0)).toBe(n);
      expect(Math.max(...Array.from(units.lastFiredStep))).toBeLessThanOrEqual(step);
    }
    await expect(readPretrainingUnits(runFolder, 1, 7)).rejects.toThrow("is missing");
  });

  test("what is damaged is named", () => {
    const file = path.join(runFolder, "pretraining/examples.safetensors");
    const bytes = fs.readFileSync(file);
    fs.writeFileSync(file, bytes.subarray(0, 40));
    expect(() => readPictures(runFolder, 0)).toThrow(/examples\.safetensors is damaged/);
    fs.rmSync(file);
    expect(readPictures(runFolder, 0)).toBeNull();
  });

  test("of what is no image, nothing is kept", () => {
    const empty = fs.mkdtempSync(path.join(folder, "text-"));
    keepExamples(empty, { ...dataset, imageShape: null });
    expect(fs.readdirSync(empty)).toEqual([]);
    expect(readPictures(empty, 0)).toBeNull();
  });
});

function readExamplesOf(runFolder: string): Float32Array {
  const bytes = fs.readFileSync(path.join(runFolder, "pretraining/examples.safetensors"));
  return decodeSafetensors(bytes).tensors.examples!.data as Float32Array;
}

function meanSquare(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
}
