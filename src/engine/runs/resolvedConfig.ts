/** What a config comes to with its data: every default filled in, those too that depend on how many examples there are. */
import type { Experiment } from "../../common/experiment.js";
import type { InputTraits } from "../data/inputTraits.js";
import { resolveExperiment } from "../experiment/experimentFile.js";
import { resolvePretraining } from "../training/layerPlan.js";
import { scheduleOf } from "../training/schedule.js";

/**
 * @param data its number of classes, of examples in the training and the validation set, and what the inputs are like
 * @throws StrategyError where pre-training cannot reconstruct them as the config says
 */
export function resolvedFor(
  config: Experiment,
  data: { classes: number; train: number; valid: number; traits: InputTraits },
): Experiment {
  const schedule = scheduleOf(config, data.train);
  const experiment = resolveExperiment(config);
  const pretraining = resolvePretraining(experiment, data.traits);
  return {
    ...experiment,
    ...(pretraining && { pretraining }),
    dataset: { ...experiment.dataset, validation: data.valid, classes: data.classes },
    evaluation: {
      ...experiment.evaluation,
      everySteps: schedule.stepsPerEvaluation,
      dyingWindow: experiment.evaluation.dyingWindow ?? schedule.examplesPerEpoch,
    },
  };
}
