/** Runs that are stopped, paused, killed or refused, and go on: they end as if nothing had happened. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import { stopSignals, type WorkerInput } from "../../common/messages.js";
import { optimizerDefaults } from "../../common/optimizers.js";
import { isResumable, type RunRecord } from "../../common/run.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { readRunRecord } from "./readRun.js";
import type { RunListeners } from "./run.js";
import { runExperiment } from "./runExperiment.js";
import { lockFileOf } from "./runLock.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-resume-"));
const configFile = path.join(folder, "stripes.rectiscope.json");
/** Lines of one step, evaluations of seven; 13 steps an epoch. */
const experiment: Experiment = experimentSchema.parse({
  dataset: { name: "idx", folder: "data", classes: 6 },
  network: { hidden: [24, 16] },
  training: { learningRate: 0.3, batchSize: 20, epochs: 4, l1: 0.0001 },
  evaluation: { everySteps: 7 },
});
const whole = path.join(folder, "whole");
beforeAll(async () => {
  writeStripes(path.join(folder, "data"));
  fs.writeFileSync(configFile, JSON.stringify(experiment));
  await start(whole);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("stopped and resumed, the files are those of a run that was not", () => {
  test.each([
    ["stop", [0, 14, 35]],
    ["pause", [0, 7, 14, 42, 49]],
  ] as const)("by %s, at steps %j", async (how, steps) => {
    const runFolder = path.join(folder, how);
    let record = await startUntil(runFolder, steps[0], how);
    for (const step of [...steps.slice(1), null]) {
      expect(record.state).toBe(how === "stop" ? "stopped" : "paused");
      expect(record.summary === null).toBe(how === "pause");
      expect(isResumable(record)).toBe(true);
      expect(fs.existsSync(lockFileOf(runFolder))).toBe(false);
      record =
        step === null ? await start(runFolder, {}, { resume: true }) : await startUntil(runFolder, step, how, true);
    }
    expect(record.state).toBe("finished");
    expectSameFiles(runFolder);
  });
});

describe.each([
  { optimizer: "momentum", learningRate: 0.05 },
  { optimizer: "adam", learningRate: 0.01 },
] as const)("with $optimizer", ({ optimizer, learningRate }) => {
  const other = { ...experiment, training: { ...experiment.training, optimizer, learningRate } };
  const run = (name: string, change: Partial<WorkerInput> = {}, listeners: RunListeners = {}) =>
    runExperiment({ ...inputOf(path.join(folder, `${optimizer}-${name}`)), experiment: other, ...change }, listeners);

  test("stopped, resumed, and saved between any two steps, the files are those of a run that was not", async () => {
    const undisturbed = await run("whole");
    expect(undisturbed.config?.training).toMatchObject({ ...optimizerDefaults[optimizer], optimizer });
    const stop = new SharedArrayBuffer(4);
    const ask: RunListeners["evaluation"] = (line) => {
      if (line.step >= 21) Atomics.store(new Int32Array(stop), 0, stopSignals.stop);
    };
    expect((await run("stopped", { stop }, { evaluation: ask })).state).toBe("stopped");
    expect((await run("stopped", { resume: true })).state).toBe("finished");
    expectSameFiles(path.join(folder, `${optimizer}-stopped`), path.join(folder, `${optimizer}-whole`));
    const eager = { ...inputOf(path.join(folder, `${optimizer}-eager`)), experiment: other };
    await runExperiment(eager, {}, { saveMs: -1 });
    expectSameFiles(eager.runFolder, path.join(folder, `${optimizer}-whole`));
  });

  test.each(["a missing", "a short"])("%s array of the optimizer is refused by its name", async (what) => {
    const stop = new SharedArrayBuffer(4);
    Atomics.store(new Int32Array(stop), 0, stopSignals.stop);
    const name = what.replace(" ", "-");
    await run(name, { stop });
    const file = path.join(folder, `${optimizer}-${name}`, "checkpoints/last.safetensors");
    const { tensors, metadata } = decodeSafetensors(fs.readFileSync(file));
    const array = { momentum: "layer2.biasVelocity", adam: "layer2.biasSecondMoment" }[optimizer];
    expect(tensors[array]?.shape).toEqual([16]);
    if (what === "a missing") delete tensors[array];
    else tensors[array] = { dtype: "F32", shape: [2], data: new Float32Array(2) };
    fs.writeFileSync(file, encodeSafetensors(tensors, metadata));
    await expect(run(name, { resume: true })).rejects.toMatchObject({
      code: "damaged",
      file,
      message: expect.stringContaining(`${array} is not there with 16 values of type F32`),
    });
  });
});

describe("a run that reaches for a sparsity and revives units", () => {
  const training = { learningRate: 0.3, batchSize: 20, epochs: 4, targetSparsity: 0.85, l1: 0.3 };
  const moving = experimentSchema.parse({ ...experiment, training: { ...training, revive: { criterion: "dormant" } } });
  const run = (name: string, change: Partial<WorkerInput> = {}, listeners: RunListeners = {}) =>
    runExperiment({ ...inputOf(path.join(folder, name)), experiment: moving, ...change }, listeners);
  const linesOf = (name: string, kind: string) =>
    fs
      .readFileSync(path.join(folder, name, "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter((line) => line.kind === kind);

  test("ends with the same files, stopped at evaluations and at revivals, and saved between any two steps", async () => {
    await run("moving");
    expect(linesOf("moving", "revive").map(({ step }) => step)).toEqual([13, 26, 39]);
    const stop = new SharedArrayBuffer(4);
    const ask = () => Atomics.store(new Int32Array(stop), 0, stopSignals.pause);
    expect((await run("paused", { stop }, { revival: ask })).state).toBe("paused");
    Atomics.store(new Int32Array(stop), 0, 0);
    // between the measurement and the revival that is due then
    const at26: RunListeners["evaluation"] = ({ step }) => step === 26 && ask();
    expect((await run("paused", { stop, resume: true }, { evaluation: at26 })).progress.step).toBe(26);
    expect((await run("paused", { resume: true })).state).toBe("finished");
    expectSameFiles(path.join(folder, "paused"), path.join(folder, "moving"));
    const eager = { ...inputOf(path.join(folder, "eager-moving")), experiment: moving };
    await runExperiment(eager, {}, { saveMs: -1 });
    expectSameFiles(eager.runFolder, path.join(folder, "moving"));
  });

  test("a revival that somebody asked for stays, whatever becomes of the process after it", async () => {
    const revive = new SharedArrayBuffer(4);
    const request = new Int32Array(revive);
    const asked: RunListeners["evaluation"] = ({ step }) => step === 14 && Atomics.store(request, 0, 1);
    await run("asked", { revive }, { evaluation: asked });
    expect(linesOf("asked", "revive").map(({ step, requested }) => [step, requested])).toContainEqual([14, true]);
    expect(request[0]).toBe(0);
    const copy = path.join(folder, "asked-killed");
    // as the folder is when the process is killed right after it
    const keep: RunListeners["revival"] = ({ requested }) =>
      requested && fs.cpSync(path.join(folder, "asked-again"), copy, { recursive: true });
    await run("asked-again", { revive }, { evaluation: asked, revival: keep });
    fs.rmSync(lockFileOf(copy), { force: true });
    expect((await run("asked-killed", { resume: true })).state).toBe("finished");
    expectSameFiles(copy, path.join(folder, "asked"));
  });

  test("a revival that was written down before its checkpoint is taken back, and done again", async () => {
    const stop = new SharedArrayBuffer(4);
    const at13: RunListeners["evaluation"] = ({ step }) => {
      if (step !== 13) return;
      fs.cpSync(path.join(folder, "early-revival"), path.join(folder, "taken-back"), { recursive: true });
      Atomics.store(new Int32Array(stop), 0, stopSignals.stop);
    };
    await run("early-revival", { stop }, { evaluation: at13 });
    const metrics = path.join(folder, "taken-back", "metrics.jsonl");
    fs.appendFileSync(metrics, `${JSON.stringify(linesOf("early-revival", "revive")[0])}\n`);
    fs.rmSync(lockFileOf(path.join(folder, "taken-back")), { force: true });
    await run("taken-back", { resume: true });
    expectSameFiles(path.join(folder, "taken-back"), path.join(folder, "moving"));
  });
});

test("killed in the middle, a run shows as interrupted once it is silent, and goes on from its last checkpoint", async () => {
  const runFolder = path.join(folder, "killed");
  const long = path.join(folder, "long.rectiscope.json");
  fs.writeFileSync(long, JSON.stringify({ ...experiment, training: { ...experiment.training, epochs: 400 } }));
  const cli = [path.join(dist, "cli.js"), "train", "--json"];
  const child = spawn(process.execPath, [...cli, long, "--out", runFolder], { stdio: "ignore" });
  while (!fs.existsSync(path.join(runFolder, "checkpoints/best.safetensors"))) await sleep(20);
  await sleep(150);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect((await readRunRecord(runFolder)).state).toBe("running");
  expect((await readRunRecord(runFolder, Date.now() + 20_000)).state).toBe("interrupted");
  // what a crash can leave: half a line, and lines beyond the last checkpoint
  fs.appendFileSync(path.join(runFolder, "metrics.jsonl"), '{"kind":"train","st');
  const resumed = spawnSync(process.execPath, [...cli, "--resume", runFolder], { encoding: "utf8" });
  expect(resumed.status, resumed.stderr).toBe(0);
  const undisturbed = path.join(folder, "undisturbed");
  spawnSync(process.execPath, [...cli, long, "--out", undisturbed]);
  expectSameFiles(runFolder, undisturbed);
});

test("checkpoints may be saved at any time: between any two steps, and never during a measurement", async () => {
  const eager = path.join(folder, "eager");
  const steps: number[] = [];
  const record = await runExperiment(inputOf(eager), { frame: (_, { step }) => steps.push(step) }, { saveMs: -1 });
  expect(record.state).toBe("finished");
  expectSameFiles(eager);
});

test("a run that ended by its patience does not train on when it is resumed before its record says so", async () => {
  const training = { learningRate: 1e-9, batchSize: 20, epochs: 30, patience: 2 };
  const patient = experimentSchema.parse({ ...experiment, training, evaluation: {} });
  const runFolder = path.join(folder, "patient");
  const record = await runExperiment({ ...inputOf(runFolder), experiment: patient }, {});
  expect(record.summary?.epochs).toBe(2);
  const last = fs.readFileSync(path.join(runFolder, "checkpoints/last.safetensors"));
  const file = path.join(runFolder, "run.json");
  fs.writeFileSync(file, JSON.stringify({ ...record, state: "paused", summary: null }));
  const resumed = await start(runFolder, {}, { resume: true });
  expect(resumed.summary).toMatchObject({ epochs: 2, test: record.summary?.test });
  expect(fs.readFileSync(path.join(runFolder, "checkpoints/last.safetensors")).equals(last)).toBe(true);
});

test("damaged lines of the metrics do not keep a run from going on", async () => {
  const runFolder = path.join(folder, "zeros");
  await startUntil(runFolder, 14, "stop");
  const file = path.join(runFolder, "metrics.jsonl");
  fs.appendFileSync(file, `${"\0".repeat(50)}\n`);
  expect((await start(runFolder, {}, { resume: true })).state).toBe("finished");
  expectSameFiles(runFolder);
});

test("who was suspended until another took the run over writes nothing more", async () => {
  const runFolder = path.join(folder, "suspended");
  const others = JSON.stringify({ pid: 1, host: "another-machine", token: "theirs" });
  let metrics = "";
  const record = await start(runFolder, {
    evaluation: (line) => {
      if (line.step !== 14) return;
      fs.writeFileSync(lockFileOf(runFolder), others);
      metrics = fs.readFileSync(path.join(runFolder, "metrics.jsonl"), "utf8");
    },
  });
  expect(record.error).toMatchObject({ code: "locked" });
  expect(fs.readFileSync(path.join(runFolder, "metrics.jsonl"), "utf8")).toBe(metrics);
  expect(fs.readFileSync(lockFileOf(runFolder), "utf8")).toBe(others);
  expect((await readRunRecord(runFolder)).state).toBe("running");
});

test("a place where no folder can be made is an error, not an endless search", async ({ skip }) => {
  if (!fs.existsSync("/proc/self")) skip("not run: there is no /proc here");
  await expect(start("/proc/rectiscope/run")).rejects.toMatchObject({ code: "notWritable" });
});

test("a run that another process writes is refused, and so is a finished one", async () => {
  const runFolder = path.join(folder, "locked");
  await startUntil(runFolder, 7, "stop");
  fs.writeFileSync(lockFileOf(runFolder), JSON.stringify({ pid: process.ppid, host: os.hostname() }));
  await expect(start(runFolder, {}, { resume: true })).rejects.toMatchObject({ code: "locked" });
  // its owner is gone: the lock is taken over
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  fs.writeFileSync(lockFileOf(runFolder), JSON.stringify({ pid: gone, host: os.hostname() }));
  expect((await start(runFolder, {}, { resume: true })).state).toBe("finished");
  await expect(start(runFolder, {}, { resume: true })).rejects.toMatchObject({ code: "finished" });
});

test("a lock of a silent process on another machine is taken over, of one that is alive is not", async () => {
  const runFolder = path.join(folder, "elsewhere");
  await startUntil(runFolder, 7, "stop");
  const lock = lockFileOf(runFolder);
  fs.writeFileSync(lock, JSON.stringify({ pid: 1, host: "another-machine" }));
  await expect(start(runFolder, {}, { resume: true })).rejects.toMatchObject({ code: "locked" });
  const old = new Date(Date.now() - 60_000);
  fs.utimesSync(lock, old, old);
  expect((await start(runFolder, {}, { resume: true })).state).toBe("finished");
});

test("other data than the run began with are refused", async () => {
  const runFolder = path.join(folder, "other-data");
  await startUntil(runFolder, 7, "stop");
  writeStripes(path.join(folder, "data"), 300);
  try {
    await expect(start(runFolder, {}, { resume: true })).rejects.toMatchObject({ code: "otherData" });
  } finally {
    writeStripes(path.join(folder, "data"));
  }
});

test.each(["last", "best"])("a damaged checkpoint %s is refused, and the folder is left as it is", async (name) => {
  const runFolder = path.join(folder, `damaged-${name}`);
  await startUntil(runFolder, 14, "stop");
  const checkpoint = path.join(runFolder, `checkpoints/${name}.safetensors`);
  fs.truncateSync(checkpoint, 200);
  const [metrics, record] = ["metrics.jsonl", "run.json"].map((file) => fs.readFileSync(path.join(runFolder, file)));
  await expect(start(runFolder, {}, { resume: true })).rejects.toMatchObject({ code: "damaged", file: checkpoint });
  expect(fs.readFileSync(path.join(runFolder, "metrics.jsonl")).equals(metrics!)).toBe(true);
  expect(fs.readFileSync(path.join(runFolder, "run.json")).equals(record!)).toBe(true);
  expect(fs.existsSync(lockFileOf(runFolder))).toBe(false);
});

test("a run without its first checkpoint begins anew", async () => {
  const runFolder = path.join(folder, "early");
  await startUntil(runFolder, 0, "pause");
  fs.rmSync(path.join(runFolder, "checkpoints"), { recursive: true });
  fs.mkdirSync(path.join(runFolder, "checkpoints"));
  expect((await start(runFolder, {}, { resume: true })).state).toBe("finished");
  expectSameFiles(runFolder);
});

test("a full disk pauses the run, with what to do; with room again it goes on to the same end", async ({ skip }) => {
  const disk = path.join(folder, "disk");
  fs.mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], { encoding: "utf8" });
  if (mounted.status !== 0) skip(`not run: no small file system can be mounted here (${mounted.stderr.trim()})`);
  try {
    const runFolder = path.join(disk, "run");
    const ballast = path.join(disk, "ballast");
    const fill = () => {
      if (!fs.existsSync(ballast)) fs.writeFileSync(ballast, Buffer.alloc(120_000));
    };
    let filled = false;
    const record = await start(runFolder, {
      evaluation: (line) => {
        if (line.step !== 14 || filled) return;
        filled = true;
        try {
          fill();
          for (let k = 0; ; k++) fs.appendFileSync(ballast, Buffer.alloc(k < 20 ? 4096 : 64));
        } catch {
          // full to the brim
        }
      },
    });
    expect(record).toMatchObject({ state: "paused", error: { code: "diskFull" } });
    expect(record.error?.message).toMatch(/disk is full.*Free some space/);
    fs.rmSync(ballast);
    expect((await start(runFolder, {}, { resume: true })).state).toBe("finished");
    expectSameFiles(runFolder);
  } finally {
    spawnSync("umount", [disk]);
  }
});

describe("a folder that is deleted under its run is made again, and the run goes on from there", () => {
  const files = (runFolder: string, name: string) =>
    decodeSafetensors(fs.readFileSync(path.join(runFolder, `checkpoints/${name}.safetensors`)));

  // the lowest error is that of step 7: what was measured before the folder is noticed to be gone is lost
  test.each([0, 14, 52])("to the same parameters; deleted at step %j, the present ones are the best", async (step) => {
    const runFolder = path.join(folder, `gone-${step}`);
    const record = await startDeleting(runFolder, step);
    expect(record).toMatchObject({ state: "paused", error: { code: "deleted" } });
    expect(record.error?.message).toMatch(/was deleted .*It is there again/);
    expect((await readRunRecord(runFolder)).state).toBe("paused");
    expect(fs.existsSync(lockFileOf(runFolder))).toBe(false);
    const at = record.progress.step;
    expect(at).toBeGreaterThanOrEqual(step);
    expect(fs.existsSync(path.join(runFolder, "checkpoints/best.safetensors"))).toBe(false);
    const resumed = await start(runFolder, {}, { resume: true });
    expect(resumed).toMatchObject({ state: "finished", summary: { bestStep: at, valid: { error: 0 } } });
    expect(files(runFolder, "best").metadata.step).toBe(String(at));
    expect(files(runFolder, "last").tensors).toEqual(files(whole, "last").tensors);
  });

  test("with the best, where that is what training stands at", async () => {
    const runFolder = path.join(folder, "gone-best");
    const record = await startDeleting(runFolder, 7, "pause");
    expect(record.error?.code).toBe("deleted");
    expect((await start(runFolder, {}, { resume: true })).state).toBe("finished");
    for (const name of ["last", "best"]) {
      const file = `checkpoints/${name}.safetensors`;
      const [expected, found] = [whole, runFolder].map((run) => fs.readFileSync(path.join(run, file)));
      expect(found!.equals(expected!), name).toBe(true);
    }
  });

  /** Deletes the folder once the evaluation at `step` is told. */
  function startDeleting(runFolder: string, step: number, how?: "pause"): Promise<RunRecord> {
    const stop = new SharedArrayBuffer(4);
    const evaluation: RunListeners["evaluation"] = (line) => {
      if (line.set !== "valid" || line.step !== step) return;
      fs.rmSync(runFolder, { recursive: true });
      if (how) Atomics.store(new Int32Array(stop), 0, stopSignals[how]);
    };
    return start(runFolder, { evaluation }, { stop });
  }
});

test("a folder that is deleted for good fails its run, without a crash", async () => {
  const parent = path.join(folder, "parent");
  const runFolder = path.join(parent, "gone");
  const record = await start(runFolder, {
    evaluation: () => {
      fs.rmSync(parent, { recursive: true, force: true });
      fs.writeFileSync(parent, "in the way");
    },
  });
  expect(record.state).not.toBe("finished");
  expect(record.error?.message).toContain(runFolder);
});

function expectSameFiles(runFolder: string, like = whole): void {
  const files = fs.readdirSync(path.join(like, "units")).map((name) => `units/${name}`);
  for (const file of ["metrics.jsonl", "checkpoints/best.safetensors", "checkpoints/last.safetensors", ...files]) {
    const [expected, found] = [like, runFolder].map((run) => fs.readFileSync(path.join(run, file)));
    expect(found!.equals(expected!), file).toBe(true);
  }
}

/** Runs until the evaluation at `step`, and then asks it to stop or pause. */
function startUntil(runFolder: string, step: number, how: "stop" | "pause", resume = false): Promise<RunRecord> {
  const stop = new SharedArrayBuffer(4);
  const evaluation: RunListeners["evaluation"] = (line) => {
    if (line.set === "valid" && line.step >= step) Atomics.store(new Int32Array(stop), 0, stopSignals[how]);
  };
  return start(runFolder, { evaluation }, { stop, resume });
}

function start(
  runFolder: string,
  listeners: RunListeners = {},
  change: { resume?: boolean; stop?: SharedArrayBuffer } = {},
): Promise<RunRecord> {
  return runExperiment({ ...inputOf(runFolder), ...change }, listeners);
}

function inputOf(runFolder: string): WorkerInput {
  const stop = new SharedArrayBuffer(4);
  return { configFile, experiment, runFolder, dataFolders: [], assets: dist, version: "0.0.0", stop };
}
