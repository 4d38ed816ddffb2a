import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EvalLine, RunRecord, TrainLine } from "../../common/run.js";
import { readEvaluations, readLimits, readRun, readRunRecord } from "./readRun.js";
import { RunFolderError } from "./runFolderError.js";

vi.setConfig({ testTimeout: 60_000 }); // busy machines

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rectiscope-run-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const progress = {
  step: 1,
  totalSteps: 2,
  epoch: 1,
  epochs: 2,
  samplesPerSecond: 3,
  remainingSeconds: null,
  trainingSeconds: 10,
  trainingExamples: 1000,
  seconds: 12,
};

const record = (change: Partial<RunRecord> = {}): RunRecord => ({
  version: 1,
  id: "a",
  name: "quick",
  source: "rectiscope 0.1.0",
  state: "finished",
  created: "2026-01-01T00:00:00.000Z",
  heartbeat: "2026-01-01T00:00:10.000Z",
  ended: null,
  configFile: null,
  config: null,
  layers: [{ layer: 1, inputs: 784, units: 10, activation: "rectifier", signs: "half" }],
  dataset: null,
  seed: 1,
  versions: { rectiscope: "0.1.0", kernels: "x", node: "20" },
  host: { platform: "linux", arch: "x64", cpus: 2, threads: 1 },
  progress,
  summary: null,
  error: null,
  ...change,
});

const train = (step: number): TrainLine => ({
  kind: "train",
  step,
  epoch: step / 10,
  set: "train",
  n: 10,
  loss: 1,
  error: 0.5,
  layers: [{ sparsity: 0.5, gradientNorm: 1 }],
});

const evaluation = (step: number): EvalLine => ({
  kind: "eval",
  step,
  epoch: step / 10,
  set: "valid",
  n: 10,
  loss: 1,
  error: 0.5,
  layers: [
    {
      sparsity: null,
      nearZero: 0.1,
      dead: null,
      dying: null,
      dormant: 1,
      rare: null,
      alwaysOn: null,
      activeUnits: null,
      meanActivation: -0.1,
      weightNorm: 10,
      gradientNorm: 0.2,
      updateRatio: 0.0006,
    },
  ],
});

const writeRecord = (run: unknown) => writeFile(path.join(folder, "run.json"), JSON.stringify(run));
const writeMetrics = (text: string | Buffer) => writeFile(path.join(folder, "metrics.jsonl"), text);
const lines = (...all: unknown[]) => all.map((line) => `${JSON.stringify(line)}\n`).join("");

async function failure(reading: Promise<unknown>): Promise<RunFolderError> {
  const error = await reading.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(RunFolderError);
  expect(error.message).toContain(folder);
  return error;
}

