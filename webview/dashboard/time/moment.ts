/** The moment of a run that the page shows: its latest evaluation, or one chosen before it. No document. */
import { keyOf, type Measured } from "../measured.js";
import type { MomentKey } from "../viewState.js";

export interface Moment {
  /** Null while nothing was evaluated. */
  evaluation: Measured | null;
  /** Its place among the evaluations; −1 without. */
  index: number;
  /** Whether it is the latest and goes on with the run. */
  following: boolean;
}

/** @param key of the chosen evaluation; null, or one that there is not, follows the latest */
export function momentOf(evaluations: readonly Measured[], key: MomentKey | null): Moment {
  const chosen = key === null ? -1 : evaluations.findIndex((line) => keyOf(line) === key);
  const index = chosen < 0 ? evaluations.length - 1 : chosen;
  return { evaluation: evaluations[index] ?? null, index, following: chosen < 0 };
}

/** The moment to choose at a place of the slider: its last place follows the run. */
export function stepAt(evaluations: readonly Measured[], index: number): MomentKey | null {
  const chosen = index >= evaluations.length - 1 ? undefined : evaluations[Math.max(0, index)];
  return chosen ? keyOf(chosen) : null;
}

/** The place of the evaluation nearest to an epoch; −1 when there is none. */
export function nearestIndex(epochs: readonly number[], epoch: number): number {
  let nearest = -1;
  let distance = Number.POSITIVE_INFINITY;
  epochs.forEach((at, index) => {
    if (Math.abs(at - epoch) >= distance) return;
    nearest = index;
    distance = Math.abs(at - epoch);
  });
  return nearest;
}
