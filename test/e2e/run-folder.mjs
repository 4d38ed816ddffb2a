// Reads run folders from the disk, as another program would: what the dashboard shows is compared with this.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The workspace's run folders of one experiment, oldest first (their names start with the time). */
export function runFolders(workspace, name) {
  const runs = path.join(workspace, ".rectiscope", "runs");
  if (!existsSync(runs)) return [];
  const folders = readdirSync(runs).map((folder) => path.join(runs, folder));
  return folders.filter((folder) => existsSync(path.join(folder, "run.json")) && readRun(folder).name === name).sort();
}

/** Writes an experiment on the digits that come with Rectiscope. */
export function writeExperiment(workspace, name, { hidden, epochs }) {
  const training = { learningRate: 0.1, batchSize: 10, epochs, l1: 0.003 };
  const experiment = { dataset: { name: "mnist-sample" }, network: { hidden }, training, seed: 1 };
  writeFileSync(path.join(workspace, `${name}.rectiscope.json`), JSON.stringify(experiment));
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
