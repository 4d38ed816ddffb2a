/** A run from config to summary, and the folder that it leaves. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import type { MetricsLine, RunRecord } from "../../common/run.js";
import { packUnits, unpackUnits } from "../../common/unitFrames.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { readUnits } from "./readUnits.js";
import type { RunListeners } from "./run.js";
import { runExperiment } from "./runExperiment.js";
import { newRunFolder } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-run-"));
const configFile = path.join(folder, "stripes.rectiscope.json");
beforeAll(() => writeStripes(path.join(folder, "data")));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test("the folder holds what docs/run-folder.md says, and the figures agree with each other", async () => {
  const frames: number[] = [];
  const run = await start({}, { frame: (lines) => frames.push(...lines.map((line) => line.step)) });
  expect(run.state).toBe("finished");
  const at = (...names: string[]) => path.join(runFolderOf(run), ...names);
  expect(JSON.parse(fs.readFileSync(at("run.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(run)));
  expect(fs.readFileSync(path.join(folder, ".rectiscope", ".gitignore"), "utf8")).toBe("*\n");
  expect(run.configFile && path.resolve(runFolderOf(run), run.configFile)).toBe(configFile);
  expect(run.config?.network.signs).toBe("half");
  expect(run.layers.map(({ inputs, units }) => [inputs, units])).toEqual([
    [36, 24],
    [24, 16],
    [16, 6],
  ]);

  const lines = linesOf(run);
  const evaluations = lines.filter((line) => line.kind === "eval");
  expect(frames).toEqual(lines.filter((line) => line.kind === "train").map((line) => line.step));
  expect(evaluations.map(({ set, step }) => [set, step])).toEqual([
    ["valid", 0],
    ["valid", 13],
    ["valid", 26],
    ["valid", 39],
    ["test", run.summary!.bestStep],
  ]);
  const valid = evaluations.filter((line) => line.set === "valid");
  const best = valid.find((line) => line.error === Math.min(...valid.map(({ error }) => error)))!;
  expect(run.summary).toMatchObject({
    bestStep: best.step,
    epochs: 3,
    valid: { set: "valid", n: 48, error: best.error, loss: best.loss },
    test: { set: "test", n: 40 },
    sparsity: { set: "valid", n: 48, layers: best.layers.map((layer) => layer.sparsity) },
    dead: { layers: best.layers.map((layer) => layer.dead) },
  });

  const units = decodeSafetensors(fs.readFileSync(at("units", `${best.step}.safetensors`)));
  expect(units.metadata).toMatchObject({ set: "valid", n: "48", step: String(best.step) });
  const frequency = units.tensors["layer2.firingFrequency"]!.data as Float32Array;
  expect(frequency.filter((f) => f === 0)).toHaveLength(best.layers[1]!.dead!);
  expect(1 - frequency.reduce((sum, f) => sum + f, 0) / 16).toBeCloseTo(best.layers[1]!.sparsity!, 6);

  const read = await readUnits(runFolderOf(run), best.step);
  expect(read.map((layer) => layer.firingFrequency.length)).toEqual([24, 16]);
  expect(read[1]!.firingFrequency).toEqual(frequency);
  expect(Array.from(read[1]!.activeUnits).reduce((sum, examples) => sum + examples, 0)).toBe(48);
  expect(unpackUnits(packUnits(read))[0]!.lastFiredStep).toEqual(Float64Array.from(Array.from(read[0]!.lastFiredStep)));
  await expect(readUnits(runFolderOf(run), 7)).rejects.toThrow(/no record of the units at step 7/);

  const checkpoint = decodeSafetensors(fs.readFileSync(at("checkpoints", "best.safetensors")));
  expect(checkpoint.metadata).toMatchObject({ step: String(best.step), sizes: "36,24,16,6", activation: "rectifier" });
  expect(checkpoint.tensors["layer1.weights"]!.shape).toEqual([36, 24]);
  expect(checkpoint.tensors["layer3.signs"]).toBeUndefined();
  const names = fs.readdirSync(runFolderOf(run), { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => name.includes(".tmp"))).toEqual([]);
});

test("the same seed leaves the same bytes", async () => {
  const [one, two] = [await start({}), await start({ threads: 2 })];
  for (const file of [
    "metrics.jsonl",
    "checkpoints/last.safetensors",
    "checkpoints/best.safetensors",
    "units/39.safetensors",
  ]) {
    const read = (run: RunRecord) => fs.readFileSync(path.join(runFolderOf(run), file));
    expect(read(one).equals(read(two))).toBe(true);
  }
});

test("a stopped run has its checkpoint, its summary, and says so", async () => {
  const stop = new SharedArrayBuffer(4);
  const ask = () => Atomics.store(new Int32Array(stop), 0, 1);
  const run = await start({ training: { learningRate: 0.1, epochs: 100_000 } }, { evaluation: ask }, { stop });
  expect(run.state).toBe("stopped");
  expect(run.summary?.test.n).toBe(40);
  expect(fs.existsSync(path.join(runFolderOf(run), "checkpoints", "last.safetensors"))).toBe(true);
});

test("units without exact zeros have no sparsity and no dead units: null, not 0", async () => {
  const run = await start({ network: { hidden: [8], activation: "tanh" } });
  expect(run.summary).toMatchObject({ sparsity: null, dead: null });
});

test("a loss that is not finite fails the run with its step and layer, and keeps the last good checkpoint", async () => {
  const run = await start({
    network: { hidden: [64, 64, 64, 64, 64, 64] },
    training: { learningRate: 10, batchSize: 20, epochs: 9 },
  });
  expect(run.state).toBe("failed");
  expect(run.error).toMatchObject({ code: "nonFinite", key: "training.learningRate" });
  expect(run.error!.message).toContain(`at step ${run.error!.step}`);
  const checkpoint = decodeSafetensors(fs.readFileSync(path.join(runFolderOf(run), "checkpoints", "best.safetensors")));
  expect(
    Object.values(checkpoint.tensors).every(({ data }) => Array.from(data as Float32Array).every(Number.isFinite)),
  ).toBe(true);
});

test("a folder that holds something is left alone", async () => {
  const runFolder = path.join(folder, "full");
  fs.mkdirSync(runFolder);
  fs.writeFileSync(path.join(runFolder, "thesis.txt"), "mine");
  await expect(start({}, {}, { runFolder })).rejects.toThrow(RunFolderError);
  expect(fs.readdirSync(runFolder)).toEqual(["thesis.txt"]);
});

test("a file in the way is named", async () => {
  const file = path.join(folder, "file");
  fs.writeFileSync(file, "");
  await expect(start({}, {}, { runFolder: path.join(file, "run") })).rejects.toThrow(/file is in its way/);
});

test("names of run folders sort by time and are plain", () => {
  const name = path.basename(newRunFolder(configFile, "Größe: α/β", new Date("2026-01-02T03:04:05Z")));
  expect(name).toMatch(/^2026-01-02T03-04-05-Gro-e-[0-9a-f]{4}$|^2026-01-02T03-04-05-Gr[\w-]*-[0-9a-f]{4}$/);
  expect(path.basename(newRunFolder(configFile, "../../.."))).toMatch(/-run-[0-9a-f]{4}$/);
});

function start(
  change: Partial<ExperimentInput>,
  listeners: RunListeners = {},
  input: Partial<WorkerInput> = {},
): Promise<RunRecord> {
  const experiment = experimentSchema.parse({
    dataset: { name: "idx", folder: "data", classes: 6 },
    network: { hidden: [24, 16] },
    training: { learningRate: 0.3, batchSize: 20, epochs: 3, l1: 0.0001 },
    ...change,
  });
  return runExperiment(
    {
      configFile,
      experiment,
      runFolder: newRunFolder(configFile, "stripes"),
      dataFolders: [],
      assets: dist,
      version: "0.0.0",
      stop: new SharedArrayBuffer(4),
      ...input,
    },
    listeners,
  );
}

function runFolderOf(run: RunRecord): string {
  return path.join(folder, ".rectiscope", "runs", run.id);
}

function linesOf(run: RunRecord): MetricsLine[] {
  const text = fs.readFileSync(path.join(runFolderOf(run), "metrics.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
