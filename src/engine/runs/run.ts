/** A run while it goes on: reads the events of training, writes the folder, tells listeners, keeps the heartbeat. */

import type { Experiment } from "../../common/experiment.js";
import { stopSignals } from "../../common/messages.js";
import type {
  EvalLine,
  Progress,
  RunError,
  RunRecord,
  RunState,
  RunSummary,
  SetResult,
  TrainLine,
} from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { Backend } from "../backends/backend.js";
import type { Dataset } from "../data/dataset.js";
import type { NetworkShape, Parameters } from "../network/network.js";
import { meanSparsity } from "../sparsity/layerFigures.js";
import { type Measurement, measure } from "../training/measure.js";
import type { Schedule } from "../training/schedule.js";
import { type TrainEnd, train } from "../training/train.js";
import type { Checkpoint, TrainingState } from "../training/trainingState.js";
import type { BestCheckpoint } from "./runCheckpoint.js";
import { RunFolderError } from "./runFolderError.js";
import type { RunWriter } from "./runWriter.js";

export interface RunListeners {
  started?(run: RunRecord): void;
  /** At most `framesPerSecond` times a second. */
  frame?(lines: TrainLine[], progress: Progress): void;
  evaluation?(line: EvalLine): void;
}

export interface RunParts {
  experiment: Experiment;
  dataset: Dataset;
  shape: NetworkShape;
  schedule: Schedule;
  backend: Backend;
  /** What the network starts with in place of random numbers. */
  initial: Parameters | null;
  writer: RunWriter;
  listeners: RunListeners;
  /** Holds one of stopSignals. */
  stop: Int32Array;
  /** When this process began with the run, by performance.now(). */
  begun: number;
  /** Where it goes on, and the best so far; null for a run that begins. */
  from: Checkpoint | null;
  best: BestCheckpoint | null;
  /** A checkpoint at least this often: a crash loses at most so much, or what came since the last evaluation. */
  saveMs: number;
}

const framesPerSecond = 15;
const heartbeatMs = 2000;

export class Run {
  private state: TrainingState | null;
  private trainingSeconds: number;
  private trainingExamples: number;
  private readonly secondsBefore: number;
  private lines: TrainLine[] = [];
  private best: BestCheckpoint | null;
  private lastFrame = 0;
  /** The backend holds the parameters where training stands: true until the best ones are measured on the test set. */
  private standing = true;
  private lastHeartbeat = performance.now();
  private lastSave = performance.now();
  private trainingBegun = performance.now();
  private readonly stepBegun: number;

  constructor(
    private readonly parts: RunParts,
    private record: RunRecord,
  ) {
    this.state = parts.from?.state ?? null;
    this.stepBegun = this.state?.step ?? 0;
    this.best = parts.best;
    const { trainingSeconds, trainingExamples, seconds } = record.progress;
    this.trainingSeconds = trainingSeconds;
    this.trainingExamples = trainingExamples;
    this.secondsBefore = seconds;
  }

  async go(): Promise<RunRecord> {
    const { listeners } = this.parts;
    listeners.started?.(this.record);
    try {
      const { reason, state } = await this.train();
      if (reason === "stopped") await this.save(state);
      if (reason === "stopped" && this.parts.stop[0] === stopSignals.pause) return this.end("paused", null);
      this.update({ summary: await this.summarise(state) });
      return this.end(reason, null);
    } catch (error) {
      return this.giveUp(await this.rescued(error));
    }
  }

  /** Of a folder that was deleted under the run, what the run still knows is written again: it can go on from there. */
  private async rescued(error: unknown): Promise<unknown> {
    const { state, best, standing } = this;
    const { shape, writer } = this.parts;
    if (!(error instanceof RunFolderError && error.code === "missing" && state && standing)) return error;
    try {
      const checkpoint = await this.checkpoint(state);
      this.parts.writer = writer.again(this.record);
      if (best) this.parts.writer.writeBest(best, shape);
      this.parts.writer.writeLast(checkpoint, shape);
      this.lines = [];
      return new RunFolderError(
        `The run folder ${writer.folder} was deleted while the run went on. It is there again, with where training stands; what was recorded before is lost.`,
        { code: "deleted", file: writer.folder },
      );
    } catch {
      return error;
    }
  }

  private async train(): Promise<TrainEnd> {
    const { experiment, dataset, shape, schedule, backend, initial, from, stop } = this.parts;
    this.trainingBegun = performance.now();
    const events = train({
      experiment,
      dataset,
      shape,
      schedule,
      backend,
      initial,
      from,
      stopped: () => Atomics.load(stop, 0) !== stopSignals.goOn,
      stepped: (state, seconds) => {
        this.trainingExamples += state.examples - (this.state?.examples ?? 0);
        this.trainingSeconds += seconds;
        this.state = { ...state };
      },
      turn: () => this.turn(),
      betweenSteps: async (state) => {
        if (performance.now() - this.lastSave > this.parts.saveMs) await this.save(state);
      },
    });
    for (;;) {
      const event = await events.next();
      if (event.done) return event.value;
      const { value } = event;
      if (value.kind === "train") {
        this.parts.writer.append(value.line);
        this.lines.push(value.line);
      } else await this.measured(value.measurement, value.best, value.state);
    }
  }

  /** What has to happen every now and then, whatever takes long: frames and the heartbeat; and others' turn. */
  private async turn(): Promise<void> {
    const now = performance.now();
    if (now - this.lastFrame > 1000 / framesPerSecond) this.frame();
    if (now - this.lastHeartbeat > heartbeatMs) this.beat();
    await new Promise((resolve) => setImmediate(resolve));
  }

