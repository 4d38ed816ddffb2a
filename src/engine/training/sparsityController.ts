/**
 * Moves λ, the weight of the L1 penalty, so that the hidden layers reach a given sparsity and hold it: proportional-integral control on the
 * sparsity of the training mini-batches, smoothed. Pure, and of additions, multiplications and square roots only: the same bits on every host.
 */
import { penaltyLimits } from "../../common/sparsityTarget.js";

/** What the controller knows, as plain data: a part of a checkpoint. */
export interface SparsityControl {
  /** Mean sparsity of the hidden layers on the last mini-batches, smoothed; null before the first step. */
  sparsity: number | null;
  /** The integral part, on the axis of `penaltyAt`. */
  integral: number;
}

/** Of each mini-batch's sparsity, what enters the smoothed one: about a hundred steps are its memory. */
const smoothing = 0.01;
/** On the axis of λ, for a share of zeros that is missing: at once, and in a step. */
const proportionalGain = 30;
const integralGain = 0.016;
/** What each of them counts at most: sparsity follows λ slowly, and what it is still on its way to must not add up. */
const largestProportional = 0.6;
const largestIntegralStep = 0.0003;
/** λ at 1 on its axis. */
const unitPenalty = 1e-3;

/**
 * The axis on which λ is moved, for it may have to be 1e-5 or 1e-1: λ grows with the fourth power, so that a step on the axis changes
 * it by a share of what it is, and yet reaches 0.
 */
function penaltyAt(position: number): number {
  const square = position > 0 ? position * position : 0;
  return clamped(unitPenalty * square * square, penaltyLimits.least, penaltyLimits.most);
}

function positionOf(penalty: number): number {
  return Math.sqrt(Math.sqrt(penalty / unitPenalty));
}

/** @param l1 what λ starts at */
export function initialControl(l1: number): SparsityControl {
  return { sparsity: null, integral: positionOf(l1) };
}

/** λ of the next step. */
export function penaltyOf({ sparsity, integral }: SparsityControl, target: number): number {
  const proportional = sparsity === null ? 0 : bounded(proportionalGain * (target - sparsity), largestProportional);
  return penaltyAt(integral + proportional);
}

/**
 * After a step. @param measured mean sparsity of the hidden layers on its mini-batch
 * @param held λ was not the controller's in this step: nothing can be learnt from what came of it
 */
export function afterStep(control: SparsityControl, target: number, measured: number, held: boolean): SparsityControl {
  const before = control.sparsity ?? measured;
  const sparsity = before + smoothing * (measured - before);
  if (held) return { ...control, sparsity };
  const integral = control.integral + bounded(integralGain * (target - sparsity), largestIntegralStep);
  const [low, high] = [positionOf(penaltyLimits.least), positionOf(penaltyLimits.most)];
  return { sparsity, integral: clamped(integral, low, high) };
}

function bounded(value: number, most: number): number {
  return clamped(value, -most, most);
}

function clamped(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
