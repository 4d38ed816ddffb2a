/** Which layers of a run call for a look: pure rules on its evaluations. */
import type { LayerFigures } from "../../common/metrics.js";
import type { EvalLine } from "../../common/run.js";

/** Shares from 0 to 1 beyond which something is a problem; one that is 0 or 1 never is. */
export interface ProblemThresholds {
  /** Of a layer's units that are dead. */
  dead: number;
  dormant: number;
  alwaysOn: number;
  /** Of a layer's outputs that are zero. */
  sparsity: number;
}

export interface LayerFinding {
  kind: keyof ProblemThresholds;
  /** From 1. */
  layer: number;
  units: number;
  /** Of units; of `sparsity` a share of outputs. */
  share: number;
  threshold: number;
  /** Where it was measured. */
  evaluation: EvalLine;
  /** The epoch of the first evaluation from which on it was at least half as bad as now. */
  sinceEpoch: number;
}

/**
 * @param evaluations on one set, oldest first; only the last counts. Before the first step nothing is wrong yet
 * @param widths of the hidden layers
 */
export function layerFindings(
  evaluations: readonly EvalLine[],
  widths: readonly number[],
  thresholds: ProblemThresholds,
): LayerFinding[] {
  const evaluation = evaluations.at(-1);
  if (!evaluation || evaluation.step === 0) return [];
  return evaluation.layers.flatMap((figures, l) => {
    const units = widths[l];
    if (units === undefined) return [];
    return kindsOf(figures, units, thresholds).map((kind) => {
      const share = shareOf[kind](figures, units) as number;
      const sinceEpoch = sinceWhen(evaluations, l, (earlier) => (shareOf[kind](earlier, units) ?? 0) >= share / 2);
      return { kind, layer: l + 1, units, share, threshold: thresholds[kind], evaluation, sinceEpoch };
    });
  });
}

const shareOf: Record<keyof ProblemThresholds, (figures: LayerFigures, units: number) => number | null> = {
  dead: ({ dead }, units) => (dead === null ? null : dead / units),
  dormant: ({ dormant }, units) => dormant / units,
  alwaysOn: ({ alwaysOn }, units) => (alwaysOn === null ? null : alwaysOn / units),
  sparsity: ({ sparsity }) => sparsity,
};

/** Dead units are dormant, and their outputs are zeros: where they are the problem, these are not another one. */
function kindsOf(figures: LayerFigures, units: number, thresholds: ProblemThresholds): (keyof ProblemThresholds)[] {
  const exceeds = (kind: keyof ProblemThresholds) => {
    const threshold = thresholds[kind];
    return threshold > 0 && threshold < 1 && (shareOf[kind](figures, units) ?? 0) > threshold;
  };
  if (exceeds("dead")) return ["dead"];
  return (["dormant", "alwaysOn", "sparsity"] as const).filter(exceeds);
}

function sinceWhen(evaluations: readonly EvalLine[], l: number, holds: (figures: LayerFigures) => boolean): number {
  let since = evaluations.length - 1;
  for (let i = since; i >= 0; i--) {
    const figures = evaluations[i]?.layers[l];
    if (!figures || !holds(figures)) break;
    since = i;
  }
  return (evaluations[since] as EvalLine).epoch;
}
