/** Runs with pre-training: their phases, lines and files, and that they go on to the same bits from wherever they stopped. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { type Experiment, type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import { stopSignals, type WorkerInput } from "../../common/messages.js";
import { isPretrainingLine, type MetricsLine, type PretrainingLine, type RunRecord } from "../../common/run.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { readRun } from "./readRun.js";
import type { RunListeners } from "./run.js";
import { runExperiment } from "./runExperiment.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-pretraining-"));
const configFile = path.join(folder, "stripes.rectiscope.json");
/** 13 steps an epoch in pre-training (242 examples in batches of 20), 25 in the training. */
const input: ExperimentInput = {
  dataset: { name: "idx", folder: "data", classes: 6 },
  network: { hidden: [24, 16] },
  pretraining: { epochs: [3, 2], learningRate: 0.02, batchSize: 20, l1: 0.0001 },
  training: { learningRate: 0.3, batchSize: 10, epochs: 3, l1: 0.0001 },
  evaluation: { everySteps: 9 },
};
const experiment = experimentSchema.parse(input);
const whole = path.join(folder, "whole");
let record: RunRecord;
beforeAll(async () => {
  writeStripes(path.join(folder, "data"));
  fs.writeFileSync(configFile, JSON.stringify(input));
  record = await start(whole);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("a run with pre-training", () => {
  test("goes through its phases, with steps and epochs that count on", async () => {
    expect(record).toMatchObject({ state: "finished", error: null });
    expect(record.phases).toEqual([
      { name: "pre-training, layer 1", step: 0, epoch: 0 },
      { name: "pre-training, layer 2", step: 39, epoch: 3 },
      { name: "training", step: 65, epoch: 5 },
    ]);
    expect(record.progress).toMatchObject({ step: 140, totalSteps: 140, epoch: 8, epochs: 8 });
    expect(record.summary).toMatchObject({ epochs: 3 });
    const lines = linesOf(whole);
    const told = lines.filter(({ set }) => set !== "test");
    for (let k = 1; k < told.length; k++) {
      expect(told[k]!.step).toBeGreaterThanOrEqual(told[k - 1]!.step);
      expect(told[k]!.epoch).toBeGreaterThanOrEqual(told[k - 1]!.epoch);
    }
    expect(told.findLastIndex(isPretrainingLine)).toBeLessThan(told.findIndex((line) => !isPretrainingLine(line)));
    const { train, evaluations, pretraining, skippedLines } = await readRun(whole);
    expect(skippedLines).toBe(0);
    expect(train.map(({ step }) => step)).toEqual(Array.from({ length: 75 }, (_, k) => 66 + k));
    expect(evaluations[0]).toMatchObject({ set: "valid", step: 65, epoch: 5 });
    expect(evaluations.at(-1)).toMatchObject({ set: "test", step: record.summary!.bestStep });
    const reconstructions = pretraining.filter(({ kind }) => kind === "reconstruction");
    expect(reconstructions.map(({ layer, step, epoch }) => [layer, step, epoch])).toEqual([
      ...[0, 13, 26, 39].map((step) => [1, step, step / 13]),
      ...[39, 52, 65].map((step) => [2, step, step / 13]),
    ]);
    expect(pretraining.filter(({ kind }) => kind === "pretrain")).toHaveLength(65);
  });

  test("learns to reconstruct, and says so in the summary", async () => {
    for (const layer of [1, 2]) {
      const losses = reconstructionsOf(whole, layer);
      expect(losses.at(-1)!.loss).toBeLessThan(losses[0]!.loss);
      expect(losses.at(-1)!.cleanLoss).toBeLessThan(losses.at(-1)!.loss);
      expect(losses.at(-1)!.figures.sparsity).toBeGreaterThan(0);
      expect(record.summary?.reconstruction?.layers[layer - 1]).toBe(losses.at(-1)!.loss);
    }
    const { layers = [], mean } = record.summary?.reconstruction ?? {};
    expect(mean).toBeCloseTo((layers[0]! + layers[1]!) / 2, 10);
    expect(record.config?.pretraining).toMatchObject({
      strategy: ["softplus", "softplus"],
      noise: ["masking", "masking"],
      corruption: [0.25, 0.25],
      epochs: [3, 2],
      l1: [0.0001, 0.0001],
    });
  });

  test("keeps the pre-trained layers, with which the training begins", async () => {
    const { tensors, metadata } = checkpoint(whole, "pretrained");
    expect(metadata.sizes).toBe("36,24,16");
    expect(Object.keys(tensors).sort()).toEqual(
      [1, 2]
        .flatMap((k) =>
          ["biases", "decoderBiases", "decoderWeights", "signs", "weights"].map((name) => `layer${k}.${name}`),
        )
        .sort(),
    );
    // a rate so small that single precision does not see it
    const still = path.join(folder, "still");
    await start(
      still,
      {},
      { experiment: { ...experiment, training: { ...experiment.training, learningRate: 1e-30 } } },
    );
    expect(bytes(still, "pretrained").equals(bytes(whole, "pretrained"))).toBe(true);
    for (const name of ["layer1.weights", "layer1.biases", "layer2.weights", "layer2.signs"])
      expect(checkpoint(still, "last").tensors[name]?.data).toEqual(tensors[name]?.data);
  });

  test("without any training epochs ends with its pre-training, measured", async () => {
    const only = path.join(folder, "only");
    const { summary, state, progress } = await start(
      only,
      {},
      { experiment: { ...experiment, training: { ...experiment.training, epochs: 0 } } },
    );
    expect(state).toBe("finished");
    expect(summary).toMatchObject({ epochs: 0, bestStep: 65, bestEpoch: 5 });
    expect(progress).toMatchObject({ step: 65, totalSteps: 65, epochs: 5 });
    expect(bytes(only, "pretrained").equals(bytes(whole, "pretrained"))).toBe(true);
  });

  test("of fewer layers leaves the others as they began", async () => {
    const one = path.join(folder, "one");
    const pretraining = { ...experiment.pretraining!, layers: 1 };
    await start(one, {}, { experiment: { ...experiment, pretraining } });
    expect(checkpoint(one, "pretrained").metadata.sizes).toBe("36,24");
    expect(checkpoint(one, "pretrained").tensors["layer1.weights"]?.data).toEqual(
      checkpoint(whole, "pretrained").tensors["layer1.weights"]?.data,
    );
    const none = await start(
      path.join(folder, "none"),
      {},
      { experiment: { ...experiment, pretraining: { ...pretraining, layers: 0 } } },
    );
    expect(none.phases).toBeUndefined();
    expect(none.summary?.reconstruction).toBeUndefined();
  });

  test("tells its listeners as it goes: phases, and every line once", async () => {
    const told: PretrainingLine[] = [];
    const phases: number[] = [];
    await start(path.join(folder, "told"), {
      phase: (begun) => phases.push(begun.length),
      pretraining: (lines) => told.push(...lines),
    });
    expect(phases).toEqual([1, 2, 3]);
    expect(told).toEqual(linesOf(whole).filter(isPretrainingLine));
  });
});

test("the same bytes for any number of threads, and whenever it is saved", async () => {
  const several = path.join(folder, "threads");
  await start(several, {}, { threads: 3 });
  expectSameFiles(several);
  const eager = path.join(folder, "eager");
  await runExperiment(inputOf(eager), {}, { saveMs: -1 });
  expectSameFiles(eager);
});

const variants: [string, ExperimentInput["pretraining"], ExperimentInput["network"]][] = [
  ["scaled", { strategy: "scaled" }, { hidden: [24, 16] }],
  ["scaled softplus", { strategy: "scaled" }, { hidden: [24, 16], activation: "softplus" }],
  ["tied", { tied: true, noise: ["masking", "saltAndPepper"] }, { hidden: [24, 16] }],
  ["tanh", {}, { hidden: [24, 16], activation: "tanh" }],
  ["logistic", {}, { hidden: [24, 16], activation: "logistic" }],
  ["linear, before the rectifier", { strategy: "linear", target: "preActivation" }, { hidden: [24, 16, 12] }],
  ["linear, masked", { strategy: "linear", target: "masked" }, { hidden: [24, 16], signs: "random" }],
  ["rectifier", { strategy: "rectifier", noise: "none" }, { hidden: [24, 16] }],
];

describe.each(variants)("%s", (name, pretraining, network) => {
  const base = name.replace(/\W+/g, "-");
  const other = experimentSchema.parse({
    ...input,
    network,
    pretraining: { epochs: 4, learningRate: 0.02, batchSize: 20, ...pretraining },
    training: { ...input.training, epochs: 1 },
  });
  test("learns, and stopped anywhere and resumed it ends in the same bytes", async () => {
    const undisturbed = path.join(folder, `${base}-whole`);
    const { state, error } = await start(undisturbed, {}, { experiment: other });
    expect(error).toBeNull();
    expect(state).toBe("finished");
    network.hidden.forEach((_, l) => {
      const losses = reconstructionsOf(undisturbed, l + 1);
      expect(losses.at(-1)!.loss, `layer ${l + 1}`).toBeLessThan(losses[0]!.loss);
    });
    const runFolder = path.join(folder, `${base}-stopped`);
    const stops = [0, 13, 39, 52, 65, 104, 110];
    for (const [k, step] of stops.entries()) {
      const ended = await stopAfter(runFolder, step, k % 2 ? "stop" : "pause", k > 0, other);
      expect(["stopped", "paused", "finished"]).toContain(ended.state);
      if (ended.state === "finished") break;
    }
    if ((JSON.parse(fs.readFileSync(path.join(runFolder, "run.json"), "utf8")) as RunRecord).state !== "finished")
      expect((await start(runFolder, {}, { experiment: other, resume: true })).state).toBe("finished");
    expectSameFiles(runFolder, undisturbed);
  });
});

test.each([0.2, 0.5, 0.8])(
  "killed at about %d of its time, it goes on from its last checkpoint to the same bytes",
  async (share) => {
    const long = path.join(folder, "long.rectiscope.json");
    const config = {
      ...input,
      pretraining: { ...input.pretraining, epochs: 60 },
      training: { ...input.training, epochs: 60 },
    };
    fs.writeFileSync(long, JSON.stringify({ ...config, evaluation: { everySteps: 100 } }));
    const cli = [path.join(dist, "cli.js"), "train", "--json"];
    const undisturbed = path.join(folder, "long-whole");
    if (!fs.existsSync(undisturbed)) spawnSync(process.execPath, [...cli, long, "--out", undisturbed]);
    const { progress } = JSON.parse(fs.readFileSync(path.join(undisturbed, "run.json"), "utf8")) as RunRecord;
    const runFolder = path.join(folder, `killed-${share}`);
    const child = spawn(process.execPath, [...cli, long, "--out", runFolder], { stdio: "ignore" });
    const stepOf = () => {
      try {
        return (JSON.parse(fs.readFileSync(path.join(runFolder, "run.json"), "utf8")) as RunRecord).progress.step;
      } catch {
        return 0;
      }
    };
    while (child.exitCode === null && stepOf() < share * progress.totalSteps) await sleep(5);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const { state } = JSON.parse(fs.readFileSync(path.join(runFolder, "run.json"), "utf8")) as RunRecord;
    if (state !== "finished") {
      const resumed = spawnSync(process.execPath, [...cli, "--resume", runFolder], { encoding: "utf8" });
      expect(resumed.status, resumed.stderr).toBe(0);
    }
    expectSameFiles(runFolder, undisturbed);
  },
);

test("a reconstruction that is not finite fails the run, and names the key", async () => {
  const pretraining = { ...experiment.pretraining!, strategy: "linear" as const, learningRate: 90 };
  const failed = await start(path.join(folder, "overflow"), {}, { experiment: { ...experiment, pretraining } });
  expect(failed.state).toBe("failed");
  expect(failed.error).toMatchObject({ code: "nonFinite", key: "pretraining.learningRate", layer: 1 });
  expect(failed.error?.message).toMatch(/reconstruction of layer 1 .* at step \d+.*Lower pretraining\.learningRate/);
});

test("a folder that is deleted under the pre-training is made again, and the run goes on from there", async () => {
  const runFolder = path.join(folder, "gone");
  let deleted = false;
  const ended = await start(runFolder, {
    pretraining: (lines) => {
      if (deleted || (lines.at(-1)?.step ?? 0) < 45) return;
      deleted = true;
      fs.rmSync(runFolder, { recursive: true });
    },
  });
  expect(ended).toMatchObject({ state: "paused", error: { code: "deleted" } });
  expect((await start(runFolder, {}, { resume: true })).state).toBe("finished");
  for (const name of ["last", "best", "pretrained"] as const)
    expect(bytes(runFolder, name).equals(bytes(whole, name)), name).toBe(true);
});

function reconstructionsOf(runFolder: string, layer: number) {
  return linesOf(runFolder).flatMap((line) => (line.kind === "reconstruction" && line.layer === layer ? [line] : []));
}

function linesOf(runFolder: string): MetricsLine[] {
  const text = fs.readFileSync(path.join(runFolder, "metrics.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function bytes(runFolder: string, name: "last" | "best" | "pretrained"): Buffer {
  return fs.readFileSync(path.join(runFolder, `checkpoints/${name}.safetensors`));
}

function checkpoint(runFolder: string, name: "last" | "best" | "pretrained") {
  return decodeSafetensors(bytes(runFolder, name));
}

function expectSameFiles(runFolder: string, like = whole): void {
  const files = fs.readdirSync(path.join(like, "units")).map((name) => `units/${name}`);
  const checkpoints = ["best", "last", "pretrained"].map((name) => `checkpoints/${name}.safetensors`);
  for (const file of ["metrics.jsonl", ...checkpoints, ...files]) {
    const [expected, found] = [like, runFolder].map((run) => fs.readFileSync(path.join(run, file)));
    expect(found!.equals(expected!), file).toBe(true);
  }
}

/** Runs until something has been measured at `step` or later, and then asks it to stop or pause. */
function stopAfter(
  runFolder: string,
  step: number,
  how: "stop" | "pause",
  resume: boolean,
  experiment: Experiment,
): Promise<RunRecord> {
  const stop = new SharedArrayBuffer(4);
  const ask = (at: number) => {
    if (at >= step) Atomics.store(new Int32Array(stop), 0, stopSignals[how]);
  };
  const listeners: RunListeners = {
    evaluation: (line) => line.set === "valid" && ask(line.step),
    pretraining: (lines) => lines.some(({ kind, step: at }) => kind === "reconstruction" && at >= step) && ask(step),
  };
  return start(runFolder, listeners, { stop, resume, experiment });
}

function start(runFolder: string, listeners: RunListeners = {}, change: Partial<WorkerInput> = {}): Promise<RunRecord> {
  return runExperiment({ ...inputOf(runFolder), ...change }, listeners);
}

function inputOf(runFolder: string): WorkerInput {
  const stop = new SharedArrayBuffer(4);
  return { configFile, experiment, runFolder, dataFolders: [], assets: dist, version: "0.0.0", stop };
}
