/** The process in which TensorFlow.js computes: where tfjs-node is looked for, what happens when it is killed, and what it leaves behind. */
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BackendName } from "../../src/common/backends.js";
import { experimentSchema } from "../../src/common/experiment.js";
import { stopSignals, type WorkerInput } from "../../src/common/messages.js";
import { isResumable } from "../../src/common/run.js";
import { readRun } from "../../src/engine/runs/readRun.js";
import { runExperiment } from "../../src/engine/runs/runExperiment.js";
import { provideUtilities } from "../../src/engine/tensorflow/nativeOperations.js";
import { checkTensorflow } from "../../src/engine/tensorflow/remoteEngine.js";
import { writeStripes } from "../support/idxFiles.js";
import { dist } from "../support/kernelModule.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-backends-"));
const configFile = path.join(folder, "stripes.rectiscope.json");
const installed = path.join(folder, "installed");
const modules = path.resolve("node_modules");

beforeAll(() => {
  writeStripes(path.join(folder, "data"));
  fs.writeFileSync(configFile, JSON.stringify(experimentOf("tfjs-cpu")));
  writePackage(installed);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("Check TensorFlow", () => {
  test("an empty folder: what is missing, and the command that installs it there", async () => {
    const empty = path.join(folder, "not here");
    expect(await checkTensorflow(empty, dist)).toMatchObject({
      state: "notInstalled",
      package: null,
      command: `npm install --prefix '${empty}' @tensorflow/tfjs-node@4.22.0`,
    });
  });

  test("a package without the library that its installation downloads", async () => {
    const bare = path.join(folder, "bare");
    writePackage(bare, { library: false });
    expect(await checkTensorflow(bare, dist)).toMatchObject({
      state: "noLibrary",
      package: { name: "@tensorflow/tfjs-node", version: "4.22.0" },
      command: `npm rebuild --prefix ${bare} @tensorflow/tfjs-node`,
    });
  });

  test("one that throws, and one that takes its process with it", async () => {
    for (const [name, code, problem] of [
      ["throws", 'throw new Error("no AVX here")', "no AVX here"],
      ["crashes", 'process.kill(process.pid, "SIGKILL")', "ended by SIGKILL"],
    ] as const) {
      writePackage(path.join(folder, name), { code });
      const found = await checkTensorflow(path.join(folder, name), dist);
      expect(found.state).toBe("broken");
      expect(found.problem).toContain(problem);
    }
  });

  test("one that loads", async () => {
    expect(await checkTensorflow(installed, dist)).toMatchObject({ state: "ready", command: null });
  });

  test("the command line says the same, and ends with 1 where it does not load", () => {
    const cli = (...args: string[]) =>
      spawnSync(process.execPath, [path.join(dist, "cli.js"), "check-tensorflow", ...args], { encoding: "utf8" });
    const missing = cli("--tensorflow", folder);
    expect(missing.status).toBe(1);
    expect(missing.stdout).toContain(`npm install --prefix ${folder} @tensorflow/tfjs-node@4.22.0`);
    const ready = cli("--json", "--tensorflow", installed);
    expect(ready.status).toBe(0);
    expect(JSON.parse(ready.stdout)).toMatchObject({ state: "ready" });
  });
});

test("utilities that newer Nodes lack are given, and others left alone", () => {
  const util: Record<string, unknown> = { isArray: Array.isArray };
  expect(provideUtilities(util)).toEqual(["isNullOrUndefined"]);
  const { isNullOrUndefined } = util as { isNullOrUndefined(value: unknown): boolean };
  expect([null, undefined, 0].map(isNullOrUndefined)).toEqual([true, true, false]);
});

test("tensorflow where it cannot load is an error that says so, and no run", async () => {
  const runFolder = path.join(folder, "refused");
  const input = inputOf("refused", "tensorflow", { tensorflowFolder: path.join(folder, "nothing") });
  await expect(runExperiment(input, {})).rejects.toMatchObject({
    code: "noTensorflow",
    key: "backend",
    message: expect.stringContaining("npm install --prefix"),
  });
  expect(fs.existsSync(runFolder)).toBe(false);
});

test("killed in the middle, the run fails, keeps its last checkpoint, touches no other, and goes on", async () => {
  const other = runExperiment(inputOf("other", "tfjs-cpu"), {});
  let killed = false;
  const run = await runExperiment(inputOf("killed", "tensorflow", { tensorflowFolder: installed }), {
    evaluation: ({ step }) => {
      if (step < 14 || killed) return;
      killed = true;
      process.kill(Number(fs.readFileSync(path.join(installed, "pid"), "utf8")), "SIGKILL");
    },
  });
  expect(killed).toBe(true);
  expect(run).toMatchObject({ state: "failed", error: { code: "backendEnded" } });
  expect(run.error?.message).toContain("ended by SIGKILL");
  expect(run.versions.backend).toBe("@tensorflow/tfjs-node 4.22.0");
  expect(fs.existsSync(path.join(folder, "killed/checkpoints/last.safetensors"))).toBe(true);
  expect(isResumable(run)).toBe(true);
  expect((await other).state).toBe("finished");
  const resumed = await runExperiment(
    inputOf("killed", "tensorflow", { tensorflowFolder: installed, resume: true }),
    {},
  );
  expect(resumed.state).toBe("finished");
  expect(await evaluations("killed")).toEqual(await evaluations("other"));
});

test.each(["tfjs-cpu", "tfjs-wasm"] as const)(
  "%s: paused and resumed, it ends with the same bytes",
  async (backend) => {
    expect((await runExperiment(inputOf(`${backend}-whole`, backend), {})).state).toBe("finished");
    const stop = new SharedArrayBuffer(4);
    const paused = await runExperiment(inputOf(`${backend}-paused`, backend, { stop }), {
      evaluation: () => Atomics.store(new Int32Array(stop), 0, stopSignals.pause),
    });
    expect(paused.state).toBe("paused");
    await runExperiment(inputOf(`${backend}-paused`, backend, { resume: true }), {});
    const last = (name: string) => fs.readFileSync(path.join(folder, name, "checkpoints/last.safetensors"));
    expect(last(`${backend}-paused`).equals(last(`${backend}-whole`))).toBe(true);
  },
);

test("a run goes on with another backend, with what the optimizer kept", async () => {
  const whole = await runExperiment(inputOf("whole", "builtin"), {});
  const stop = new SharedArrayBuffer(4);
  await runExperiment(inputOf("changed", "builtin", { stop }), {
    evaluation: ({ step }) => {
      if (step >= 14) Atomics.store(new Int32Array(stop), 0, stopSignals.pause);
    },
  });
  const changed = await runExperiment(inputOf("changed", "builtin", { resume: true, backend: "tfjs-wasm" }), {});
  expect(changed).toMatchObject({ state: "finished", config: { backend: "tfjs-wasm" } });
  expect(changed.summary!.valid.loss / whole.summary!.valid.loss).toBeCloseTo(1, 3);
});

test.each(["cpu", "wasm"])("%s: a thousand steps leave no tensors behind", (backend) => {
  const script = path.join(import.meta.dirname, "leaks.mjs");
  const counts = JSON.parse(execFileSync(process.execPath, [script, backend], { encoding: "utf8" }));
  expect(counts.after).toEqual(counts.before);
  expect(counts.disposed).toEqual({ numTensors: 0, numBytes: 0 });
});

function experimentOf(backend: BackendName) {
  return experimentSchema.parse({
    dataset: { name: "idx", folder: "data", classes: 6 },
    network: { hidden: [24, 16] },
    training: { learningRate: 0.05, batchSize: 20, epochs: 4, l1: 0.0001, optimizer: "momentum" },
    evaluation: { everySteps: 7 },
    backend,
  });
}

function inputOf(name: string, backend: BackendName, more: Partial<WorkerInput> = {}): WorkerInput {
  return {
    configFile,
    experiment: experimentOf(backend),
    runFolder: path.join(folder, name),
    dataFolders: [],
    assets: dist,
    version: "0.0.0",
    stop: new SharedArrayBuffer(4),
    threads: 1,
    ...more,
  };
}

async function evaluations(name: string) {
  const { evaluations } = await readRun(path.join(folder, name));
  return evaluations.map(({ step, loss, error }) => ({ step, loss, error }));
}

/** Stands for tfjs-node, whose library cannot be had everywhere: TensorFlow.js' plain backend, under the name that tfjs-node's has. */
function writePackage(to: string, { library = true, code = "" } = {}): void {
  const at = path.join(to, "node_modules/@tensorflow/tfjs-node");
  fs.mkdirSync(path.join(at, "lib/napi-v8"), { recursive: true });
  if (library) fs.writeFileSync(path.join(at, "lib/napi-v8/tfjs_binding.node"), "");
  const manifest = { name: "@tensorflow/tfjs-node", version: "4.22.0", main: "index.js" };
  fs.writeFileSync(path.join(at, "package.json"), JSON.stringify(manifest));
  fs.writeFileSync(
    path.join(at, "index.js"),
    `${code};
const { createRequire } = require("node:module");
const there = createRequire(${JSON.stringify(path.join(modules, "any.js"))});
const tf = there("@tensorflow/tfjs-core");
const { MathBackendCPU } = there("@tensorflow/tfjs-backend-cpu");
tf.registerBackend("tensorflow", () => new MathBackendCPU(), 3);
tf.copyRegisteredKernels("cpu", "tensorflow");
tf.setBackend("tensorflow");
require("node:fs").writeFileSync(${JSON.stringify(path.join(to, "pid"))}, String(process.pid));
module.exports = tf;
`,
  );
}