  private frame(): void {
    this.lastFrame = performance.now();
    this.parts.writer.flush();
    this.parts.listeners.frame?.(this.lines, this.progress());
    this.lines = [];
  }

  private async measured(measurement: Measurement, best: boolean, state: TrainingState): Promise<void> {
    const { writer, shape, listeners, backend } = this.parts;
    const { line, parameters, history } = measurement;
    this.frame();
    writer.append(line);
    writer.flush();
    writer.writeUnits(measurement);
    if (best) {
      this.best = { line, parameters, history };
      writer.writeBest(measurement, shape);
    }
    writer.writeLast({ parameters, optimizerState: await backend.readOptimizerState(), history, state }, shape);
    this.lastSave = performance.now();
    this.beat();
    listeners.evaluation?.(line);
  }

  /** Keeps where training stands. */
  private async save(state: TrainingState): Promise<void> {
    const { writer, shape } = this.parts;
    this.frame();
    writer.writeLast(await this.checkpoint(state), shape);
    this.lastSave = performance.now();
  }

  private async checkpoint(state: TrainingState): Promise<Checkpoint> {
    const { backend } = this.parts;
    const parameters = await backend.read();
    return {
      parameters,
      optimizerState: await backend.readOptimizerState(),
      history: await backend.readHistory(),
      state,
    };
  }

  /** Measures the test set at the checkpoint with the best validation error. */
  private async summarise(state: TrainingState): Promise<RunSummary> {
    const { best } = this;
    const { backend, dataset, shape, schedule, writer, listeners } = this.parts;
    if (!best) throw new Error("A run that was trained has been measured.");
    this.standing = false;
    await backend.load(best.parameters);
    await backend.loadHistory(best.history);
    const measuring = { ...this.parts, turn: () => this.turn() };
    const test = await measure(measuring, dataset.test, best.line.step, null);
    writer.append(test.line);
    writer.flush();
    listeners.evaluation?.(test.line);
    const { set, n, layers } = best.line;
    const exact = hasExactZeros(shape.activation);
    const dead = layers.map((layer) => layer.dead ?? 0);
    return {
      epochs: state.step / schedule.stepsPerEpoch,
      bestEpoch: best.line.epoch,
      bestStep: best.line.step,
      test: setResultOf(test.line),
      valid: setResultOf(best.line),
      sparsity: exact
        ? { set, n, mean: meanSparsity(layers) ?? 0, layers: layers.map((layer) => layer.sparsity ?? 0) }
        : null,
      dead: exact ? { set, n, total: dead.reduce((sum, units) => sum + units, 0), layers: dead } : null,
      samplesPerSecond: this.samplesPerSecond(),
      seconds: this.progress().seconds,
    };
  }

  /**
   * A folder that cannot be written pauses the run: it can go on when there is room again. Anything else has failed.
   * Where not even the record can be written, or it is another process's by now, the caller is told all the same.
   */
  private giveUp(error: unknown): RunRecord {
    const pausing = ["diskFull", "notWritable", "locked", "deleted"];
    const state: RunState = error instanceof RunFolderError && pausing.includes(error.code) ? "paused" : "failed";
    try {
      this.frame();
    } catch {
      // the error that led here is the one to tell
    }
    try {
      return this.end(state, runErrorOf(error));
    } catch {
      return this.record;
    }
  }

  private end(state: RunState, error: RunError | null): RunRecord {
    this.update({ state, error, ended: new Date().toISOString() });
    return this.record;
  }

  private beat(): void {
    this.lastHeartbeat = performance.now();
    this.parts.writer.beat();
    this.update({});
  }

  private update(change: Partial<RunRecord>): void {
    this.record = { ...this.record, heartbeat: new Date().toISOString(), progress: this.progress(), ...change };
    this.parts.writer.writeRecord(this.record);
  }

  private progress(): Progress {
    const { experiment, schedule, begun } = this.parts;
    const { stepsPerEpoch, totalSteps } = schedule;
    const step = this.state?.step ?? 0;
    const now = performance.now();
    const secondsAStep = (now - this.trainingBegun) / 1000 / (step - this.stepBegun);
    const { epochs } = experiment.training;
    return {
      step,
      totalSteps,
      epoch: Math.min(epochs, step / stepsPerEpoch),
      epochs,
      samplesPerSecond: this.samplesPerSecond(),
      remainingSeconds: step > this.stepBegun ? secondsAStep * (totalSteps - step) : null,
      trainingSeconds: this.trainingSeconds,
      trainingExamples: this.trainingExamples,
      seconds: this.secondsBefore + (now - begun) / 1000,
    };
  }

  private samplesPerSecond(): number {
    return this.trainingSeconds > 0 ? this.trainingExamples / this.trainingSeconds : 0;
  }
}

function setResultOf({ set, n, error, loss, rmse }: EvalLine): SetResult {
  return { set, n, error, loss, ...(rmse !== undefined && { rmse }) };
}

/** What the run's record keeps of an error. */
export function runErrorOf(error: unknown): RunError {
  if (!(error instanceof Error)) return { code: "unexpected", message: String(error) };
  const { code, file, key, value, step, layer } = error as Error & Partial<RunError>;
  return { code: code ?? "unexpected", message: error.message, file, key, value, step, layer };
}
