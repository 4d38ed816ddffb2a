/** Sweeps that pre-train once and train many times: with real runs. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import type { ExperimentInput } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import type { SweepRecord } from "../../common/sweepRecord.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { readRun } from "../runs/readRun.js";
import { runErrorOf } from "../runs/run.js";
import { checkpointFile } from "../runs/runCheckpoint.js";
import { runExperiment } from "../runs/runExperiment.js";
import { checkpointHash } from "../runs/warmStart.js";
import type { LaunchedTrial, Launcher, TrialTask } from "./launcher.js";
import { runSweep } from "./runSweep.js";
import { SweepControl } from "./sweepControl.js";
import { readSweep } from "./sweepFile.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-stages-"));
const configFile = path.join(folder, "s.sweep.rectiscope.json");
const base: ExperimentInput = {
  dataset: { name: "idx", folder: "data", classes: 6 },
  network: { hidden: [16, 12] },
  pretraining: { epochs: 2, batchSize: 20 },
  training: { learningRate: 0.3, batchSize: 20, epochs: 2 },
};
beforeAll(() => writeStripes(path.join(folder, "data")));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Trains in this process. */
class HereLauncher implements Launcher {
  readonly jobs = 1;
  readonly launched: TrialTask["input"][] = [];

  hasRoom(_: TrialTask, running: readonly TrialTask[]): boolean {
    return running.length === 0;
  }

  launch({ input }: TrialTask): LaunchedTrial {
    this.launched.push(input);
    const run = runExperiment({ ...input, stop: new SharedArrayBuffer(4) } as WorkerInput, {});
    const ended = run.then(
      ({ error }) => ({ error }),
      (error) => ({ error: runErrorOf(error) }),
    );
    return { ended, end: () => {}, kill: () => {} };
  }
}

async function sweep(rest: object, launcher = new HereLauncher(), name = "sweep"): Promise<SweepRecord> {
  const { plan, problems } = await readSweep(JSON.stringify({ base, ...rest }), configFile, async () => "");
  expect(problems).toEqual([]);
  const environment = { dataFolders: [], assets: dist, version: "0" };
  const task = { folder: path.join(folder, name), configFile, name: "s", sweep: plan!.sweep, base: plan!.base };
  return runSweep(task, launcher, new SweepControl(), environment);
}

const problemsOf = async (rest: object) =>
  (await readSweep(JSON.stringify({ base, ...rest }), configFile, async () => "")).problems;

describe("the paper's selection", () => {
  it("takes the rate of pre-training by reconstruction error, then that of training by validation error", async () => {
    const launcher = new HereLauncher();
    const record = await sweep(
      {
        stages: [
          {
            name: "pre-training",
            set: { "training.epochs": 0 },
            axes: { "pretraining.learningRate": [0.0001, 0.03] },
            select: { by: "reconstructionError" },
          },
          {
            name: "training",
            take: "selected",
            start: "pretrained",
            set: { "training.epochs": 2 },
            axes: { "training.learningRate": [0.3, 0.0001] },
            select: {},
          },
        ],
      },
      launcher,
      "paper",
    );
    expect(record.trials.map(({ error }) => error)).toEqual([null, null, null, null]);
    expect(record.state).toBe("finished");
    const [slow, fast] = record.trials;
    expect(fast!.result!.reconstruction!.mean).toBeLessThan(slow!.result!.reconstruction!.mean);
    expect(record.selections).toMatchObject([
      { stage: "pre-training", by: "reconstructionError", chosen: { "pretraining.learningRate": 0.03 } },
      { stage: "training", by: "validationError", chosen: { "training.learningRate": 0.3 } },
    ]);
    expect(record.selections[0]?.mean).toBe(fast!.result!.reconstruction!.mean);

    // pre-trained once: both trainings begin with the bits that it left, and have no phases of their own
    const parent = path.join(folder, "paper", "runs/0002");
    const { tensors } = decodeSafetensors(fs.readFileSync(checkpointFile(parent, "pretrained")));
    for (const number of [3, 4]) {
      const trial = record.trials[number - 1]!;
      expect(trial).toMatchObject({ parent: 2, params: { "pretraining.learningRate": 0.03 } });
      const { experiment } = launcher.launched[number - 1]!;
      expect(experiment.pretraining).toBeUndefined();
      expect(experiment.warmStart).toMatchObject({
        checkpoint: "pretrained",
        sha256: checkpointHash(parent, "pretrained"),
      });
      const { run, pretraining, evaluations } = await readRun(path.join(folder, "paper", trial.run));
      expect([run.phases, pretraining]).toEqual([undefined, []]);
      expect(evaluations[0]).toMatchObject({ step: 0, set: "valid" });
    }
    expect(tensors["layer2.weights"]?.shape).toEqual([16, 12]);
  });

  it("takes the paper's four rates where no axis names one", async () => {
    const { plan } = await readSweep(
      JSON.stringify({ base, select: { by: "reconstructionError" } }),
      configFile,
      async () => "",
    );
    expect(plan?.trials).toBe(4);
    expect(plan?.stages[0]?.select?.over).toEqual(["pretraining.learningRate"]);
  });
});

