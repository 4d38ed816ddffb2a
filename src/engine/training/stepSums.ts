/** Training steps added up: plain data, so that a checkpoint can hold the sums of a window that is not over. */
import type { TrainLine } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { StepResult } from "../backends/backend.js";
import type { NetworkShape } from "../network/network.js";
import { positionOf, type Schedule } from "./schedule.js";

export interface StepSums {
  steps: number;
  /** Examples. */
  n: number;
  lossSum: number;
  errors: number;
  /** Of the steps' λ. */
  l1Sum: number;
  /** [hidden layers]: non-zero outputs. */
  activeCounts: number[];
  /** [hidden layers]: ‖∂L/∂W‖₂ and ‖ΔW‖₂ */
  gradientNorms: number[];
  updateNorms: number[];
}

/** [hidden layers]: means over steps. */
export type MeanNorms = Pick<StepSums, "gradientNorms" | "updateNorms">;

export function noSteps(layers: number): StepSums {
  const zeros = () => new Array<number>(layers).fill(0);
  return {
    steps: 0,
    n: 0,
    lossSum: 0,
    errors: 0,
    l1Sum: 0,
    activeCounts: zeros(),
    gradientNorms: zeros(),
    updateNorms: zeros(),
  };
}

/** @param l1 λ of the step */
export function addStep(sums: StepSums, { size, lossSum, errors, ...layers }: StepResult, l1: number): void {
  sums.steps += 1;
  sums.n += size;
  sums.lossSum += lossSum;
  sums.errors += errors;
  sums.l1Sum += l1;
  for (let l = 0; l < layers.activeCounts.length; l++) {
    sums.activeCounts[l]! += layers.activeCounts[l]!;
    sums.gradientNorms[l]! += layers.gradientNorms[l]!;
    sums.updateNorms[l]! += layers.updateNorms[l]!;
  }
}

/** Null when there were no steps. */
export function meanNorms({ steps, gradientNorms, updateNorms }: StepSums): MeanNorms | null {
  const mean = (sum: number) => sum / steps;
  return steps === 0 ? null : { gradientNorms: gradientNorms.map(mean), updateNorms: updateNorms.map(mean) };
}

/** Mean λ over the steps. */
export function meanPenalty({ l1Sum, steps }: StepSums): number {
  return l1Sum / steps;
}

/**
 * The line of the steps that end at `step` of the training.
 * @param movesL1 whether λ may be another from step to step
 */
export function trainLineOf(
  sums: StepSums,
  shape: NetworkShape,
  step: number,
  schedule: Schedule,
  movesL1: boolean,
): TrainLine {
  const { n, steps } = sums;
  return {
    kind: "train",
    ...positionOf(schedule, step),
    set: "train",
    n,
    loss: sums.lossSum / n,
    error: sums.errors / n,
    ...(movesL1 && { l1: meanPenalty(sums) }),
    layers: shape.hidden.map((units, l) => ({
      sparsity: hasExactZeros(shape.activation) ? (n * units - sums.activeCounts[l]!) / (n * units) : null,
      gradientNorm: sums.gradientNorms[l]! / steps,
    })),
  };
}
