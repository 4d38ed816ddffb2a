/**
 * Supervised training (the paper, section 4): step by step on mini-batches, reshuffled before every epoch, measured on the validation
 * set. Says what happens as a stream of events and touches nothing else: who reads them writes files, draws, or stops.
 */
import { reviveCriterionOf } from "../../common/revive.js";
import type { ReviveLine, TrainLine } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { Awaitable } from "../backends/backend.js";
import { loadArrays } from "../backends/backendArrays.js";
import type { Dataset } from "../data/dataset.js";
import { keptArrays } from "../kernels/optimizerState.js";
import { initialArrays } from "../network/initialise.js";
import type { NetworkArrays } from "../network/networkArrays.js";
import { Random } from "../network/random.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import { type Measurement, type Measuring, measure } from "./measure.js";
import { NonFiniteError } from "./nonFinite.js";
import { movesPenalty, nextPenalty, notePenalty } from "./penalty.js";
import { outcomeOf, reviveUnits, unitsToRevive } from "./revive.js";
import { positionOf } from "./schedule.js";
import { addStep, meanNorms, meanPenalty, noSteps, trainLineOf } from "./stepSums.js";
import { type Checkpoint, initialState, type TrainingState } from "./trainingState.js";

/** When an event is told, `state` is what a checkpoint at that moment has to hold. */
export type TrainEvent =
  | { kind: "train"; line: TrainLine; state: TrainingState }
  /** On the validation set; `best` when its error is lower than any before. */
  | { kind: "eval"; measurement: Measurement; best: boolean; state: TrainingState }
  /** Units were revived, after the evaluation at the same step. */
  | { kind: "revive"; line: ReviveLine; state: TrainingState };

export interface TrainEnd {
  reason: "finished" | "stopped";
  state: TrainingState;
}

export interface Training extends Measuring {
  dataset: Dataset;
  /** What the network starts with, in place of random parameters. */
  initial?: NetworkArrays | null;
  /** Where to go on; null begins. */
  from: Checkpoint | null;
  /** Asked before every step. */
  stopped(): boolean;
  /** Asked before every step, and before `stopped`: whether units are to be revived once, until a `revive` event tells that they were. */
  reviveRequested?(): boolean;
  /** Called now and then between two steps: where a checkpoint can be taken. */
  betweenSteps(state: TrainingState): Awaitable<void>;
  /** Told after every step, with the seconds that it took. */
  stepped(state: TrainingState, seconds: number): void;
}

/** `turn` is called at least this often. */
const turnMs = 40;

/**
 * A stopped training leaves no trace in the events: one that goes on from its state tells the same as one that never stopped.
 * @throws NonFiniteError when a loss is not finite; the last measurement before it is good
 */
