// Reads run folders from the disk, as another program would: what the dashboard shows is compared with this.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The workspace's run folders of one experiment, oldest first (their names start with the time). */
export function runFolders(workspace, name) {
  const runs = path.join(workspace, ".rectiscope", "runs");
  if (!existsSync(runs)) return [];
  const folders = readdirSync(runs).map((folder) => path.join(runs, folder));
  return folders.filter((folder) => existsSync(path.join(folder, "run.json")) && readRun(folder).name === name).sort();
}

/** Writes an experiment on the digits that come with Rectiscope. @param pretraining that section; none unless given */
export function writeExperiment(workspace, name, { hidden, epochs, pretraining }) {
  const training = { learningRate: 0.1, batchSize: 10, epochs, l1: 0.003 };
  const experiment = { dataset: { name: "mnist-sample" }, network: { hidden }, pretraining, training, seed: 1 };
  writeFileSync(path.join(workspace, `${name}.rectiscope.json`), JSON.stringify(experiment));
}

/**
 * Writes a finished run as another program would: so many training lines of invented figures, and an evaluation for each phase.
 * @returns its folder
 */
export function writeForeignRun(workspace, name, { lines, phases }) {
  const folder = path.join(workspace, ".rectiscope", "runs", `2026-01-01T00-00-00-${name}`);
  mkdirSync(folder, { recursive: true });
  const epochs = 10;
  const epochOf = (line) => (line / lines) * epochs;
  const time = "2026-01-01T00:00:00.000Z";
  const layer = (number, units, activation) => ({ layer: number, inputs: 4, units, activation, signs: "none" });
  const progress = { step: lines, totalSteps: lines, epoch: epochs, epochs, samplesPerSecond: 1, remainingSeconds: 0 };
  const run = {
    ...{ version: 1, id: path.basename(folder), name, source: "another program", state: "finished" },
    ...{ created: time, heartbeat: time, ended: time, configFile: null, config: null, dataset: null, seed: null },
    layers: [layer(1, 4, "rectifier"), layer(2, 2, "softmax")],
    versions: { rectiscope: "none", kernels: "none", node: "none" },
    host: { platform: "none", arch: "none", cpus: 1, threads: 1 },
    ...{ progress, phases, summary: null, error: null },
  };
  writeFileSync(path.join(folder, "run.json"), JSON.stringify(run));
  const train = Array.from({ length: lines }, (_, i) => {
    const loss = 1 / (1 + i / 1000) + ((i * 7919) % 101) / 1000;
    const layers = [{ sparsity: 0.5, gradientNorm: 1 }];
    return { kind: "train", step: i + 1, epoch: epochOf(i + 1), set: "train", n: 10, loss, error: loss / 4, layers };
  });
  const counts = { dead: 1, dying: 0, dormant: 0, rare: null, alwaysOn: 0 };
  const norms = { meanActivation: 0.1, weightNorm: 1, gradientNorm: 1, updateRatio: 0.1 };
  const figures = { sparsity: 0.5, nearZero: null, ...counts, activeUnits: null, ...norms };
  const evaluations = phases.map(({ step, epoch }, i) => ({
    ...{ kind: "eval", step, epoch, set: "valid", n: 100, loss: 1, error: 0.5 - i / 10, layers: [figures] },
  }));
  writeFileSync(
    path.join(folder, "metrics.jsonl"),
    [...train, ...evaluations].map((one) => `${JSON.stringify(one)}\n`).join(""),
  );
  return folder;
}

export function readRun(folder) {
  return JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8"));
}

export function readMetrics(folder) {
  const text = readFileSync(path.join(folder, "metrics.jsonl"), "utf8");
  // Without what follows the last line end: a line still being written.
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  return complete
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** The last measurement on the validation set. */
export function lastValidation(folder) {
  return readMetrics(folder).findLast((line) => line.kind === "eval" && line.set === "valid");
}

/** A column of units/<step>.safetensors: of each unit of a layer its value, in single precision or as a step. */
export function readUnitColumn(folder, step, layer, column) {
  const bytes = readFileSync(path.join(folder, "units", `${step}.safetensors`));
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerBytes));
  const { dtype, data_offsets: offsets } = header[`layer${layer}.${column}`];
  const [start, end] = offsets.map((offset) => 8 + headerBytes + offset);
  const values = { F32: [4, "readFloatLE"], F64: [8, "readDoubleLE"], I32: [4, "readInt32LE"] }[dtype];
  return Array.from({ length: (end - start) / values[0] }, (_, k) => bytes[values[1]](start + k * values[0]));
}
