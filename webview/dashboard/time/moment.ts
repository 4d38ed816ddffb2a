/** The moment of a run that the page shows: its latest evaluation, or one chosen before it. No document. */
import type { ToldEvaluation } from "../../../src/common/messages.js";

export interface Moment {
  /** Null while nothing was evaluated. */
  evaluation: ToldEvaluation | null;
  /** Its place among the evaluations; −1 without. */
  index: number;
  /** Whether it is the latest and goes on with the run. */
  following: boolean;
}

/** @param step of the chosen evaluation; null, or a step without evaluation, follows the latest */
export function momentOf(evaluations: readonly ToldEvaluation[], step: number | null): Moment {
  const chosen = step === null ? -1 : evaluations.findIndex((line) => line.step === step);
  const index = chosen < 0 ? evaluations.length - 1 : chosen;
  return { evaluation: evaluations[index] ?? null, index, following: chosen < 0 };
}

/** The step to choose at a place of the slider: its last place follows the run. */
export function stepAt(evaluations: readonly { step: number }[], index: number): number | null {
  return index >= evaluations.length - 1 ? null : (evaluations[Math.max(0, index)]?.step ?? null);
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
