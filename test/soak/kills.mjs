// `npm run soak`: kills runs at random moments, on the command line, in worker threads and with a whole extension host, until each has
// ended by resuming. Every folder has to open, every resume to go on from the last checkpoint, and every run to end with the bytes of one
// that was left alone. Arguments: --cli N --worker N --host N (kills of each kind), --seed S. Writes docs/reliability.json.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { temporaryFolder } from "../host/folders.mjs";
import { root } from "../host/paths.mjs";
import { openEditor } from "./editor.mjs";

const { values } = parseArgs({
  options: {
    cli: { type: "string", default: "120" },
    worker: { type: "string", default: "70" },
    host: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    record: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const wanted = { cli: Number(values.cli), worker: Number(values.worker), host: Number(values.host) };
const random = seeded(Number(values.seed));
const cli = path.join(root, "dist/cli.js");
const folder = temporaryFolder("soak");
const config = path.join(folder, "soak.rectiscope.json");
const experiment = {
  dataset: { name: "mnist-sample" },
  network: { hidden: [48, 32] },
  pretraining: { learningRate: 0.003, epochs: 3, batchSize: 20 },
  training: { learningRate: 0.1, epochs: 9, l1: 0.001 },
  evaluation: { everySteps: 170 },
  seed: 3,
};
writeFileSync(config, JSON.stringify(experiment));

const counts = {};
const reference = path.join(folder, "reference");
const began = performance.now();
assert.equal(spawnSync(process.execPath, [cli, "train", config, "--out", reference]).status, 0, "the run left alone");
const referenceMs = performance.now() - began;
console.log(`seed ${values.seed}; a run left alone takes ${(referenceMs / 1000).toFixed(1)} s`);

const kinds = { cli: killCommandLine, worker: killWorker };
for (const [kind, kill] of Object.entries(kinds)) if (wanted[kind] > 0) await soak(kind, kill, wanted[kind]);
if (wanted.host > 0) await soakHosts(wanted.host);
console.table(counts);
if (values.record) record();

/** Kills whole extension hosts in which a run was started from the palette; the command line lets the runs go on. */
async function soakHosts(kills) {
  const count = newCount();
  counts.host = count;
  const editor = await openEditor(config);
  try {
    while (count.kills < kills) {
      const run = await editor.startAndKill(killMoment());
      count.kills++;
      count.runs++;
      const before = opened(run);
      count.opened++;
      if (before.step < 0) count["before a checkpoint"]++;
      if (before.state !== "finished") {
        finish(run, true);
        count.resumed++;
      } else count["ended first"]++;
      assert.equal(opened(run).state, "finished");
      compare(run);
      process.stdout.write(`\rhost: ${count.kills} of ${kills} kills`);
    }
    console.log();
  } finally {
    await editor.close();
  }
}

function newCount() {
  return {
    kills: 0,
    runs: 0,
    opened: 0,
    resumed: 0,
    "before the record": 0,
    "before a checkpoint": 0,
    "ended first": 0,
  };
}

/** Kills runs of one kind until there have been enough kills; each run is resumed until it ends. */
async function soak(kind, kill, kills) {
  const count = newCount();
  counts[kind] = count;
  while (count.kills < kills) {
    const run = path.join(folder, `${kind}-${count.runs++}`);
    for (let ended = false; !ended; ) {
      const resume = existsSync(path.join(run, "run.json"));
      const { step } = resume ? opened(run) : { step: 0 };
      const killed = count.kills < kills && (await kill(run, resume));
      if (killed) count.kills++;
      else if (count.kills < kills) count["ended first"]++;
      else finish(run, resume);
      if (!existsSync(path.join(run, "run.json"))) {
        count["before the record"]++;
        rmSync(run, { recursive: true, force: true });
        continue;
      }
      const now = opened(run);
      count.opened++;
      if (resume) {
        assert.ok(now.step >= step, `${run} went back from step ${step} to ${now.step}`);
        count.resumed++;
      }
      if (now.step < 0) count["before a checkpoint"]++;
      ended = now.state === "finished";
    }
    compare(run);
    rmSync(run, { recursive: true, force: true });
    process.stdout.write(`\r${kind}: ${count.kills} of ${kills} kills, ${count.runs} runs`);
  }
  console.log();
}

/** The folder opens as people and programs open it. @returns the step of its last checkpoint, −1 without one */
function opened(run) {
  const done = spawnSync(process.execPath, [cli, "inspect", run, "--json"], { encoding: "utf8", maxBuffer: 2 ** 28 });
  assert.equal(done.status, 0, `${run} does not open: ${done.stderr}`);
  const checkpoint = path.join(run, "checkpoints/last.safetensors");
  const step = existsSync(checkpoint) ? Number(metadataOf(checkpoint).step) : -1;
  return { state: JSON.parse(done.stdout).run.state, step };
}

function metadataOf(file) {
  const bytes = readFileSync(file);
  return JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString()).__metadata__;
}

/** @returns false when the run ended before its kill */
async function killCommandLine(run, resume) {
  const task = resume ? ["--resume", run] : [config, "--out", run];
  const child = spawn(process.execPath, [cli, "train", ...task], { stdio: "ignore" });
  const exit = once(child, "exit");
  await Promise.race([sleep(killMoment()), exit]);
  if (child.exitCode !== null) {
    assert.equal(child.exitCode, 0, `${run} ended with ${child.exitCode}`);
    return false;
  }
  child.kill("SIGKILL");
  await exit;
  return true;
}

/** As when the thread of a run dies inside a process that lives on. */
async function killWorker(run, resume) {
  const workerData = {
    configFile: config,
    experiment: resolved(),
    runFolder: run,
    dataFolders: [],
    assets: path.join(root, "dist"),
    version: "soak",
    stop: new SharedArrayBuffer(4),
    resume,
  };
  const worker = new Worker(path.join(root, "dist/worker.js"), { workerData });
  let ended = false;
  worker.on("message", (message) => {
    if (message.type !== "ended") return;
    assert.equal(message.error, null, `${run}: ${message.error?.message}`);
    ended = true;
  });
  const exit = once(worker, "exit");
  await Promise.race([sleep(killMoment()), exit]);
  await worker.terminate();
  // the extension takes the dead worker's lock away; here the process says that it is its own
  rmSync(path.join(run, "lock"), { force: true });
  return !ended;
}

/** The experiment with its defaults, as whoever starts a worker has read it. */
function resolved() {
  return JSON.parse(readFileSync(path.join(reference, "run.json"), "utf8")).config;
}

function finish(run, resume) {
  const task = resume ? ["--resume", run] : [config, "--out", run];
  const done = spawnSync(process.execPath, [cli, "train", ...task], { encoding: "utf8" });
  assert.equal(done.status, 0, `${run} does not end: ${done.stderr}`);
}

function compare(run) {
  for (const file of [
    "metrics.jsonl",
    ...["best", "last", "pretrained"].map((name) => `checkpoints/${name}.safetensors`),
  ]) {
    const [expected, found] = [reference, run].map((place) => readFileSync(path.join(place, file)));
    assert.ok(found.equals(expected), `${run}: ${file} differs from that of a run left alone`);
  }
}

/** Milliseconds: mostly while it trains, sometimes while it starts. */
function killMoment() {
  return 20 + random() * (random() < 0.3 ? 400 : referenceMs);
}

function record() {
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout.trim();
  const report = {
    recorded: new Date().toISOString().slice(0, 10),
    commit: git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--", "src") ? "+" : ""),
    seed: Number(values.seed),
    machine: { cpu: os.cpus()[0]?.model.trim(), cores: os.cpus().length, node: process.version },
    counts,
  };
  mkdirSync(path.join(root, "docs"), { recursive: true });
  writeFileSync(path.join(root, "docs/reliability.json"), `${JSON.stringify(report, null, 2)}\n`);
  console.log("docs/reliability.json");
}

/** mulberry32: the moments can be repeated. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
