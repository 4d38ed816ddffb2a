/** One run from config to summary: loads the data, trains, writes the run folder, tells listeners. The same for editor and command line. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Experiment } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import type { EvalLine, Progress, RunError, RunRecord, RunSummary, TrainLine } from "../../common/run.js";
import { runFolderVersion } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { Backend } from "../backends/backend.js";
import { BuiltinBackend, evaluationBatch } from "../backends/builtin.js";
import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/registry.js";
import { experimentName, resolveExperiment } from "../experiment/experimentFile.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import { layerShapes, type NetworkShape, networkShape } from "../network/network.js";
import { meanSparsity } from "../sparsity/layerFigures.js";
import { teamStarter } from "../startTeam.js";
import { scheduleOf } from "../training/schedule.js";
import { type Counters, type Measurement, measure, type TrainEnd, train } from "../training/train.js";
import { RunWriter } from "./runWriter.js";

export interface RunListeners {
  started?(run: RunRecord): void;
  /** At most `framesPerSecond` times a second. */
  frame?(lines: TrainLine[], progress: Progress): void;
  evaluation?(line: EvalLine): void;
}

const framesPerSecond = 15;
const heartbeatMs = 2000;

/**
 * @returns the record of a run that finished, was stopped, or failed while training (its `error` says why)
 * @throws DataError, RunFolderError, NetworkTooLargeError when the run could not start or its folder could no longer be written
 */
export async function runExperiment(input: WorkerInput, listeners: RunListeners): Promise<RunRecord> {
  const begun = performance.now();
  const experiment = resolveExperiment(input.experiment);
  const dataset = await loadDataset(experiment.dataset, {
    configFolder: path.dirname(input.configFile),
    dataFolders: input.dataFolders,
    assets: input.assets,
  });
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const threads = threadCount(experiment.threads);
  const wasm = fs.readFileSync(path.join(input.assets, "kernels.wasm"));
  const capacity = Math.max(experiment.training.batchSize, evaluationBatch);
  const module = await WebAssembly.compile(wasm);
  const kernels = new WasmKernels(module, shape, capacity, threads, teamStarter(input.assets));
  const backend = new BuiltinBackend(kernels);
  const stop = new Int32Array(input.stop);
  try {
    const record = newRecord(input, experiment, dataset, shape, threads, sha256(wasm).slice(0, 12));
    const writer = new RunWriter(input.runFolder, record);
    try {
      return await new Run({ experiment, dataset, shape, backend, writer, listeners, stop, begun }, record).go();
    } finally {
      writer.close();
    }
  } finally {
    backend.dispose();
  }
}

interface RunParts {
  experiment: Experiment;
  dataset: Dataset;
  shape: NetworkShape;
  backend: Backend;
  writer: RunWriter;
  listeners: RunListeners;
  /** Not 0: stop at the next step. */
  stop: Int32Array;
  /** When the run began, by performance.now(). */
  begun: number;
}

class Run {
  private readonly counters: Counters = { step: 0, examples: 0, seconds: 0 };
  private lines: TrainLine[] = [];
  private best: Measurement | null = null;
  private lastFrame = 0;
  private lastHeartbeat = performance.now();
  private trainingBegun = 0;

  constructor(
    private readonly parts: RunParts,
    private record: RunRecord,
  ) {}

  async go(): Promise<RunRecord> {
    this.parts.listeners.started?.(this.record);
    try {
      const state = await this.train();
      this.update({ summary: await this.summarise() });
      return this.end(state, null);
    } catch (error) {
      return this.fail(error);
    }
  }

  private async train(): Promise<TrainEnd> {
    const { counters } = this;
    const { experiment, dataset, backend, stop } = this.parts;
    const stopped = () => Atomics.load(stop, 0) !== 0;
    this.trainingBegun = performance.now();
    const events = train({ experiment, dataset, backend, stopped, counters });
    for (;;) {
      const event = await events.next();
      if (event.done) return event.value;
      if (event.value.kind === "train") this.take(event.value.line);
      if (event.value.kind === "eval") this.measured(event.value.measurement, event.value.best);
      const now = performance.now();
      if (now - this.lastFrame > 1000 / framesPerSecond) {
        this.frame();
        this.lastFrame = now;
        await turn();
      }
      if (now - this.lastHeartbeat > heartbeatMs) this.beat();
    }
  }

  private take(line: TrainLine): void {
    this.parts.writer.append(line);
    this.lines.push(line);
  }

  private frame(): void {
    this.parts.writer.flush();
    this.parts.listeners.frame?.(this.lines, this.progress());
    this.lines = [];
  }

