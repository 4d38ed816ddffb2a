/** The scheduler, with runs that are invented: every trial once, whatever happens to the sweep or to a trial. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import type { WorkerInput } from "../../common/messages.js";
import type { RunError, RunRecord, RunState } from "../../common/run.js";
import type { SweepRecord } from "../../common/sweepRecord.js";
import { loadDataset } from "../data/registry.js";
import { networkShape } from "../network/network.js";
import { newRecord } from "../runs/newRecord.js";
import { checkpointFile } from "../runs/runCheckpoint.js";
import { lockFileOf } from "../runs/runLock.js";
import { phasesOf } from "../training/phases.js";
import { scheduleOf } from "../training/schedule.js";
import type { LaunchedTrial, Launcher, TrialTask } from "./launcher.js";
import { runSweep } from "./runSweep.js";
import { SweepControl } from "./sweepControl.js";
import { readSweep } from "./sweepFile.js";
import { readSweepRecord, sweepFiles } from "./sweepFolder.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-sweep-"));
const configFile = path.join(folder, "s.sweep.rectiscope.json");
const environment = { dataFolders: [], assets: dist, version: "1.2.3" };
const base = {
  dataset: { name: "idx", folder: "data", classes: 6 },
  network: { hidden: [4] },
  training: { learningRate: 0.1, epochs: 2 },
};
beforeAll(() => writeStripes(path.join(folder, "data")));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

type Fate = { state: RunState; validError?: number; error?: RunError } | "hang";
type Input = Omit<WorkerInput, "stop">;

/** Writes what a run would leave, at once. */
class FakeLauncher implements Launcher {
  readonly launched: Input[] = [];
  most = 0;
  private going = 0;

  constructor(
    readonly jobs: number,
    private readonly fateOf: (input: Input, nth: number) => Fate = () => ({ state: "finished" }),
  ) {}

  hasRoom(_: TrialTask, running: readonly TrialTask[]): boolean {
    return running.length < this.jobs;
  }

  launch({ input }: TrialTask): LaunchedTrial {
    this.launched.push(input);
    this.most = Math.max(this.most, ++this.going);
    const fate = this.fateOf(input, this.launched.length);
    let end: (how: "stop" | "pause") => void = () => {};
    const ended = (async () => {
      const how = fate === "hang" ? await new Promise<"stop" | "pause">((resolve) => (end = resolve)) : null;
      if (fate === "hang") await writeRun(input, { state: how === "stop" ? "stopped" : "paused" });
      else if (fate.error?.code !== "notStarted") await writeRun(input, fate);
      this.going--;
      return { error: fate === "hang" ? null : (fate.error ?? null) };
    })();
    return { ended, end: (how) => end(how), kill: () => {} };
  }

  get numbers(): string[] {
    return this.launched.map(({ runFolder }) => path.basename(runFolder));
  }
}

async function writeRun(input: Input, fate: { state: RunState; validError?: number; error?: RunError }): Promise<void> {
  const { experiment, runFolder } = input;
  const places = { configFolder: folder, dataFolders: [], assets: dist };
  const dataset = await loadDataset(experiment.dataset, places);
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const { n } = dataset.train;
  const phases = phasesOf(experiment, shape, scheduleOf(experiment, n), n);
  const record = newRecord({ ...input, stop: new SharedArrayBuffer(4) }, experiment, dataset, shape, phases, {
    threads: 1,
    version: null,
  });
  const error = fate.validError ?? experiment.training.l1;
  const figures = { n: 48, error, loss: 1 };
  const run: RunRecord = {
    ...record,
    state: fate.state,
    error: fate.error ?? null,
    summary:
      fate.state === "finished" || fate.state === "stopped"
        ? {
            epochs: 2,
            bestEpoch: 1,
            bestStep: 1,
            test: { set: "test", ...figures, error: error + 0.5 },
            valid: { set: "valid", ...figures },
            sparsity: { set: "valid", n: 48, mean: 0.7, layers: [0.7] },
            dead: null,
            samplesPerSecond: 1,
            seconds: 1,
          }
        : null,
  };
  fs.mkdirSync(path.join(runFolder, "checkpoints"), { recursive: true });
  fs.writeFileSync(path.join(runFolder, "run.json"), JSON.stringify(run));
  fs.writeFileSync(checkpointFile(runFolder, "best"), JSON.stringify(experiment));
}