describe("nested stages", () => {
  it("pre-train once and train many times, from each seed's own pre-training", async () => {
    const launcher = new HereLauncher();
    const stages = [
      { name: "once", set: { "training.epochs": 0 }, seeds: 2 },
      {
        name: "many",
        take: "each",
        start: "pretrained",
        set: { "training.epochs": 1 },
        axes: { "training.l1": [0, 0.001] },
      },
    ];
    const record = await sweep({ stages }, launcher, "nested");
    expect(record.state).toBe("finished");
    expect(record.trials.map(({ parent, params }) => [parent, params])).toEqual([
      [null, { seed: 1 }],
      [null, { seed: 2 }],
      [1, { seed: 1, "training.l1": 0 }],
      [1, { seed: 1, "training.l1": 0.001 }],
      [2, { seed: 2, "training.l1": 0 }],
      [2, { seed: 2, "training.l1": 0.001 }],
    ]);
    expect(launcher.launched).toHaveLength(6);
    // the network at the start of a training is the pre-trained one
    const run = path.join(folder, "nested", "runs/0003");
    const { evaluations } = await readRun(run);
    const [first] = evaluations;
    const parent = await readRun(path.join(folder, "nested", "runs/0001"));
    const zeros = (line: typeof first) => line?.layers.map(({ sparsity }) => sparsity);
    expect(zeros(first)).toEqual(zeros(parent.evaluations[0]));
    expect(new Set(record.trials.map(({ key }) => key)).size).toBe(6);
  });

  it("take the one that reconstructs best where there was nothing but pre-training", async () => {
    const stages = [
      { name: "once", set: { "training.epochs": 0 }, axes: { "pretraining.learningRate": [0.0001, 0.03, 0.0002] } },
      { name: "tuned", start: "pretrained", set: { "training.epochs": 1 } },
      { name: "longer", start: "parameters", set: { "training.epochs": 1 } },
    ];
    const launcher = new HereLauncher();
    const record = await sweep({ stages }, launcher, "best");
    expect(record.trials.slice(3).map(({ parent, state }) => [parent, state])).toEqual([
      [2, "finished"],
      [4, "finished"],
    ]);
    expect(launcher.launched.slice(3).map(({ experiment }) => experiment.pretraining)).toEqual([undefined, undefined]);
  });
});

describe("what cannot be", () => {
  it.each([
    [
      { base: { ...base, pretraining: undefined }, select: { by: "reconstructionError" } },
      /select\.by is "reconstructionError", which only pre-training has, and this experiment has none.*"pretraining": \{\}/,
    ],
    [
      {
        base: { ...base, pretraining: undefined },
        stages: [{ name: "a" }, { name: "b", start: "pretrained" }],
      },
      /stages\[1\]\.start is "pretrained", but the stage "a" pre-trains nothing/,
    ],
    [
      {
        stages: [
          { name: "a", set: { "training.epochs": 0 } },
          { name: "b", start: "pretrained" },
        ],
      },
      /training\.epochs is 0, and nothing is pre-trained/,
    ],
    [
      { stages: [{ name: "a" }, { name: "b", start: "pretrained", axes: { "network.hidden": [[9, 9]] } }] },
      /changes network\.hidden, so it cannot start with/,
    ],
    [
      { set: { "network.hidden": [9], "pretraining.epochs": [1, 2] } },
      /pretraining\.epochs has 2 values, but 1 layer is/,
    ],
  ])("%j", async (rest, message) => {
    const problems = await problemsOf(rest);
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
  });
});

it("a warm start with other units than were pre-trained is refused", async () => {
  const record = await sweep({ set: { "training.epochs": 0 } }, new HereLauncher(), "tanh");
  const run = path.join(folder, "tanh", record.trials[0]!.run);
  const { plan } = await readSweep(JSON.stringify({ base }), configFile, async () => "");
  const experiment = {
    ...plan!.base,
    network: { ...plan!.base.network, activation: "tanh" as const },
    pretraining: undefined,
    warmStart: { run, checkpoint: "pretrained" as const },
  };
  const input = { configFile, experiment, dataFolders: [], assets: dist, version: "0", stop: new SharedArrayBuffer(4) };
  const refused = runExperiment({ ...input, runFolder: path.join(folder, "refused") }, {});
  await expect(refused).rejects.toThrow(/its units are rectifier, these are tanh/);
});
