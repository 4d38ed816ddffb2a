/** One run from config to summary: loads the data, trains, writes the run folder, tells listeners. The same for editor and command line. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Experiment, limits } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import { type OptimizerName, optimizerOf } from "../../common/optimizers.js";
import type { RunRecord } from "../../common/run.js";
import { BuiltinBackend, evaluationBatch } from "../backends/builtin.js";
import { DataError } from "../data/dataError.js";
import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/registry.js";
import { keptArrays } from "../kernels/optimizerState.js";
import { NetworkTooLargeError, WasmKernels } from "../kernels/wasmKernels.js";
import { type NetworkShape, networkShape, parameterCount } from "../network/network.js";
import { teamStarter } from "../startTeam.js";
import { type Schedule, scheduleOf } from "../training/schedule.js";
import type { Checkpoint } from "../training/trainingState.js";
import { newRecord } from "./newRecord.js";
import { readRunRecord } from "./readRun.js";
import { resolvedFor } from "./resolvedConfig.js";
import { Run, type RunListeners } from "./run.js";
import { type BestCheckpoint, readBestCheckpoint, readLastCheckpoint } from "./runCheckpoint.js";
import { runFiles } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";
import { RunWriter } from "./runWriter.js";
import { readWarmStart } from "./warmStart.js";

/**
 * Starts the run of `input`, or with `input.resume` lets the one in `input.runFolder` go on from its last checkpoint.
 * @returns the record of a run that finished, was stopped or paused, or failed while training (its `error` says why)
 * @throws DataError, RunFolderError, NetworkTooLargeError when the run could not start or go on
 */
export async function runExperiment(
  input: WorkerInput,
  listeners: RunListeners,
  { saveMs = 60_000 }: { saveMs?: number } = {},
): Promise<RunRecord> {
  const begun = performance.now();
  const before = input.resume ? await resumable(input.runFolder) : null;
  const config = before?.config ?? input.experiment;
  const configFile = before?.configFile ? path.resolve(input.runFolder, before.configFile) : input.configFile;
  const dataset = await loadDataset(config.dataset, {
    configFolder: path.dirname(configFile),
    dataFolders: input.dataFolders,
    assets: input.assets,
  });
  if (before) checkSameData(before, dataset, input.runFolder);
  const schedule = scheduleOf(config, dataset.train.n);
  const experiment = resolvedFor(config, {
    classes: dataset.classes,
    train: dataset.train.n,
    valid: dataset.valid.n,
  });
  checkEvaluations(experiment, schedule, configFile);
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const optimizer = optimizerOf(experiment.training);
  checkSize(shape, optimizer.name);
  const initial = config.warmStart ? readWarmStart(config.warmStart, path.dirname(configFile), shape) : null;
  const threads = threadCount(input.threads ?? experiment.threads, input.autoThreads);
  const wasm = fs.readFileSync(path.join(input.assets, "kernels.wasm"));
  const capacity = Math.max(experiment.training.batchSize, evaluationBatch);
  const module = await WebAssembly.compile(wasm);
  const kernels = new WasmKernels(module, shape, capacity, threads, teamStarter(input.assets), optimizer);
  const backend = new BuiltinBackend(kernels);
  try {
    await kernels.ready();
    const fresh = newRecord(input, experiment, dataset, shape, threads, sha256(wasm).slice(0, 12));
    const opened = before
      ? goOn(input.runFolder, before, fresh, shape, optimizer.name)
      : begin(input.runFolder, fresh, dataset);
    const { writer, record, from, best } = opened;
    const stop = new Int32Array(input.stop);
    const parts = {
      experiment,
      dataset,
      shape,
      schedule,
      backend,
      initial,
      writer,
      listeners,
      stop,
      begun,
      from,
      best,
      saveMs,
    };
    try {
      return await new Run(parts, record).go();
    } finally {
      parts.writer.close();
    }
  } finally {
    backend.dispose();
  }
}

