/** A run while it goes on: reads the events of training, writes the folder, tells listeners, keeps the heartbeat. */

import type { Experiment } from "../../common/experiment.js";
import { stopSignals } from "../../common/messages.js";
import type {
  EvalLine,
  PretrainingLine,
  Progress,
  ReconstructionResult,
  ReviveLine,
  RunError,
  RunPhase,
  RunRecord,
  RunState,
  RunSummary,
  SetResult,
  TrainLine,
} from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { MakeAutoencoder } from "../backends/autoencoder.js";
import type { Backend } from "../backends/backend.js";
import { arraysOf, loadArrays } from "../backends/backendArrays.js";
import type { Dataset, ExampleSet } from "../data/dataset.js";
import type { UnitHistory } from "../kernels/kernels.js";
import { keptArrays } from "../kernels/optimizerState.js";
import type { NetworkShape } from "../network/network.js";
import { arraysInMemory, type NetworkArrays, wholeParameters } from "../network/networkArrays.js";
import { meanSparsity } from "../sparsity/layerFigures.js";
import { layerPlans } from "../training/layerPlan.js";
import { type Measurement, measure } from "../training/measure.js";
import { begunPhases, type Phase, totalOf, totalWork, workDone } from "../training/phases.js";
import { type Pretrained, Pretraining } from "../training/pretrain.js";
import type { PretrainingCheckpoint } from "../training/pretrainingState.js";
import { positionOf, type Schedule } from "../training/schedule.js";
import { train } from "../training/train.js";
import type { Checkpoint, TrainingState } from "../training/trainingState.js";
import { decoderNoteOf, pretrainedFile } from "./pretrainedCheckpoint.js";
import { readBestCheckpoint } from "./runCheckpoint.js";
import { RunFolderError } from "./runFolderError.js";
import type { RunWriter } from "./runWriter.js";

export interface RunListeners {
  started?(run: RunRecord): void;
  /** At most `framesPerSecond` times a second. */
  frame?(lines: TrainLine[], progress: Progress): void;
  evaluation?(line: EvalLine): void;
  /** Units were revived, after the evaluation at the same step. */
  revival?(line: ReviveLine): void;
  /** A phase of a run that has several begins: all that have begun. */
  phase?(phases: RunPhase[]): void;
  /** Lines of pre-training: at most `framesPerSecond` times a second, and when a layer has been measured. */
  pretraining?(lines: PretrainingLine[], progress: Progress): void;
}

export interface RunParts {
  experiment: Experiment;
  dataset: Dataset;
  /** What is pre-trained on. */
  unlabelled: ExampleSet;
  shape: NetworkShape;
  /** Of the training. */
  schedule: Schedule;
  /** All, in their order; the last is the training. */
  phases: Phase[];
  backend: Backend;
  makeAutoencoder: MakeAutoencoder;
  /** What the network starts with in place of random numbers. */
  initial: NetworkArrays | null;
  writer: RunWriter;
  listeners: RunListeners;
  /** Holds one of stopSignals. */
  stop: Int32Array;
  /** Holds 1 while units are to be revived once; null where nobody can ask for it. */
  revive: Int32Array | null;
  /** When this process began with the run, by performance.now(). */
  begun: number;
  /** Where its pre-training goes on; null where it begins, is over, or there is none. */
  pretraining: PretrainingCheckpoint | null;
  /** How well its layers reconstruct; null unless pre-training is over. */
  reconstruction: ReconstructionResult | null;
  /** Where its training goes on, and the evaluation of the best so far; null where it begins. */
  from: Checkpoint | null;
  best: EvalLine | null;
  /** A checkpoint at least this often: a crash loses at most so much, or what came since the last evaluation. */
  saveMs: number;
}

const framesPerSecond = 15;
const heartbeatMs = 2000;

