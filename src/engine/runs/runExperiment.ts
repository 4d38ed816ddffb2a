/** One run from config to summary: loads the data, trains, writes the run folder, tells listeners. The same for editor and command line. */
import os from "node:os";
import path from "node:path";
import { isSingleThreaded } from "../../common/backends.js";
import { type Experiment, limits } from "../../common/experiment.js";
import { pretrainedLayers } from "../../common/layerValue.js";
import type { WorkerInput } from "../../common/messages.js";
import { type OptimizerName, optimizerOf } from "../../common/optimizers.js";
import { isPretrainingLine, type MetricsLine, type RunRecord } from "../../common/run.js";
import { openEngine } from "../backends/engine.js";
import { DataError } from "../data/dataError.js";
import type { Dataset } from "../data/dataset.js";
import { inputTraits } from "../data/inputTraits.js";
import { pretrainingSet } from "../data/pretrainingSet.js";
import { loadDataset } from "../data/registry.js";
import { keptArrays } from "../kernels/optimizerState.js";
import { NetworkTooLargeError } from "../kernels/wasmKernels.js";
import { type NetworkShape, networkShape, parameterCount } from "../network/network.js";
import { keepExamples } from "../pictures/examples.js";
import { begunPhases, type Phase, phasesOf } from "../training/phases.js";
import { positionOf, type Schedule, scheduleOf } from "../training/schedule.js";
import { newRecord } from "./newRecord.js";
import { readReconstruction } from "./pretrainedCheckpoint.js";
import { readRunRecord } from "./readRun.js";
import { resolvedFor } from "./resolvedConfig.js";
import { Run, type RunListeners, type RunParts } from "./run.js";
import { type LastCheckpoint, readBestCheckpoint, readLastCheckpoint } from "./runCheckpoint.js";
import { runFiles } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";
import { RunWriter } from "./runWriter.js";
import { checkSameData } from "./sameData.js";
import { readWarmStart } from "./warmStart.js";

/**
 * Starts the run of `input`, or with `input.resume` lets the one in `input.runFolder` go on from its last checkpoint.
 * @returns the record of a run that finished, was stopped or paused, or failed while training (its `error` says why)
 * @throws DataError, RunFolderError, NetworkTooLargeError, NoTensorflowError when the run could not start or go on
 */
export async function runExperiment(
  input: WorkerInput,
  listeners: RunListeners,
  { saveMs = 60_000 }: { saveMs?: number } = {},
): Promise<RunRecord> {
  const begun = performance.now();
  const before = input.resume ? await resumable(input.runFolder) : null;
  const begunWith = before?.config ?? input.experiment;
  const config = { ...begunWith, backend: input.backend ?? begunWith.backend };
  const configFile = before?.configFile ? path.resolve(input.runFolder, before.configFile) : input.configFile;
  const dataset = await loadDataset(config.dataset, {
    configFolder: path.dirname(configFile),
    dataFolders: input.dataFolders,
    assets: input.assets,
  });
  if (before) checkSameData(before, dataset, input.runFolder);
  const unlabelled = pretrainedLayers(config) > 0 ? pretrainingSet(dataset) : dataset.train;
  const schedule = scheduleOf(config, dataset.train.n, unlabelled.n);
  const { classes, train, valid } = dataset;
  const data = { classes, train: train.n, valid: valid.n, traits: inputTraits(train.inputs) };
  const experiment = resolvedFor(config, data, configFile);
  checkEvaluations(experiment, schedule, configFile);
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const optimizer = optimizerOf(experiment.training);
  checkSize(shape, optimizer.name, pretrainedLayers(experiment) > 0);
  const { warmStart, seed } = config;
  const initial = warmStart ? readWarmStart(warmStart, path.dirname(configFile), shape, seed) : null;
  const threads = isSingleThreaded(experiment.backend)
    ? 1
    : threadCount(input.threads ?? experiment.threads, input.autoThreads);
  const phases = phasesOf(experiment, shape, schedule, unlabelled.n);
  const { assets, tensorflowFolder = null } = input;
  const { batchSize } = experiment.training;
  const engine = await openEngine(experiment.backend, {
    shape,
    batchSize,
    optimizer,
    threads,
    assets,
    tensorflowFolder,
  });
  try {
    const fresh = newRecord(input, experiment, dataset, shape, phases, engine);
    const opened = before
      ? await goOn(input.runFolder, before, fresh, shape, phases, optimizer.name)
      : begin(input.runFolder, fresh, dataset);
    const { writer, record, ...stands } = opened;
    if (phases.length > 1) keepExamples(input.runFolder, dataset);
    const stop = new Int32Array(input.stop);
    const revive = input.revive ? new Int32Array(input.revive) : null;
    const parts = {
      experiment,
      dataset,
      unlabelled,
      shape,
      schedule,
      phases,
      backend: engine.backend,
      makeAutoencoder: engine.makeAutoencoder,
      initial,
      writer,
      listeners,
      stop,
      revive,
      begun,
      ...stands,
      saveMs,
    };
    try {
      return await new Run(parts, record).go();
    } finally {
      parts.writer.close();
    }
  } finally {
    engine.dispose();
  }
}