let sweeps = 0;
async function taskOf(rest: object, sweepFolder = path.join(folder, `sweep-${++sweeps}`)) {
  const { plan, problems } = await readSweep(JSON.stringify({ base, ...rest }), configFile, async () => "");
  expect(problems).toEqual([]);
  return { folder: sweepFolder, configFile, name: "s", sweep: plan!.sweep, base: plan!.base };
}

const start = async (rest: object, launcher: Launcher, control = new SweepControl(), sweepFolder?: string) =>
  runSweep(await taskOf(rest, sweepFolder), launcher, control, environment);
const resume = (record: SweepRecord, launcher: Launcher, retry = false) =>
  runSweep({ folder: path.join(folder, record.id), resume: true, retry }, launcher, new SweepControl(), environment);
const states = ({ trials }: SweepRecord) => trials.map(({ state }) => state);
const six = { axes: { "training.l1": [0.1, 0.2, 0.3] }, seeds: 2 };

describe("a sweep", () => {
  it("trains every trial once, so many at a time, and says what came of it", async () => {
    const launcher = new FakeLauncher(2);
    const record = await start(six, launcher);
    expect(record.state).toBe("finished");
    expect(launcher.numbers.sort()).toEqual(["0001", "0002", "0003", "0004", "0005", "0006"]);
    expect(launcher.most).toBe(2);
    expect(new Set(record.trials.map(({ key }) => key)).size).toBe(6);
    expect(record.trials[3]).toMatchObject({
      number: 4,
      params: { "training.l1": 0.2, seed: 2 },
      run: "runs/0004",
      result: { valid: { error: 0.2 }, test: { error: 0.7 }, sparsity: { mean: 0.7 } },
    });
    expect(launcher.launched[0]).toMatchObject({ configFile, threads: 1, resume: false, experiment: { name: "s #1" } });
    expect(await readSweepRecord(path.join(folder, record.id))).toEqual(JSON.parse(JSON.stringify(record)));
    expect(fs.existsSync(lockFileOf(path.join(folder, record.id)))).toBe(false);
  });

  it("trains what is the same by content only once", async () => {
    const launcher = new FakeLauncher(3);
    const record = await start({ axes: { "network.signs": ["half", "none", "half"] } }, launcher);
    expect(launcher.launched).toHaveLength(2);
    expect(record.trials.map(({ run, reused }) => [run, reused])).toEqual([
      ["runs/0001", false],
      ["runs/0002", false],
      ["runs/0001", true],
    ]);
  });

  it("takes trials that another sweep of the workspace has finished", async () => {
    const home = (name: string) => path.join(folder, ".rectiscope/sweeps", name);
    await start(six, new FakeLauncher(1), undefined, home("first"));
    const launcher = new FakeLauncher(1);
    const record = await start({ axes: { "training.l1": [0.1, 0.9] } }, launcher, undefined, home("second"));
    expect(launcher.launched).toHaveLength(1);
    expect(record.trials[0]).toMatchObject({ run: "../first/runs/0001", reused: true, state: "finished" });
    // the other is gone: it is trained after all
    fs.rmSync(home("first"), { recursive: true });
    const again = new FakeLauncher(1);
    await runSweep({ folder: home("second"), resume: true, retry: false }, again, new SweepControl(), environment);
    expect(again.numbers).toEqual(["0001"]);
  });

  it("trains what two studies have in common once, however each of them writes it", async () => {
    const home = (name: string) => path.join(folder, ".rectiscope/sweeps", name);
    const table = {
      study: "table1-mnist",
      cases: [{ "network.activation": "rectifier", "training.l1": 0.4 }, { "network.activation": "tanh" }],
    };
    const figure = { study: "figure3", axes: { "training.l1": [0.4, 0.5] } };
    const first = new FakeLauncher(1);
    await start(table, first, undefined, home("table"));
    const second = new FakeLauncher(1);
    const record = await start(figure, second, undefined, home("figure"));
    expect([first.launched, second.launched].map(({ length }) => length)).toEqual([2, 1]);
    expect(record.trials.map(({ reused, state }) => [reused, state])).toEqual([
      [true, "finished"],
      [false, "finished"],
    ]);
  });

  it.each(["stop", "pause"] as const)(
    "that is asked to %s lets nothing else begin, and goes on where it was",
    async (how) => {
      const control = new SweepControl();
      const launcher = new FakeLauncher(2, (_, nth) => {
        if (nth < 3) return { state: "finished" };
        if (nth === 4) setTimeout(() => control.ask(how), 50);
        return "hang";
      });
      const record = await start(six, launcher, control);
      const state = how === "stop" ? "stopped" : "paused";
      expect(record.state).toBe(state);
      expect(states(record)).toEqual(["finished", "finished", state, state, "pending", "pending"]);
      const again = new FakeLauncher(2);
      const after = await resume(record, again);
      expect(after.state).toBe("finished");
      expect(again.launched.map(({ runFolder, resume }) => [path.basename(runFolder), resume])).toEqual([
        ["0003", true],
        ["0004", true],
        ["0005", false],
        ["0006", false],
      ]);
      expect(after.created).toBe(record.created);
    },
  );

  it("that was killed believes the run folders: what finished meanwhile is not trained again", async () => {
    const record = await start(six, new FakeLauncher(1));
    const file = path.join(folder, record.id, sweepFiles.record);
    const killed: SweepRecord = {
      ...record,
      state: "running",
      heartbeat: new Date(0).toISOString(),
      trials: record.trials.map((trial) =>
        trial.number < 3 ? trial : { ...trial, state: trial.number === 3 ? "running" : "pending", result: null },
      ),
    };
    fs.writeFileSync(file, JSON.stringify(killed));
    for (const number of [5, 6]) fs.rmSync(path.join(folder, record.id, `runs/000${number}`), { recursive: true });
    // killed before its run began: an empty run folder, with the lock of a process that is gone
    const half = path.join(folder, record.id, "runs/0005");
    for (const inner of ["units", "checkpoints"]) fs.mkdirSync(path.join(half, inner), { recursive: true });
    fs.writeFileSync(lockFileOf(half), JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), token: "x" }));
    expect((await readSweepRecord(path.join(folder, record.id))).state).toBe("interrupted");
    const launcher = new FakeLauncher(2);
    const after = await resume(record, launcher);
    expect(launcher.numbers).toEqual(["0005", "0006"]);
    expect(fs.existsSync(path.join(half, "units"))).toBe(false);
    expect(states(after)).toEqual(Array(6).fill("finished"));
    expect(after.trials.every(({ result }) => result !== null)).toBe(true);
  });

  it("is refused while another process drives it", async () => {
    const record = await start(six, new FakeLauncher(1));
    const lock = lockFileOf(path.join(folder, record.id));
    fs.writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: os.hostname(), token: "x" }));
    await expect(resume(record, new FakeLauncher(1))).rejects.toMatchObject({ code: "locked" });
  });
});

