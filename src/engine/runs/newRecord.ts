/** The record that a run starts with. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Experiment } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import { type RunRecord, runFolderVersion } from "../../common/run.js";
import type { Engine } from "../backends/engine.js";
import type { Dataset } from "../data/dataset.js";
import { experimentName } from "../experiment/experimentFile.js";
import { layerShapes, type NetworkShape } from "../network/network.js";
import { type Phase, totalOf } from "../training/phases.js";

export function newRecord(
  input: WorkerInput,
  experiment: Experiment,
  dataset: Dataset,
  shape: NetworkShape,
  phases: readonly Phase[],
  { threads, version }: Pick<Engine, "threads" | "version">,
): RunRecord {
  const wasm = fs.readFileSync(path.join(input.assets, "kernels.wasm"));
  const kernels = createHash("sha256").update(wasm).digest("hex").slice(0, 12);
  const now = new Date().toISOString();
  const { steps: totalSteps, epochs } = totalOf(phases);
  return {
    version: runFolderVersion,
    id: path.basename(input.runFolder),
    name: experimentName(experiment, input.configFile),
    source: `rectiscope ${input.version}`,
    state: "running",
    created: now,
    heartbeat: now,
    ended: null,
    configFile: path.relative(input.runFolder, input.configFile),
    config: experiment,
    layers: layerShapes(shape),
    dataset: {
      name: dataset.name,
      origin: dataset.origin,
      sha256: dataset.sha256,
      train: dataset.train.n,
      valid: dataset.valid.n,
      test: dataset.test.n,
    },
    seed: experiment.seed,
    versions: {
      rectiscope: input.version,
      kernels,
      node: process.versions.node,
      ...(version !== null && { backend: version }),
    },
    host: { platform: process.platform, arch: process.arch, cpus: os.cpus().length, threads },
    progress: {
      step: 0,
      totalSteps,
      epoch: 0,
      epochs,
      samplesPerSecond: 0,
      remainingSeconds: null,
      trainingSeconds: 0,
      trainingExamples: 0,
      seconds: 0,
    },
    summary: null,
    error: null,
  };
}