it("reads the phases of a run that has several, and none of one that names none", async () => {
  const phases = [
    { name: "pre-training, layer 1", step: 0, epoch: 0 },
    { name: "training", step: 500, epoch: 10 },
  ];
  const file = path.join(folder, "run.json");
  await writeFile(file, JSON.stringify(record({ phases })));
  expect((await readRunRecord(folder)).phases).toEqual(phases);
  await writeFile(file, JSON.stringify(record()));
  expect((await readRunRecord(folder)).phases).toBeUndefined();
  await writeFile(file, JSON.stringify({ ...record(), phases: [{ name: "training" }] }));
  await expect(readRunRecord(folder)).rejects.toThrow(/run\.json is not a run's record: phases\.0\.step/);
});

describe("readRunRecord", () => {
  it("reads what was written, and ignores what it does not know", async () => {
    await writeRecord({ ...record(), more: 1, progress: { ...progress, extra: 2 } });
    expect(await readRunRecord(folder)).toEqual(record());
  });

  it("takes a run without a heartbeat for interrupted after 15 s", async () => {
    await writeRecord(record({ state: "running" }));
    const heartbeat = Date.parse(record().heartbeat);
    expect((await readRunRecord(folder, heartbeat + 15_000)).state).toBe("running");
    expect((await readRunRecord(folder, heartbeat - 5_000)).state).toBe("running");
    expect((await readRunRecord(folder, heartbeat + 15_001)).state).toBe("interrupted");
    await writeRecord(record({ state: "running", heartbeat: "soon" }));
    expect((await readRunRecord(folder)).state).toBe("interrupted");
    await writeRecord(record());
    expect((await readRunRecord(folder)).state).toBe("finished");
  });

  it("keeps a config of ours, without keys it does not know, and no other", async () => {
    const config = {
      dataset: { name: "mnist", moreover: 1 },
      network: { hidden: [5] },
      training: { learningRate: 1, epochs: 1 },
      later: {},
    };
    await writeRecord({ ...record(), config });
    const read = await readRunRecord(folder);
    expect(read.config).toMatchObject({ dataset: { name: "mnist" }, network: { hidden: [5] }, seed: 1 });
    expect(read.config).not.toHaveProperty("later");
    await writeRecord({ ...record(), config: { lr: 0.1, ["__proto__"]: { a: 1 } } });
    expect((await readRunRecord(folder)).config).toBeNull();
  });

  it("says what is wrong", async () => {
    expect((await failure(readRunRecord(folder))).code).toBe("notARun");
    expect((await failure(readRunRecord(path.join(folder, "no")))).code).toBe("notARun");
    await writeFile(path.join(folder, "run.json"), '{"version": 1, ');
    expect((await failure(readRunRecord(folder))).code).toBe("damaged");
    await writeRecord({ ...record(), version: 2 });
    expect(await failure(readRunRecord(folder))).toMatchObject({ code: "newerVersion", message: /version 2.*newer/ });
    for (const wrong of [null, [], 3, { version: 1 }, { ...record(), layers: [{ layer: "x" }] }]) {
      await writeRecord(wrong);
      expect((await failure(readRunRecord(folder))).code).toBe("damaged");
    }
    await writeRecord({ ...record(), state: "exploded" });
    expect((await failure(readRunRecord(folder))).message).toMatch(/state/);
    await truncate(path.join(folder, "run.json"), readLimits.recordBytes + 1);
    expect((await failure(readRunRecord(folder))).code).toBe("tooLarge");
  });

  it("does not wait for a named pipe", async ({ skip }) => {
    const made = spawnSync("mkfifo", [path.join(folder, "run.json")]);
    if (made.status !== 0) skip("mkfifo is not available");
    expect((await failure(readRunRecord(folder))).code).toBe("notARun");
  });
});

describe("readRun", () => {
  it("reads all lines", async () => {
    await writeRecord(record());
    const { layers, ...rest } = evaluation(1);
    const pretrain = { ...rest, kind: "pretrain", layer: 1, set: "train", sparsity: null, gradientNorm: 0.5 };
    const reconstruction = { ...rest, kind: "reconstruction", layer: 1, cleanLoss: 0.5, figures: layers[0] };
    const damaged = { ...reconstruction, layer: 0 };
    await writeMetrics(lines(pretrain, reconstruction, damaged, train(1), evaluation(1), train(2)));
    const { error: _, ...shared } = rest;
    expect(await readRun(folder)).toEqual({
      run: record(),
      train: [train(1), train(2)],
      evaluations: [evaluation(1)],
      pretraining: [
        { ...shared, kind: "pretrain", layer: 1, set: "train", sparsity: null, gradientNorm: 0.5 },
        { ...shared, kind: "reconstruction", layer: 1, cleanLoss: 0.5, figures: layers[0] },
      ],
      revivals: [],
      skippedLines: 1,
    });
  });

  it("has none without metrics.jsonl", async () => {
    await writeRecord(record());
    expect(await readRun(folder)).toMatchObject({ train: [], evaluations: [] });
    expect(await readEvaluations(folder)).toEqual([]);
  });

  it("readEvaluations reads these alone", async () => {
    await writeMetrics(`${lines(train(1), evaluation(1), train(2), evaluation(2))}{"kind": "eval", "damaged": 1}\n`);
    expect(await readEvaluations(folder)).toEqual([evaluation(1), evaluation(2)]);
  });

  it("leaves out a line that is still being written, and counts damaged ones", async () => {
    await writeRecord(record());
    await writeMetrics(`${lines(train(1))}{"kind": "train"}\nnull\n\n"x"\n{"kind\n${lines(train(2))}`);
    await appendFile(path.join(folder, "metrics.jsonl"), JSON.stringify(train(3)));
    const { train: read, skippedLines } = await readRun(folder);
    expect(read.map(({ step }) => step)).toEqual([1, 2]);
    expect(skippedLines).toBe(4);
  });

  it("reads lines across chunk borders, with letters of several bytes", async () => {
    await writeRecord(record());
    const padded = Array.from({ length: 200 }, (_, step) => ({ ...train(step), note: "½é😀".repeat(step * 7) }));
    await writeMetrics(lines(...padded));
    const { train: read, skippedLines } = await readRun(folder);
    expect(read).toEqual(padded.map(({ step }) => train(step)));
    expect(skippedLines).toBe(0);
  });

  it("turns down an endless line and an endless file, without reading them whole", async () => {
    await writeRecord(record());
    await writeMetrics(Buffer.alloc(readLimits.lineBytes + 2 * 65536, "x"));
    expect((await failure(readRun(folder))).code).toBe("tooLarge");
    await writeMetrics("\n".repeat(10));
    await truncate(path.join(folder, "metrics.jsonl"), 2 ** 40);
    expect((await failure(readRun(folder))).code).toBe("tooLarge");
  });

  it("leaves room for other work while it reads 10,000 lines of 16 layers", async () => {
    await writeRecord(record());
    const layers = Array.from({ length: 16 }, () => ({ sparsity: 0.123456789, gradientNorm: 1.23456789 }));
    await writeMetrics(lines(...Array.from({ length: 10_000 }, (_, step) => ({ ...train(step), layers }))));
    const turns: number[] = [];
    let last = performance.now();
    const timer = setInterval(() => {
      turns.push(performance.now() - last);
      last = performance.now();
    }, 1);
    const { train: read } = await readRun(folder);
    clearInterval(timer);
    expect(read).toHaveLength(10_000);
    // Not the longest: on a busy machine that one tells about the machine.
    const typical = turns.sort((a, b) => a - b)[Math.floor(turns.length * 0.9)];
    expect(typical).toBeLessThan(30);
  });
});
