/** λ of the L1 penalty from step to step: as the config says, moved towards a sparsity, or 0 for a while after units were revived. */
import type { Experiment } from "../../common/experiment.js";
import type { StepResult } from "../backends/backend.js";
import { afterStep, penaltyOf } from "./sparsityController.js";
import type { TrainingState } from "./trainingState.js";

type Settings = Experiment["training"];

/** Whether λ can be another than the config's `l1`. */
export function movesPenalty({ targetSparsity, revive }: Settings): boolean {
  return targetSparsity !== undefined || (revive?.pauseL1Epochs ?? 0) > 0;
}

/** Of the next step. */
export function nextPenalty(state: TrainingState, { targetSparsity, l1 }: Settings): number {
  if (isPaused(state)) return 0;
  return state.control && targetSparsity !== undefined ? penaltyOf(state.control, targetSparsity) : l1;
}

/** Takes in what a step showed, while `state.step` still is the step before. @param widths of the hidden layers */
export function notePenalty(
  state: TrainingState,
  { targetSparsity }: Settings,
  { activeCounts, size }: StepResult,
  widths: readonly number[],
): void {
  if (!state.control || targetSparsity === undefined) return;
  const zeros = widths.map((units, l) => 1 - activeCounts[l]! / (units * size));
  const measured = zeros.reduce((sum, share) => sum + share, 0) / zeros.length;
  state.control = afterStep(state.control, targetSparsity, measured, isPaused(state));
}

function isPaused({ step, l1PausedUntil }: TrainingState): boolean {
  return step < l1PausedUntil;
}