type Stands = Pick<RunParts, "from" | "best" | "pretraining" | "reconstruction">;
type Opened = Stands & { writer: RunWriter; record: RunRecord };

const nowhere: Stands = { from: null, best: null, pretraining: null, reconstruction: null };

function begin(folder: string, record: RunRecord, dataset: Dataset): Opened {
  const writer = RunWriter.create(folder, record);
  writer.writeVocabulary(dataset);
  return { writer, record, ...nowhere };
}

/** What the run says of itself stays; what goes on is told by the new record. Nothing is changed before all of it has been read. */
async function goOn(
  folder: string,
  before: RunRecord,
  fresh: RunRecord,
  shape: NetworkShape,
  phases: readonly Phase[],
  optimizer: OptimizerName,
): Promise<Opened> {
  const { heartbeat, source, versions, host, config } = fresh;
  const news = { heartbeat, source, versions, host, config, ended: null, summary: null, error: null };
  let opened: Omit<Opened, "writer"> = { record: fresh, ...nowhere };
  const writer = await RunWriter.goOn(folder, async () => {
    const last = await readLastCheckpoint(folder, shape, optimizer);
    const { training: from = null, pretraining = null } = last ?? {};
    if (pretraining && pretraining.state.layer >= phases.length) throw otherPhases(folder);
    const best = from?.state.best ? readBestCheckpoint(folder, shape).line : null;
    const reconstruction = from && phases.length > 1 ? readReconstruction(folder) : null;
    // without a checkpoint it begins anew, its times and phases too
    const progress = last ? before.progress : fresh.progress;
    const begun = begunPhases(phases, pretraining ? pretraining.state.layer - 1 : phases.length - 1);
    const { phases: _, ...rest } = before;
    const record: RunRecord = { ...rest, ...news, state: "running", progress, ...(last && begun) };
    opened = { record, from, best, pretraining, reconstruction };
    return { keeps: linesBefore(last, phases), record };
  });
  return { writer, ...opened };
}

/** Which lines tell of what came before a checkpoint. */
function linesBefore(last: LastCheckpoint | null, phases: readonly Phase[]): (line: MetricsLine) => boolean {
  if (!last) return () => false;
  const { training, pretraining } = last;
  if (training) {
    const { schedule } = phases.at(-1) as Phase;
    const { step } = positionOf(schedule, training.state.step);
    // a checkpoint at the same step may be from before units were revived
    const revived = positionOf(schedule, training.state.revivedStep).step;
    return (line) => isPretrainingLine(line) || line.step <= (line.kind === "revive" ? revived : step);
  }
  const { layer = 0, step: local = 0 } = pretraining?.state ?? {};
  const { step } = positionOf((phases[layer - 1] as Phase).schedule, local);
  return (line) => isPretrainingLine(line) && (line.layer < layer || (line.layer === layer && line.step <= step));
}

function otherPhases(folder: string): RunFolderError {
  return new RunFolderError(
    `The run ${folder} stands in the pre-training of a layer that its config does not pre-train. Run its config again.`,
    { code: "damaged", file: path.join(folder, runFiles.record) },
  );
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
function checkSize(shape: NetworkShape, optimizer: OptimizerName, pretraining: boolean): void {
  // decoders take as much as encoders
  const arrays = Math.max(1 + keptArrays[optimizer].length, pretraining ? 2 : 0);
  const bytes = parameterCount(shape) * 4 * arrays;
  if (bytes < 2 ** 31 - 2 ** 20) return;
  const what =
    arrays === 1
      ? "parameters"
      : optimizer === "sgd"
        ? "encoders and decoders"
        : `parameters and of what the optimizer ${optimizer} keeps of them`;
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

/** `auto` leaves half of the cores to others. */
function threadCount(threads: Experiment["threads"], auto = Math.floor(os.availableParallelism() / 2)): number {
  return threads === "auto" ? Math.min(limits.threads, Math.max(1, auto)) : threads;
}
