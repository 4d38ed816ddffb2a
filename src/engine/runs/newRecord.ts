/** The record that a run starts with. */
import os from "node:os";
import path from "node:path";
import type { Experiment } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import { type RunRecord, runFolderVersion } from "../../common/run.js";
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
  threads: number,
  kernels: string,
): RunRecord {
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
    versions: { rectiscope: input.version, kernels, node: process.versions.node },
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
