/** What a whole run takes: its parameters and what its optimizer keeps once, and of everything else little. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import type { OptimizerName } from "../../common/optimizers.js";
import type { RunRecord } from "../../common/run.js";
import { evaluationBatch } from "../backends/builtin.js";
import { keptArrays } from "../kernels/optimizerState.js";
import { type NetworkShape, parameterCount } from "../network/network.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-run-memory-"));
/** Of each hidden layer: wide enough that what the garbage collector leaves lying for a while, some 20 MB, says little. */
const widths = { sgd: 4000, momentum: 3000, adam: 2500 };
beforeAll(() => {
  writeStripes(path.join(folder, "data"), 120, 20);
  const report = "require('fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS * 1024))";
  fs.writeFileSync(path.join(folder, "peak.cjs"), `process.on("exit", () => ${report});`);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test.each(["sgd", "momentum", "adam"] as const)(
  "%s: begun, paused and gone on to its end, a run takes at most half as much again as it has to hold",
  (optimizer) => {
    const wide = new Array(3).fill(widths[optimizer]) as number[];
    const [base, peak] = [[8, 8, 8], wide].map((hidden) => Math.max(...peaksOf(optimizer, hidden))) as [number, number];
    const shape: NetworkShape = {
      inputs: 36,
      hidden: wide,
      classes: 6,
      activation: "rectifier",
      sharpness: 1,
      signs: "half",
    };
    const activations = evaluationBatch * [36, ...wide, 6].reduce((sum, width) => sum + width, 0);
    const due = 4 * ((1 + keptArrays[optimizer].length) * parameterCount(shape) + activations) + 160 * 36;
    // what Node and the program take is that of a run of a tiny network
    expect((peak - base) / due).toBeLessThan(1.5);
    expect((peak - base) / due).toBeGreaterThan(0.9);
  },
  300_000,
);

/** In bytes: of the run's beginning, and of its going on to the end. */
function peaksOf(optimizer: OptimizerName, hidden: readonly number[]): number[] {
  const name = `${optimizer}-${hidden[0]}`;
  const config = path.join(folder, `${name}.rectiscope.json`);
  const training = { optimizer, learningRate: 0.001, batchSize: 10, epochs: 2 };
  const dataset = { name: "idx", folder: "data", classes: 6 };
  fs.writeFileSync(
    config,
    JSON.stringify({ dataset, network: { hidden }, training, evaluation: { everySteps: 4 }, threads: 1 }),
  );
  const run = path.join(folder, name);
  const begun = peakOf(["train", config, "--out", run]);
  // as it stands before its end is written: the summary is made again, from what the checkpoints hold
  const file = path.join(run, "run.json");
  const record = JSON.parse(fs.readFileSync(file, "utf8")) as RunRecord;
  expect(record.state).toBe("finished");
  fs.writeFileSync(file, JSON.stringify({ ...record, state: "paused", summary: null }));
  const resumed = peakOf(["train", "--resume", run]);
  expect(JSON.parse(fs.readFileSync(file, "utf8"))).toMatchObject({ state: "finished", summary: record.summary && {} });
  return [begun, resumed];
}

function peakOf(parameters: string[]): number {
  const peakFile = path.join(folder, "peak");
  const program = ["--require", path.join(folder, "peak.cjs"), path.join(dist, "cli.js"), ...parameters];
  const env = { ...process.env, PEAK_FILE: peakFile };
  const { status, stderr } = spawnSync(process.execPath, program, { encoding: "utf8", env });
  expect(status, stderr).toBe(0);
  return Number(fs.readFileSync(peakFile, "utf8"));
}
