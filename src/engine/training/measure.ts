/** Measures the network on a set: one evaluation line, and the figures of every unit. */
import type { Experiment } from "../../common/experiment.js";
import type { EvalLine } from "../../common/run.js";
import type { Awaitable, Backend } from "../backends/backend.js";
import { arraysOf } from "../backends/backendArrays.js";
import type { ExampleSet } from "../data/dataset.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { NetworkShape } from "../network/network.js";
import type { NetworkArrays } from "../network/networkArrays.js";
import { layerFigures } from "../sparsity/layerFigures.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import { type UnitStatistics, unitStatistics } from "../sparsity/unitStatistics.js";
import { WeightNorms } from "../sparsity/weightNorms.js";
import { NonFiniteError } from "./nonFinite.js";
import { positionOf, type Schedule } from "./schedule.js";
import type { MeanNorms } from "./stepSums.js";

export interface Measurement {
  line: EvalLine;
  /** One per hidden layer. */
  units: UnitStatistics[];
  /** What they come from. */
  statistics: LayerStatistics[];
  /** Those of the backend, until the next step. */
  arrays: NetworkArrays;
  history: UnitHistory[];
}

export interface Measuring {
  experiment: Experiment;
  backend: Backend;
  shape: NetworkShape;
  schedule: Schedule;
  /** Called every now and then while it takes long. */
  turn(): Awaitable<void>;
}

/**
 * Measures with the backend's present parameters.
 * @param step how far the training had come with these parameters, phases before it not counted
 * @param norms means over the steps since the evaluation before; null where there were none
 * @throws NonFiniteError
 */
export async function measure(
  { experiment, backend, shape, schedule, turn }: Measuring,
  set: ExampleSet,
  step: number,
  norms: MeanNorms | null,
): Promise<Measurement> {
  const result = await backend.evaluate(set, turn);
  if (!Number.isFinite(result.lossSum)) throw await NonFiniteError.of(backend, shape, step);
  const arrays = arraysOf(backend, shape);
  const weights = await normsOf(arrays);
  const biases = await Promise.all(shape.hidden.map((_, l) => arrays.biases(l, "weights")));
  const history = await backend.readHistory();
  const progressOf = (l: number) => ({
    step,
    stepsPerEpoch: schedule.stepsPerEpoch,
    examplesPerEpoch: schedule.examplesPerEpoch,
    gradientNorm: norms?.gradientNorms[l] ?? null,
    updateNorm: norms?.updateNorms[l] ?? null,
    weightNorm: weights[l]!.whole,
  });
  const { rareThreshold, dormantThreshold, dyingWindow } = experiment.evaluation;
  const settings = {
    activation: shape.activation,
    rareThreshold,
    dormantThreshold,
    dyingWindow: dyingWindow ?? schedule.examplesPerEpoch,
  };
  return {
    line: {
      kind: "eval",
      ...positionOf(schedule, step),
      set: set.name,
      n: result.n,
      loss: result.lossSum / result.n,
      error: result.errors / result.n,
      ...(result.starSquares !== null && { rmse: Math.sqrt(result.starSquares / result.n) }),
      layers: result.layers.map((statistics, l) => layerFigures(statistics, history[l]!, progressOf(l), settings)),
    },
    units: result.layers.map((statistics, l) =>
      unitStatistics(statistics, inRun(history[l]!, schedule), {
        bias: biases[l]!,
        incomingNorm: weights[l]!.incoming(),
        outgoingNorm: weights[l + 1]!.outgoing,
      }),
    ),
    statistics: result.layers,
    arrays,
    history,
  };
}

/** One for each layer. */
async function normsOf(arrays: NetworkArrays): Promise<WeightNorms[]> {
  const all: WeightNorms[] = [];
  for (const [l, { inputs, units }] of arrays.layers.entries()) {
    const norms = new WeightNorms(inputs, units);
    for await (const rows of arrays.rows(l, "weights")) norms.add(rows);
    all.push(norms);
  }
  return all;
}

/** The steps counted from the run's beginning, as lines count them. */
export function inRun(history: UnitHistory, { before }: Schedule): UnitHistory {
  if (before.steps === 0) return history;
  const counted = (steps: Int32Array) => steps.map((step) => (step < 0 ? step : before.steps + step));
  const { lastFiredStep, maxUpdateStep } = history;
  return { ...history, lastFiredStep: counted(lastFiredStep), maxUpdateStep: counted(maxUpdateStep) };
}
