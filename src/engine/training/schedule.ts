/** Which steps leave a line in metrics.jsonl: decided by the config alone, never by time. */
import { type Experiment, limits } from "../../common/experiment.js";
import { layerValue, pretrainedLayers } from "../../common/layerValue.js";

export interface Schedule {
  examplesPerEpoch: number;
  stepsPerEpoch: number;
  totalSteps: number;
  /** A training line after every this many steps, and after the last: at most limits.trainLines of them. */
  stepsPerLine: number;
  /** An evaluation after every this many steps, and after the last. */
  stepsPerEvaluation: number;
  /** What the phases before it take: lines count on from there. */
  before: { steps: number; epochs: number };
}

/** Of a layer's pre-training. */
const pretrainLines = 2000;

/**
 * Of the training, after all pre-training.
 * @param examples in the training set
 * @param unlabelled examples that are pre-trained on
 */
export function scheduleOf(experiment: Experiment, examples: number, unlabelled = examples): Schedule {
  const { training, evaluation } = experiment;
  const stepsPerEpoch = Math.ceil(examples / training.batchSize);
  const totalSteps = stepsPerEpoch * training.epochs;
  return {
    examplesPerEpoch: examples,
    stepsPerEpoch,
    totalSteps,
    stepsPerLine: Math.max(1, Math.ceil(totalSteps / limits.trainLines)),
    stepsPerEvaluation: evaluation.everySteps ?? stepsPerEpoch,
    before: endOf(pretrainingSchedules(experiment, unlabelled).at(-1)),
  };
}

/** Of each layer that is pre-trained. @param examples that are pre-trained on */
export function pretrainingSchedules(experiment: Experiment, examples: number): Schedule[] {
  const { pretraining, training } = experiment;
  const schedules: Schedule[] = [];
  for (let l = 0; l < pretrainedLayers(experiment); l++) {
    const stepsPerEpoch = Math.ceil(examples / (pretraining?.batchSize ?? training.batchSize));
    const totalSteps = stepsPerEpoch * layerValue(pretraining?.epochs ?? 0, l);
    schedules.push({
      examplesPerEpoch: examples,
      stepsPerEpoch,
      totalSteps,
      stepsPerLine: Math.max(1, Math.ceil(totalSteps / pretrainLines)),
      stepsPerEvaluation: stepsPerEpoch,
      before: endOf(schedules.at(-1)),
    });
  }
  return schedules;
}

/** Steps and epochs of the run where a phase ends; 0 before the first. */
export function endOf(schedule: Schedule | undefined): { steps: number; epochs: number } {
  if (!schedule) return { steps: 0, epochs: 0 };
  const { before, totalSteps, stepsPerEpoch } = schedule;
  return { steps: before.steps + totalSteps, epochs: before.epochs + totalSteps / stepsPerEpoch };
}

/** Where a step of a phase is in the run. */
export function positionOf({ before, stepsPerEpoch }: Schedule, step: number): { step: number; epoch: number } {
  return { step: before.steps + step, epoch: before.epochs + step / stepsPerEpoch };
}