export class Run {
  /** Of the run, over all phases. */
  private step: number;
  private epoch: number;
  private trainingSeconds: number;
  private trainingExamples: number;
  private readonly secondsBefore: number;
  private lines: TrainLine[] = [];
  private pretrainingLines: PretrainingLine[] = [];
  /** Step of the run at which units were last revived in this process: what the backend holds then is not what was measured. */
  private revivedStep = -1;
  /** The evaluation of what best.safetensors holds; null while there is none. */
  private best: EvalLine | null;
  private reconstruction: ReconstructionResult | null;
  private lastFrame = 0;
  /** Writes where the run stands; null when the backend does not hold that any more. */
  private keep: (() => Promise<void>) | null = null;
  private lastHeartbeat = performance.now();
  private lastSave = performance.now();
  private readonly workBegun: number;
  private readonly trainingBegun = performance.now();

  constructor(
    private readonly parts: RunParts,
    private record: RunRecord,
  ) {
    const { phases, schedule, from, pretraining, best, reconstruction } = parts;
    const begun = pretraining ? (phases[pretraining.state.layer - 1] as Phase).schedule : schedule;
    const stands = from ?? pretraining;
    const at = stands ? positionOf(begun, stands.state.step) : { step: 0, epoch: 0 };
    this.step = at.step;
    this.epoch = at.epoch;
    this.workBegun = workDone(phases, at.step);
    this.best = best;
    this.reconstruction = reconstruction;
    const { trainingSeconds, trainingExamples, seconds } = record.progress;
    this.trainingSeconds = trainingSeconds;
    this.trainingExamples = trainingExamples;
    this.secondsBefore = seconds;
  }

  async go(): Promise<RunRecord> {
    const { listeners, phases, from, stop } = this.parts;
    listeners.started?.(this.record);
    try {
      const pretrained = phases.length > 1 && !from ? await this.pretrain() : null;
      if (pretrained === "stopped") return this.end(stop[0] === stopSignals.pause ? "paused" : "stopped", null);
      const { reason, state } = await this.train(
        pretrained ? arraysInMemory(pretrained.parameters) : this.parts.initial,
      );
      if (reason === "stopped") await this.keep?.();
      if (reason === "stopped" && stop[0] === stopSignals.pause) return this.end("paused", null);
      this.update({ summary: await this.summarise(state) });
      return this.end(reason, null);
    } catch (error) {
      return this.giveUp(await this.rescued(error));
    }
  }

  /**
   * Of a folder that was deleted under the run, what the run still knows is written again: it can go on from there. The best parameters
   * are only known where they are the present ones; if not, what is written now is measured when it goes on, and is the best then.
   */
  private async rescued(error: unknown): Promise<unknown> {
    const { best, keep } = this;
    const { shape, writer, backend } = this.parts;
    if (!(error instanceof RunFolderError && error.code === "missing" && keep)) return error;
    try {
      this.lines = [];
      this.pretrainingLines = [];
      this.parts.writer = writer.again(this.record);
      if (best?.step === this.step && this.revivedStep !== this.step) {
        const history = await backend.readHistory();
        await this.parts.writer.writeBest({ line: best, arrays: arraysOf(backend, shape), history }, shape);
      } else this.best = null;
      if (this.pretrainedFile) await this.parts.writer.writePretrained(this.pretrainedFile);
      await keep();
      return new RunFolderError(
        `The run folder ${writer.folder} was deleted while the run went on. It is there again, with where training stands; what was recorded before is lost.`,
        { code: "deleted", file: writer.folder },
      );
    } catch {
      return error;
    }
  }

  /** What pre-training left, in case that its file is lost; null where this process did not make it. */
  private pretrainedFile: ReturnType<typeof pretrainedFile> | null = null;

