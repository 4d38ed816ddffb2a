/**
 * Supervised training (the paper, section 4): stochastic gradient descent, reshuffled before every epoch, measured on the validation
 * set. Says what happens as a stream of events and touches nothing else: who reads them writes files, draws, or stops.
 */
import type { Experiment } from "../../common/experiment.js";
import type { EvalLine, SetName, TrainLine } from "../../common/run.js";
import type { Backend } from "../backends/backend.js";
import type { Dataset, ExampleSet } from "../data/dataset.js";
import type { UnitHistory } from "../kernels/kernels.js";
import { initialParameters } from "../network/initialise.js";
import { type NetworkShape, networkShape, type Parameters } from "../network/network.js";
import { Random } from "../network/random.js";
import { layerFigures } from "../sparsity/layerFigures.js";
import { norm, type UnitStatistics, unitStatistics } from "../sparsity/unitStatistics.js";
import { NonFiniteError } from "./nonFinite.js";
import { type Schedule, scheduleOf } from "./schedule.js";
import { TrainLineBuilder } from "./trainLine.js";

/** A set measured, with everything that a checkpoint needs. */
export interface Measurement {
  line: EvalLine;
  /** One per hidden layer. */
  units: UnitStatistics[];
  parameters: Parameters;
  history: UnitHistory[];
}

export type TrainEvent =
  | { kind: "train"; line: TrainLine }
  /** On the validation set; `best` when its error is lower than any before. */
  | { kind: "eval"; measurement: Measurement; best: boolean }
  /** Nothing new to tell, but the reader gets a turn: at least every `turnMs`. */
  | { kind: "turn" };

export type TrainEnd = "finished" | "stopped";

export interface Training {
  experiment: Experiment;
  dataset: Dataset;
  backend: Backend;
  /** Asked before every step. */
  stopped(): boolean;
  /** Counts as training goes. */
  counters: Counters;
}

export interface Counters {
  step: number;
  /** Training examples, and seconds spent in training steps only. */
  examples: number;
  seconds: number;
}

const turnMs = 40;

/**
 * @returns how it ended; a stopped run has been measured where it stopped
 * @throws NonFiniteError when a loss is not finite; the last measurement before it is good
 */
export async function* train(training: Training): AsyncGenerator<TrainEvent, TrainEnd> {
  const { experiment, dataset, backend, counters } = training;
  const { learningRate, batchSize, l1, patience } = experiment.training;
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const schedule = scheduleOf(experiment, dataset.train.n);
  const lines = new TrainLineBuilder(shape);
  await backend.load(initialParameters(shape, experiment.seed));

  let bestError = Number.POSITIVE_INFINITY;
  let sinceBest = -1;
  let measuredStep = -1;
  const gradients = new MeanNorms(shape.hidden.length);
  /** Measures the validation set, once a step. */
  const measureHere = async (): Promise<TrainEvent | null> => {
    if (measuredStep === counters.step) return null;
    measuredStep = counters.step;
    const measurement = await measure(training, shape, schedule, dataset.valid, counters.step, gradients.take());
    const best = measurement.line.error < bestError;
    sinceBest = best ? 0 : sinceBest + 1;
    if (best) bestError = measurement.line.error;
    return { kind: "eval", measurement, best };
  };
  /** What is left to say at the present step. */
  async function* rest(): AsyncGenerator<TrainEvent> {
    if (!lines.isEmpty) yield { kind: "train", line: lines.take(counters.step, schedule.stepsPerEpoch) };
    const event = await measureHere();
    if (event) yield event;
  }

  yield* rest();
  let lastTurn = performance.now();
  let order: Int32Array | null = null;
  while (counters.step < schedule.totalSteps) {
    if (training.stopped()) {
      yield* rest();
      return "stopped";
    }
    const epoch = Math.floor(counters.step / schedule.stepsPerEpoch);
    const position = counters.step % schedule.stepsPerEpoch;
    // a stream for each epoch: where training stands follows from the step alone
    if (!order || position === 0)
      order = Random.stream(experiment.seed, `shuffling/${epoch + 1}`).permutation(dataset.train.n);
    const indices = order.subarray(position * batchSize, (position + 1) * batchSize);
    const started = performance.now();
    const result = await backend.trainStep(dataset.train, indices, { step: counters.step + 1, learningRate, l1 });
    const ended = performance.now();
    counters.step += 1;
    if (!Number.isFinite(result.lossSum)) throw await NonFiniteError.of(backend, shape, counters.step);
    counters.examples += result.size;
    counters.seconds += (ended - started) / 1000;
    lines.add(result);
    gradients.add(result.gradientNorms);
    if (counters.step % schedule.stepsPerLine === 0)
      yield { kind: "train", line: lines.take(counters.step, schedule.stepsPerEpoch) };
    if (counters.step % schedule.stepsPerEvaluation === 0) {
      const event = await measureHere();
      if (event) yield event;
      if (patience && sinceBest >= patience) break;
    }
    if (ended - lastTurn > turnMs) {
      yield { kind: "turn" };
      lastTurn = performance.now();
    }
  }
  yield* rest();
  return "finished";
}

/** Gradient norms of the hidden layers, gathered between two evaluations. */
class MeanNorms {
  private steps = 0;
  private readonly sums: number[];

  constructor(layers: number) {
    this.sums = new Array(layers).fill(0);
  }

  add(norms: readonly number[]): void {
    this.steps += 1;
    norms.forEach((norm, l) => {
      this.sums[l]! += norm;
    });
  }

  /** The means since the last call; null where there were no steps. */
  take(): number[] | null {
    const means = this.steps === 0 ? null : this.sums.map((sum) => sum / this.steps);
    this.steps = 0;
    this.sums.fill(0);
    return means;
  }
}

/**
 * Measures a set with the backend's present parameters.
 * @param gradientNorms of the hidden layers, means over the steps since the evaluation before; null where there were none
 * @throws NonFiniteError
 */
export async function measure(
  { experiment, backend }: Pick<Training, "experiment" | "backend">,
  shape: NetworkShape,
  schedule: Schedule,
  set: ExampleSet,
  step: number,
  gradientNorms: readonly number[] | null,
): Promise<Measurement> {
  const result = await backend.evaluate(set);
  if (!Number.isFinite(result.lossSum)) throw await NonFiniteError.of(backend, shape, step);
  const parameters = await backend.read();
  const history = await backend.readHistory();
  const { batchSize, learningRate } = experiment.training;
  const positionOf = (l: number) => ({
    step,
    batchSize,
    learningRate,
    gradientNorm: gradientNorms?.[l] ?? null,
    weightNorm: norm(parameters[l]!.weightsInOut),
  });
  const { rareThreshold, dormantThreshold, dyingWindow } = experiment.evaluation;
  const settings = {
    activation: shape.activation,
    rareThreshold,
    dormantThreshold,
    dyingWindow: dyingWindow ?? schedule.stepsPerEpoch * batchSize,
  };
  const name: SetName = set.name;
  return {
    line: {
      kind: "eval",
      step,
      epoch: step / schedule.stepsPerEpoch,
      set: name,
      n: result.n,
      loss: result.lossSum / result.n,
      error: result.errors / result.n,
      layers: result.layers.map((statistics, l) => layerFigures(statistics, history[l]!, positionOf(l), settings)),
    },
    units: result.layers.map((statistics, l) =>
      unitStatistics(statistics, history[l]!, parameters[l]!, parameters[l + 1]!),
    ),
    parameters,
    history,
  };
}
