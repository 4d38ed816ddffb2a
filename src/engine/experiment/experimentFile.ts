/** Reads an experiment file: its text → an experiment, or everything that is wrong with it, each with its place and its mend. */
import { type Experiment, experimentSchema, experimentSuffix } from "../../common/experiment.js";
import { type OptimizerKey, optimizerDefaults, optimizers, settingsOf } from "../../common/optimizers.js";
import { signMaskOf } from "../../common/units.js";
import { type ConfigLanguage, type ConfigReader, openConfig } from "./configReader.js";
import { experimentJsonSchema } from "./jsonSchema.js";
import { pretrainingComplaints } from "./pretrainingChecks.js";
import type { Problem } from "./problem.js";

const language: ConfigLanguage<Experiment> = {
  schema: experimentSchema,
  jsonSchema: experimentJsonSchema,
  start: `{ "dataset": { "name": "mnist-sample" }, "network": { "hidden": [256] }, "training": { "learningRate": 0.03, "epochs": 5 } }`,
};

/**
 * @param text the file's text: JSON with comments and trailing commas
 * @param file its name, for the problems
 * @param settings values on top, such as `training.epochs=3`; problems with them have `--set` as their file
 * @returns the experiment with every default of the schema, or null and the problems in the order of the text
 */
export function readExperiment(
  text: string,
  file: string,
  settings: readonly string[] = [],
): { experiment: Experiment | null; problems: Problem[] } {
  const { reader, problems } = openConfig(text, file, settings, language);
  if (!reader) return { experiment: null, problems };
  const parsed = reader.parse();
  if (parsed) checkKeysTogether(parsed, reader);
  return { experiment: reader.isGood ? parsed : null, problems: reader.problems };
}

function checkKeysTogether(experiment: Experiment, reader: ConfigReader<Experiment>): void {
  const { dataset, training } = experiment;
  for (const { path, message } of pretrainingComplaints(experiment)) reader.report("invalidValue", path, message);
  if (dataset.name === "idx" && dataset.folder === undefined) {
    const message = `dataset.folder is missing: with dataset.name "idx", add the folder with the four IDX files, relative to this file.`;
    reader.report("missingKey", ["dataset", "folder"], message, { at: ["dataset", "name"] });
  }
  if (dataset.fold && dataset.fold.index > dataset.fold.of) {
    const { index, of } = dataset.fold;
    const message = `dataset.fold.index is ${index}; it has to be a whole number from 1 to ${of}, as dataset.fold.of is ${of}.`;
    reader.report("invalidValue", ["dataset", "fold", "index"], message);
  }
  for (const owner of optimizers)
    for (const key of Object.keys(optimizerDefaults[owner]) as OptimizerKey[]) {
      if (training[key] === undefined || key in optimizerDefaults[training.optimizer]) continue;
      const message = `training.${key} is ${training[key]}, but only the optimizer "${owner}" has it, and training.optimizer is "${training.optimizer}". Set training.optimizer to "${owner}", or remove training.${key}.`;
      const fix = reader.setting(["training", "optimizer"], owner, ["training", key]);
      reader.report("unusedKey", ["training", key], message, { key: true, fix });
    }
}

/** The name of an experiment's runs: its own, else the file's without `.rectiscope.json`. */
export function experimentName(experiment: Pick<Experiment, "name">, file: string): string {
  const base = file.split(/[\\/]/).at(-1) as string;
  return experiment.name ?? (base.endsWith(experimentSuffix) ? base.slice(0, -experimentSuffix.length) : base);
}

/** The experiment with what depends on its other keys filled in, so that a run's record says everything. */
export function resolveExperiment(experiment: Experiment): Experiment {
  const { network, training } = experiment;
  return {
    ...experiment,
    network: { ...network, signs: signMaskOf(network) },
    training: { ...training, ...settingsOf(training) },
  };
}