  /** All layers, from where the run stands. */
  private async pretrain(): Promise<Pretrained | "stopped"> {
    const { experiment, dataset, unlabelled, shape, phases, makeAutoencoder, initial, pretraining: from } = this.parts;
    let examples = from?.state.examples ?? 0;
    const pretraining = new Pretraining({
      experiment,
      shape,
      schedules: phases.slice(0, -1).map(({ schedule }) => schedule),
      train: unlabelled,
      valid: dataset.valid,
      makeAutoencoder,
      initial: initial && (await wholeParameters(initial)),
      from,
      stopped: () => this.isStopped(),
      stepped: (state, seconds) => {
        this.stepped(phases[state.layer - 1] as Phase, state.step, state.examples - examples, seconds);
        examples = state.examples;
      },
      turn: () => this.turn(),
      betweenSteps: () => this.saveWhenDue(),
    });
    const events = pretraining.events();
    for (;;) {
      const event = await events.next();
      if (event.done) {
        const { value } = event;
        if (value.reason === "finished") return this.pretrained(value.pretrained);
        await this.savePretraining(value.checkpoint);
        return "stopped";
      }
      const { value } = event;
      if (value.kind === "layer") {
        this.keep = async () => this.savePretraining(await pretraining.checkpoint(value.state));
        this.beginPhase(value.layer - 1);
        continue;
      }
      const { writer } = this.parts;
      writer.append(value.line);
      if (value.kind === "reconstruction") {
        // whoever is told of the measurement finds its files
        writer.writePretrainingUnits(value.line, value.units);
        await this.keep?.();
      }
      this.pretrainingLines.push(value.line);
      if (value.kind === "reconstruction") this.beat();
    }
  }

  /** Keeps what all layers have learnt: what other runs can begin with. */
  private async pretrained(pretrained: Pretrained): Promise<Pretrained> {
    const { experiment, dataset, shape, writer } = this.parts;
    const { losses } = pretrained;
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    this.reconstruction = { set: dataset.valid.name, n: dataset.valid.n, layers: losses, mean };
    this.pretrainedFile = pretrainedFile(pretrained, shape, layerPlans(experiment), this.reconstruction);
    await writer.writePretrained(this.pretrainedFile);
    // until the training has been measured for the first time, the run stands where pre-training ended
    this.keep = null;
    return pretrained;
  }

  private async savePretraining(checkpoint: PretrainingCheckpoint): Promise<void> {
    const { experiment, shape } = this.parts;
    const { layer, scale, scales } = checkpoint.state;
    const notes = layerPlans(experiment)
      .slice(0, layer)
      .map((plan, l) => (l < layer - 1 ? decoderNoteOf(plan, scales[l] ?? 1) : decoderNoteOf(plan, scale, scale)));
    this.frame();
    await this.parts.writer.writeLastPretraining(checkpoint, this.step, shape, notes);
    this.lastSave = performance.now();
  }

  private async train(initial: NetworkArrays | null) {
    const { experiment, dataset, shape, schedule, phases, backend, from } = this.parts;
    if (phases.length > 1) this.beginPhase(phases.length - 1);
    let state = from?.state ?? null;
    const task = { experiment, dataset, shape, schedule, backend, initial, from };
    if (state) this.keepTraining(state);
    const events = train({
      ...task,
      stopped: () => this.isStopped(),
      reviveRequested: () => this.parts.revive !== null && Atomics.load(this.parts.revive, 0) === 1,
      stepped: (now, seconds) => {
        this.stepped(phases.at(-1) as Phase, now.step, now.examples - (state?.examples ?? 0), seconds);
        state = { ...now };
        this.keepTraining(state);
      },
      turn: () => this.turn(),
      betweenSteps: () => this.saveWhenDue(),
    });
    for (;;) {
      const event = await events.next();
      if (event.done) {
        this.keepTraining(event.value.state);
        return event.value;
      }
      const { value } = event;
      if (value.kind === "train") {
        this.parts.writer.append(value.line);
        this.lines.push(value.line);
      } else if (value.kind === "revive") await this.revived(value.line, value.state);
      else await this.measured(value.measurement, value.best, value.state);
    }
  }

  private keepTraining(state: TrainingState): void {
    this.keep = async () => {
      const { backend, shape } = this.parts;
      const history = await backend.readHistory();
      this.frame();
      await this.writeLast(arraysOf(backend, shape), history, state);
    };
  }

