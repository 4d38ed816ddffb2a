/** Which steps leave a line in metrics.jsonl: decided by the config alone, never by time. */
import { type Experiment, limits } from "../../common/experiment.js";

export interface Schedule {
  examplesPerEpoch: number;
  stepsPerEpoch: number;
  totalSteps: number;
  /** A training line after every this many steps, and after the last: at most limits.trainLines of them. */
  stepsPerLine: number;
  /** An evaluation after every this many steps, and after the last. */
  stepsPerEvaluation: number;
}

/** @param examples in the training set */
export function scheduleOf({ training, evaluation }: Experiment, examples: number): Schedule {
  const stepsPerEpoch = Math.ceil(examples / training.batchSize);
  const totalSteps = stepsPerEpoch * training.epochs;
  return {
    examplesPerEpoch: examples,
    stepsPerEpoch,
    totalSteps,
    stepsPerLine: Math.ceil(totalSteps / limits.trainLines),
    stepsPerEvaluation: evaluation.everySteps ?? stepsPerEpoch,
  };
}
