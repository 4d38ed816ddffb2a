/** What a sweep came to, as its page and the command line show it; computed in engine/sweeps/summary. */
import type { Params } from "./sweepRecord.js";

export type GroupFigure = "testError" | "validError" | "testRmse" | "validRmse" | "sparsity" | "dead" | "seconds";

/** Over seeds and folds; `sd` is the sample standard deviation, null for one value. */
export interface MeanFigure {
  mean: number;
  sd: number | null;
}

/** Trials that differ in seed and fold alone. */
export interface SweepGroup {
  stage: string;
  params: Params;
  /** Their numbers. */
  trials: number[];
  /** How many have finished. */
  n: number;
  /** Null where no finished trial has the figure. */
  figures: Record<GroupFigure, MeanFigure | null>;
  /** Chosen by the sweep's `select`. */
  selected: boolean;
  /** Lowest mean validation error. */
  best: boolean;
  /** Validation error against the best group's, over `n` pairs with the same seed and fold: two-sided p-values. */
  againstBest: { n: number; difference: number; tTest: number | null; wilcoxon: number | null } | null;
}

export interface SweepSummary {
  groups: SweepGroup[];
}