  /** A state that names a best without its file would be a damaged run. */
  private async writeLast(arrays: NetworkArrays, history: UnitHistory[], state: TrainingState): Promise<void> {
    const { experiment, shape, writer } = this.parts;
    const kept = keptArrays[experiment.training.optimizer];
    const known = this.best ? state : { ...state, best: null, evaluationsSinceBest: 0 };
    await writer.writeLast({ arrays, kept, history, state: known }, this.step, shape);
    this.lastSave = performance.now();
  }

  private isStopped(): boolean {
    return Atomics.load(this.parts.stop, 0) !== stopSignals.goOn;
  }

  private stepped({ schedule }: Phase, step: number, examples: number, seconds: number): void {
    this.trainingExamples += examples;
    this.trainingSeconds += seconds;
    const at = positionOf(schedule, step);
    this.step = at.step;
    this.epoch = at.epoch;
  }

  private async saveWhenDue(): Promise<void> {
    if (performance.now() - this.lastSave > this.parts.saveMs) await this.keep?.();
  }

  /** @param last its place */
  private beginPhase(last: number): void {
    const { phases } = begunPhases(this.parts.phases, last);
    if (!phases) return;
    this.frame();
    this.update({ phases });
    this.parts.listeners.phase?.(phases);
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
    const { listeners } = this.parts;
    if (this.pretrainingLines.length > 0) listeners.pretraining?.(this.pretrainingLines, this.progress());
    listeners.frame?.(this.lines, this.progress());
    this.lines = [];
    this.pretrainingLines = [];
  }

  private async measured(measurement: Measurement, best: boolean, state: TrainingState): Promise<void> {
    const { writer, shape, listeners } = this.parts;
    const { line, arrays, history } = measurement;
    this.frame();
    writer.append(line);
    writer.flush();
    writer.writeUnits(measurement);
    if (best) {
      this.best = line;
      await writer.writeBest(measurement, shape);
    }
    this.keepTraining(state);
    await this.writeLast(arrays, history, state);
    this.beat();
    listeners.evaluation?.(line);
  }

  private async revived(line: ReviveLine, state: TrainingState): Promise<void> {
    const { writer, backend, shape, revive, listeners } = this.parts;
    if (revive) Atomics.store(revive, 0, 0);
    this.revivedStep = line.step;
    writer.append(line);
    this.keepTraining(state);
    this.frame();
    // what a person asked for is not to be lost
    await this.writeLast(arraysOf(backend, shape), await backend.readHistory(), state);
    listeners.revival?.(line);
  }

  /** Measures the test set at the checkpoint with the best validation error. */
  private async summarise(state: TrainingState): Promise<RunSummary> {
    const { backend, dataset, shape, schedule, writer, listeners } = this.parts;
    // a folder that is gone by now is noticed while the backend still holds where training stands
    this.beat();
    const best = readBestCheckpoint(writer.folder, shape);
    this.keep = null;
    await loadArrays(backend, best.arrays, []);
    await backend.loadHistory(best.history);
    const measuring = { ...this.parts, turn: () => this.turn() };
    const test = await measure(measuring, dataset.test, best.line.step - schedule.before.steps, null);
    writer.append(test.line);
    writer.flush();
    listeners.evaluation?.(test.line);
    const { set, n, layers } = best.line;
    const exact = layers.length > 0 && hasExactZeros(shape.activation);
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
      ...(this.reconstruction && { reconstruction: this.reconstruction }),
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
    const { phases, begun } = this.parts;
    const { step, epoch } = this;
    const { steps: totalSteps, epochs } = totalOf(phases);
    const now = performance.now();
    const done = workDone(phases, step);
    const secondsAWork = (now - this.trainingBegun) / 1000 / (done - this.workBegun);
    return {
      step,
      totalSteps,
      epoch: Math.min(epochs, epoch),
      epochs,
      samplesPerSecond: this.samplesPerSecond(),
      remainingSeconds: done > this.workBegun ? secondsAWork * (totalWork(phases) - done) : null,
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
