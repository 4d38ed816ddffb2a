/** Whether two contestants did the same work: the same losses, and weights that moved as far. */
import type { Checked } from "./protocol.js";

/** Largest difference of a step's mean loss, in nats; and of the mean over all steps. */
export const lossTolerance = 1e-3;
/** Steps that are compared one by one. Rounding grows from step to step: after these only the mean is. */
export const comparedSteps = 50;
/** Largest relative difference of how far a layer's weights moved. */
export const changeTolerance = 1e-2;

/** @returns what differs; null when nothing does. Of contestants that made fewer steps, only those losses are compared. */
export function disagreement(one: Checked, other: Checked): string | null {
  const steps = Math.min(one.losses.length, other.losses.length);
  for (let k = 0; k < Math.min(steps, comparedSteps); k++) {
    const [a, b] = [one.losses[k]!, other.losses[k]!];
    // a NaN must not pass
    if (!(Math.abs(a - b) <= lossTolerance)) return `the loss of step ${k + 1} is ${a} and ${b}`;
  }
  const [a, b] = [one, other].map(({ losses }) => mean(losses.slice(0, steps))) as [number, number];
  if (!(Math.abs(a - b) <= lossTolerance)) return `the mean loss of ${steps} steps is ${a} and ${b}`;
  if (one.losses.length !== other.losses.length) return null;
  for (let l = 0; l < Math.min(one.change.length, other.change.length); l++) {
    const [a, b] = [one.change[l]!, other.change[l]!];
    if (!(Math.abs(a - b) <= changeTolerance * Math.max(a, b)))
      return `layer ${l + 1}'s weights moved by ${a} and ${b}`;
  }
  return null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
