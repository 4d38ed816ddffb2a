/** What either way of computing gives, and how it becomes a report's layers. */
import type { Experiment } from "../../common/experiment.js";
import type { ProbedLayer, ProbeEvaluation } from "../../common/probe.js";
import type { ExampleSet } from "../data/dataset.js";
import { activationFigures } from "../sparsity/layerFigures.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import { unitResponses } from "../sparsity/unitStatistics.js";

export interface CountedLayer {
  name: string;
  activation: string;
  /** Whether the units can be exactly zero. */
  exact: boolean;
  /** ‖W‖₂; null where it is not known which weights are the layer's. */
  weightNorm: number | null;
  statistics: LayerStatistics;
}

/** Sums over the examples; null where the model has no output for each class, or it is not known what the outputs are. */
export interface Answers {
  lossSum: number | null;
  errors: number | null;
  starSquares: number | null;
}

export function probedLayers(layers: readonly CountedLayer[], examples: number): ProbedLayer[] {
  return layers.map(({ name, activation, statistics }, l) => ({
    layer: l + 1,
    name,
    units: statistics.units,
    activation,
    observations: statistics.n,
    positions: statistics.n !== examples,
    responses: { firings: statistics.firings, ...unitResponses(statistics) },
  }));
}

export function probeEvaluation(
  { name: set, n }: Pick<ExampleSet, "name" | "n">,
  layers: readonly CountedLayer[],
  { lossSum, errors, starSquares }: Answers,
  thresholds: Experiment["evaluation"],
): ProbeEvaluation {
  return {
    kind: "eval",
    set,
    n,
    loss: lossSum === null ? null : lossSum / n,
    error: errors === null ? null : errors / n,
    ...(starSquares !== null && { rmse: Math.sqrt(starSquares / n) }),
    layers: layers.map(({ statistics, exact, weightNorm }) => ({
      ...activationFigures(statistics, exact, thresholds),
      weightNorm,
    })),
  };
}
