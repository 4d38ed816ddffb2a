/** What a config comes to with its data: every default filled in, those too that depend on how many examples there are. */
import type { Experiment } from "../../common/experiment.js";
import { resolveExperiment } from "../experiment/experimentFile.js";
import { scheduleOf } from "../training/schedule.js";

/** @param data its number of classes, and of examples in the training and the validation set */
export function resolvedFor(config: Experiment, data: { classes: number; train: number; valid: number }): Experiment {
  const schedule = scheduleOf(config, data.train);
  const experiment = resolveExperiment(config);
  return {
    ...experiment,
    dataset: { ...experiment.dataset, validation: data.valid, classes: data.classes },
    evaluation: {
      ...experiment.evaluation,
      everySteps: schedule.stepsPerEvaluation,
      dyingWindow: experiment.evaluation.dyingWindow ?? schedule.examplesPerEpoch,
    },
  };
}