describe("a trial that fails", () => {
  const nonFinite: RunError = { code: "nonFinite", message: "The loss is no number.", step: 3 };
  const crash: RunError = { code: "crashed", message: "The trial's process ended by SIGKILL." };

  it("fails alone, stays so when the sweep is resumed, and is retried when that is asked for", async () => {
    const launcher = new FakeLauncher(2, ({ experiment }) =>
      experiment.training.l1 === 0.2 && experiment.seed === 1
        ? { state: "running", error: crash }
        : { state: "finished" },
    );
    const record = await start(six, launcher);
    expect(record.state).toBe("finished");
    expect(states(record)).toEqual(["finished", "finished", "failed", "finished", "finished", "finished"]);
    expect(record.trials[2]?.error).toMatchObject(crash);
    const run = JSON.parse(fs.readFileSync(path.join(folder, record.id, "runs/0003/run.json"), "utf8"));
    expect(run).toMatchObject({ state: "failed", error: crash });

    const unasked = new FakeLauncher(2);
    expect(states(await resume(record, unasked))[2]).toBe("failed");
    expect(unasked.launched).toHaveLength(0);

    const asked = new FakeLauncher(2);
    const after = await resume(record, asked, true);
    expect(asked.launched.map(({ runFolder, resume }) => [path.basename(runFolder), resume])).toEqual([["0003", true]]);
    expect(after.trials[2]).toMatchObject({ state: "finished", error: null });
  });

  it("by itself, in the same step each time, is retried in a new folder", async () => {
    const launcher = new FakeLauncher(1, ({ experiment }) =>
      experiment.training.l1 === 0.2 ? { state: "failed", error: nonFinite } : { state: "finished" },
    );
    const record = await start({ axes: { "training.l1": [0.1, 0.2] } }, launcher);
    const again = new FakeLauncher(1);
    const after = await resume(record, again, true);
    expect(again.launched.map(({ runFolder, resume }) => [path.basename(runFolder), resume])).toEqual([
      ["0002-2", false],
    ]);
    expect(after.trials[1]).toMatchObject({ run: "runs/0002-2", state: "finished" });
  });

  it("before it has a folder", async () => {
    const error: RunError = { code: "notStarted", message: "No process." };
    const record = await start({}, new FakeLauncher(1, () => ({ state: "failed", error })));
    expect(record.trials[0]).toMatchObject({ state: "failed", error });
  });
});

