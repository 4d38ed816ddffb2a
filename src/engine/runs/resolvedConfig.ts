/** What a config comes to with its data: every default filled in, those too that depend on how many examples there are. */
import type { Experiment } from "../../common/experiment.js";
import type { InputTraits } from "../data/inputTraits.js";
import { resolveExperiment } from "../experiment/experimentFile.js";
import { resolvePretraining } from "../training/layerPlan.js";
import { scheduleOf } from "../training/schedule.js";

/**
 * @param examples in the training and the validation set, and what the inputs are like
 * @throws StrategyError where pre-training cannot reconstruct them as the config says
 */
export function resolvedFor(
  config: Experiment,
  examples: { train: number; valid: number; traits: InputTraits },
): Experiment {
  const schedule = scheduleOf(config, examples.train);
  const experiment = resolveExperiment(config);
  const pretraining = resolvePretraining(experiment, examples.traits);
  return {
    ...experiment,
    ...(pretraining && { pretraining }),
    dataset: { ...experiment.dataset, validation: examples.valid },
    evaluation: {
      ...experiment.evaluation,
      everySteps: schedule.stepsPerEvaluation,
      dyingWindow: experiment.evaluation.dyingWindow ?? schedule.examplesPerEpoch,
    },
  };
}