interface Opened {
  writer: RunWriter;
  record: RunRecord;
  from: Checkpoint | null;
  best: BestCheckpoint | null;
}

function begin(folder: string, record: RunRecord, dataset: Dataset): Opened {
  const writer = RunWriter.create(folder, record);
  writer.writeVocabulary(dataset);
  return { writer, record, from: null, best: null };
}

/** What the run says of itself stays; what goes on is told by the new record. Nothing is changed before all of it has been read. */
function goOn(
  folder: string,
  before: RunRecord,
  fresh: RunRecord,
  shape: NetworkShape,
  optimizer: OptimizerName,
): Opened {
  const { heartbeat, source, versions, host, config } = fresh;
  const news = { heartbeat, source, versions, host, config, ended: null, summary: null, error: null };
  let opened: Omit<Opened, "writer"> = { record: fresh, from: null, best: null };
  const writer = RunWriter.goOn(folder, () => {
    const from = readLastCheckpoint(folder, shape, optimizer);
    const best = from?.state.best ? readBestCheckpoint(folder, shape) : null;
    // without a checkpoint it begins anew, its times too
    const progress = from ? before.progress : fresh.progress;
    opened = { record: { ...before, ...news, state: "running", progress }, from, best };
    return { step: from?.state.step ?? -1, record: opened.record };
  });
  return { writer, ...opened };
}

/** More could neither be shown nor read. */
const mostEvaluations = 100_000;

function checkEvaluations(experiment: Experiment, { totalSteps, stepsPerEvaluation }: Schedule, file: string): void {
  const evaluations = Math.ceil(totalSteps / stepsPerEvaluation);
  if (evaluations <= mostEvaluations) return;
  throw new DataError(
    `${path.basename(file)}: evaluation.everySteps is ${stepsPerEvaluation}, which makes ${evaluations} evaluations of ${totalSteps} steps; there may be ${mostEvaluations}. Set it to at least ${Math.ceil(totalSteps / mostEvaluations)}, or train for fewer epochs.`,
    { code: "tooManyEvaluations", file, key: "evaluation.everySteps", value: experiment.evaluation.everySteps },
  );
}

/** A checkpoint is one file, which has to fit into one buffer. */
function checkSize(shape: NetworkShape, optimizer: OptimizerName): void {
  const bytes = parameterCount(shape) * 4 * (1 + keptArrays[optimizer].length);
  if (bytes < 2 ** 31 - 2 ** 20) return;
  const what = optimizer === "sgd" ? "parameters" : `parameters and of what the optimizer ${optimizer} keeps of them`;
  throw new NetworkTooLargeError(
    `The network has ${(bytes / 2 ** 30).toFixed(1)} GiB of ${what}; a checkpoint holds less than 2 GiB. Use narrower hidden layers.`,
  );
}

/** @throws RunFolderError when the run is over, or not one of ours */
async function resumable(folder: string): Promise<RunRecord> {
  const record = await readRunRecord(folder);
  const file = path.join(folder, runFiles.record);
  if (record.state === "finished")
    throw new RunFolderError(`The run ${folder} has finished: there is nothing to resume. Run its config again.`, {
      code: "finished",
      file,
    });
  if (!record.config)
    throw new RunFolderError(
      `The run ${folder} was made by another program (${record.source}) and cannot be resumed here.`,
      {
        code: "noConfig",
        file,
      },
    );
  return record;
}

function checkSameData({ dataset: then }: RunRecord, now: Dataset, folder: string): void {
  if (!then || then.sha256 === now.sha256) return;
  throw new RunFolderError(
    `The run ${folder} was trained on other data: ${then.name} from ${then.origin} is not what is now in ${now.origin}. Put the data back, or run the config again.`,
    { code: "otherData", file: now.origin },
  );
}

/** `auto` leaves half of the cores to others. */
function threadCount(threads: Experiment["threads"], auto = Math.floor(os.availableParallelism() / 2)): number {
  return threads === "auto" ? Math.min(limits.threads, Math.max(1, auto)) : threads;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