describe("stages", () => {
  const stages = [
    { name: "search", axes: { "training.l1": [0.3, 0.1, 0.2] }, select: { over: ["training.l1"] }, seeds: 2 },
    { name: "repeat", take: "selected", start: "anew", seeds: 3 },
    { name: "tune", after: "search", take: "best", set: { "training.learningRate": 0.01 } },
  ];

  it("go on from the best by validation error, with its values or its network", async () => {
    const launcher = new FakeLauncher(2, ({ experiment: { training, seed } }) => ({
      state: "finished",
      // the first seed is the better one
      validError: training.l1 + seed / 100,
    }));
    const record = await start({ stages }, launcher);
    expect(record.state).toBe("finished");
    expect(record.selections).toMatchObject([
      {
        stage: "search",
        chosen: { "training.l1": 0.1 },
        group: {},
        n: 2,
        trials: [3, 4],
        mean: expect.closeTo(0.115, 12),
      },
    ]);
    const later = record.trials.slice(6).map(({ stage, params, parent }) => [stage, params, parent]);
    expect(later).toEqual([
      ["repeat", { "training.l1": 0.1, seed: 1 }, null],
      ["repeat", { "training.l1": 0.1, seed: 2 }, null],
      ["repeat", { "training.l1": 0.1, seed: 3 }, null],
      ["tune", { "training.l1": 0.1, seed: 1 }, 3],
    ]);
    // two of the repeats have been done by the search
    expect(record.trials.slice(6).map(({ reused }) => reused)).toEqual([true, true, false, false]);
    const { warmStart, training } = launcher.launched.at(-1)!.experiment;
    expect(path.resolve(folder, warmStart!.run)).toBe(path.join(folder, record.id, "runs/0003"));
    expect(warmStart!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(training).toMatchObject({ l1: 0.1, learningRate: 0.01 });
  });

  it("count in advance, stop between, and cannot go on from nothing", async () => {
    const control = new SweepControl();
    const stopping = new FakeLauncher(1, (_, nth) => {
      if (nth === 6) control.ask("stop");
      return { state: "finished", validError: nth / 100 };
    });
    const record = await start({ stages }, stopping, control);
    expect([record.state, record.trials.length, record.toCome]).toEqual(["stopped", 6, 4]);
    const after = await resume(record, new FakeLauncher(2));
    expect([after.state, after.trials.length, after.toCome]).toEqual(["finished", 10, 0]);

    const failing = new FakeLauncher(1, () => ({
      state: "failed",
      error: { code: "nonFinite", message: "No number." },
    }));
    const failed = await start({ stages }, failing);
    expect(failed).toMatchObject({
      state: "failed",
      error: { code: "noParent", message: expect.stringMatching(/"repeat" has nothing to go on from/) },
    });
  });
});

it("a sweep without its data does not begin", async () => {
  const sweepFolder = path.join(folder, "no-data");
  const missing = { base: { ...base, dataset: { ...base.dataset, folder: "nowhere" } } };
  await expect(start(missing, new FakeLauncher(1), undefined, sweepFolder)).rejects.toMatchObject({
    code: "datasetNotFound",
  });
  expect(fs.existsSync(sweepFolder)).toBe(false);
});
