/** What a config comes to with its data: every default filled in, those too that depend on how many examples there are. */
import path from "node:path";
import type { Experiment, Pretraining } from "../../common/experiment.js";
import { DataError } from "../data/dataError.js";
import type { InputTraits } from "../data/inputTraits.js";
import { resolveExperiment } from "../experiment/experimentFile.js";
import { resolvePretraining, StrategyError } from "../training/layerPlan.js";
import { scheduleOf } from "../training/schedule.js";

/**
 * @param examples in the training and the validation set, and what the inputs are like
 * @param file the config's, or its folder
 * @throws DataError where pre-training cannot reconstruct the inputs as the config says
 */
export function resolvedFor(
  config: Experiment,
  examples: { train: number; valid: number; traits: InputTraits },
  file: string,
): Experiment {
  const schedule = scheduleOf(config, examples.train);
  const experiment = resolveExperiment(config);
  const pretraining = pretrainingFor(experiment, examples.traits, file);
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

function pretrainingFor(experiment: Experiment, traits: InputTraits, file: string): Pretraining | undefined {
  try {
    return resolvePretraining(experiment, traits);
  } catch (error) {
    if (!(error instanceof StrategyError)) throw error;
    const { message, code, key, value } = error;
    throw new DataError(`${path.basename(file)}: ${message}`, { code, file, key, value });
  }
}