export async function* train(training: Training): AsyncGenerator<TrainEvent, TrainEnd> {
  const { experiment, dataset, backend, initial, from, shape, schedule } = training;
  const { learningRate, batchSize, patience, revive, optimizer } = experiment.training;
  const layers = shape.hidden.length;
  const movesL1 = movesPenalty(experiment.training);
  const state = structuredClone(from?.state ?? initialState(layers, experiment.training));
  await loadArrays(backend, from?.arrays ?? initial ?? initialArrays(shape, experiment.seed), from?.kept ?? []);
  if (from) await backend.loadHistory(from.history);

  const takeLine = (): TrainEvent => {
    const line = trainLineOf(state.sinceLine, shape, state.step, schedule, movesL1);
    state.sinceLine = noSteps(layers);
    return { kind: "train", line, state };
  };
  /** Of the last measurement, in memory as long as it is that of the present step. */
  let measured: LayerStatistics[] | null = null;
  const takeMeasurement = async (): Promise<TrainEvent> => {
    const measurement = await measure(training, dataset.valid, state.step, meanNorms(state.sinceEvaluation));
    const { line, statistics } = measurement;
    const { error } = line;
    const best = state.best === null || error < state.best.error;
    if (best) state.best = { step: state.step, error };
    if (movesL1 && state.sinceEvaluation.steps > 0) line.l1 = meanPenalty(state.sinceEvaluation);
    if (state.revived) line.revival = outcomeOf(state.revived, statistics, experiment.evaluation, schedule);
    state.revived = null;
    state.evaluationsSinceBest = best ? 0 : state.evaluationsSinceBest + 1;
    state.measuredStep = state.step;
    state.sinceEvaluation = noSteps(layers);
    measured = statistics;
    return { kind: "eval", measurement, best, state };
  };
  const reviveNow = async (requested: boolean): Promise<TrainEvent> => {
    const { valid } = dataset;
    // a training that goes on stands after the measurement
    const statistics = measured ?? (await backend.evaluate(valid, training.turn)).layers;
    const criterion = reviveCriterionOf(experiment);
    const units = statistics.map((layer) => unitsToRevive(layer, criterion, experiment.evaluation.dormantThreshold));
    const { step } = state;
    await reviveUnits(backend, shape, keptArrays[optimizer], units, { seed: experiment.seed, step });
    const revived = units.some((layer) => layer.length > 0);
    state.revivedStep = step;
    state.revived = revived ? { step, criterion, units } : null;
    if (revived && revive) state.l1PausedUntil = step + revive.pauseL1Epochs * schedule.stepsPerEpoch;
    const exact = hasExactZeros(shape.activation);
    const line: ReviveLine = {
      kind: "revive",
      ...positionOf(schedule, step),
      set: valid.name,
      n: valid.n,
      criterion,
      requested,
      layers: statistics.map(({ firings }, l) => ({
        revived: units[l]!.length,
        dead: exact ? firings.filter((count) => count === 0).length : null,
      })),
    };
    return { kind: "revive", line, state };
  };

  const isOver = () => state.step >= schedule.totalSteps || (patience && state.evaluationsSinceBest >= patience);
  const isDue = () => state.step % schedule.stepsPerEvaluation === 0 && state.measuredStep < state.step;
  const isRevivalDue = () =>
    revive !== undefined && state.step > 0 && state.step % (revive.everyEpochs * schedule.stepsPerEpoch) === 0;

  // without a best there would be nothing to end with: at the beginning, and where it was lost with the run's folder
  if (isDue() || state.best === null) yield await takeMeasurement();
  let lastTurn = performance.now();
  let order: Int32Array | null = null;
  while (!isOver()) {
    const requested = training.reviveRequested?.() ?? false;
    if ((requested || isRevivalDue()) && state.revivedStep < state.step) {
      if (state.measuredStep === state.step) yield await reviveNow(requested);
      else yield await takeMeasurement();
      continue;
    }
    if (training.stopped()) return { reason: "stopped", state };
    const epoch = Math.floor(state.step / schedule.stepsPerEpoch);
    const position = state.step % schedule.stepsPerEpoch;
    if (!order || position === 0)
      order = Random.stream(experiment.seed, `shuffling/${epoch + 1}`).permutation(dataset.train.n);
    const indices = order.subarray(position * batchSize, (position + 1) * batchSize);
    const l1 = nextPenalty(state, experiment.training);
    const started = performance.now();
    const result = await backend.trainStep(dataset.train, indices, { step: state.step + 1, learningRate, l1 });
    const ended = performance.now();
    measured = null;
    notePenalty(state, experiment.training, result, shape.hidden);
    state.step += 1;
    if (!Number.isFinite(result.lossSum)) throw await NonFiniteError.of(backend, shape, state.step);
    state.examples += result.size;
    addStep(state.sinceLine, result, l1);
    addStep(state.sinceEvaluation, result, l1);
    training.stepped(state, (ended - started) / 1000);
    if (state.step % schedule.stepsPerLine === 0) yield takeLine();
    if (isDue()) yield await takeMeasurement();
    if (ended - lastTurn > turnMs) {
      await training.turn();
      await training.betweenSteps(state);
      lastTurn = performance.now();
    }
  }
  if (state.sinceLine.steps > 0) yield takeLine();
  if (state.measuredStep < state.step) yield await takeMeasurement();
  return { reason: "finished", state };
}