  private measured(measurement: Measurement, best: boolean): void {
    this.frame();
    this.parts.writer.append(measurement.line);
    this.parts.writer.flush();
    this.parts.writer.writeUnits(measurement);
    if (best) {
      this.best = measurement;
      this.parts.writer.writeCheckpoint("best", measurement, this.network());
    }
    this.parts.writer.writeCheckpoint("last", measurement, this.network());
    this.beat();
    this.parts.listeners.evaluation?.(measurement.line);
  }

  /** Measures the test set at the checkpoint with the best validation error. */
  private async summarise(): Promise<RunSummary> {
    const { best, counters } = this;
    const { backend, dataset, experiment, shape } = this.parts;
    if (!best) throw new Error("A run that was trained has been measured.");
    await backend.load(best.parameters);
    await backend.loadHistory(best.history);
    const schedule = scheduleOf(experiment, dataset.train.n);
    const test = await measure({ experiment, backend }, shape, schedule, dataset.test, best.line.step, null);
    this.parts.writer.append(test.line);
    this.parts.writer.flush();
    this.parts.listeners.evaluation?.(test.line);
    const { set, n, error, loss, layers } = best.line;
    const exact = hasExactZeros(shape.activation);
    const dead = layers.map((layer) => layer.dead ?? 0);
    return {
      epochs: counters.step / schedule.stepsPerEpoch,
      bestEpoch: best.line.epoch,
      bestStep: best.line.step,
      test: { set: test.line.set, n: test.line.n, error: test.line.error, loss: test.line.loss },
      valid: { set, n, error, loss },
      sparsity: exact
        ? { set, n, mean: meanSparsity(layers) ?? 0, layers: layers.map((layer) => layer.sparsity ?? 0) }
        : null,
      dead: exact ? { set, n, total: dead.reduce((sum, units) => sum + units, 0), layers: dead } : null,
      samplesPerSecond: counters.seconds > 0 ? counters.examples / counters.seconds : 0,
      seconds: (performance.now() - this.parts.begun) / 1000,
    };
  }

  /** A loss that is no number is the experiment's failure; what cannot be written is the folder's, and is thrown on. */
  private fail(error: unknown): RunRecord {
    const runError = runErrorOf(error);
    try {
      this.frame();
      return this.end("failed", runError);
    } catch {
      throw error;
    }
  }

  private end(state: RunRecord["state"], error: RunError | null): RunRecord {
    this.update({ state, error, ended: new Date().toISOString() });
    return this.record;
  }

  private beat(): void {
    this.lastHeartbeat = performance.now();
    this.update({});
  }

  private update(change: Partial<RunRecord>): void {
    this.record = { ...this.record, heartbeat: new Date().toISOString(), progress: this.progress(), ...change };
    this.parts.writer.writeRecord(this.record);
  }

  private progress(): Progress {
    const { counters } = this;
    const { experiment, dataset } = this.parts;
    const { stepsPerEpoch, totalSteps } = scheduleOf(experiment, dataset.train.n);
    const elapsed = (performance.now() - this.trainingBegun) / 1000;
    const { epochs } = experiment.training;
    return {
      step: counters.step,
      totalSteps,
      epoch: Math.min(epochs, counters.step / stepsPerEpoch),
      epochs,
      samplesPerSecond: counters.seconds > 0 ? counters.examples / counters.seconds : 0,
      remainingSeconds: counters.step > 0 ? (elapsed * (totalSteps - counters.step)) / counters.step : null,
    };
  }

  /** What a reader of a checkpoint needs to compute with it. */
  private network(): Record<string, string> {
    const { activation, sharpness, signs, inputs, hidden, classes } = this.parts.shape;
    return { activation, sharpness: String(sharpness), signs, sizes: [inputs, ...hidden, classes].join(",") };
  }
}

/** What the run's record keeps of an error. */
export function runErrorOf(error: unknown): RunError {
  if (!(error instanceof Error)) return { code: "unexpected", message: String(error) };
  const { code, file, key, value, step, layer } = error as Error & Partial<RunError>;
  return { code: code ?? "unexpected", message: error.message, file, key, value, step, layer };
}

function newRecord(
  input: WorkerInput,
  experiment: Experiment,
  dataset: Dataset,
  shape: NetworkShape,
  threads: number,
  kernels: string,
): RunRecord {
  const now = new Date().toISOString();
  const { totalSteps } = scheduleOf(experiment, dataset.train.n);
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
      epochs: experiment.training.epochs,
      samplesPerSecond: 0,
      remainingSeconds: null,
    },
    summary: null,
    error: null,
  };
}

/** `auto` leaves half of the cores to the editor. */
function threadCount(threads: Experiment["threads"]): number {
  return threads === "auto" ? Math.min(8, Math.max(1, Math.floor(os.availableParallelism() / 2))) : threads;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Lets timers, messages and signals through. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
