/** Reads an experiment file: its text → an experiment, or everything that is wrong with it, each with its place and its mend. */
import { isSingleThreaded } from "../../common/backends.js";
import { type Experiment, experimentSchema, experimentSuffix, isTextDataset } from "../../common/experiment.js";
import { type OptimizerKey, optimizerDefaults, optimizers, settingsOf } from "../../common/optimizers.js";
import { signMaskOf } from "../../common/units.js";
import { type ConfigLanguage, type ConfigReader, openConfig } from "./configReader.js";
import { experimentJsonSchema } from "./jsonSchema.js";
import { pretrainingComplaints } from "./pretrainingChecks.js";
import type { Problem } from "./problem.js";
import { trainingComplaints } from "./trainingChecks.js";

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
  const { dataset, training, backend, threads } = experiment;
  for (const { path, message } of pretrainingComplaints(experiment)) reader.report("invalidValue", path, message);
  for (const { code, path, message, fix } of trainingComplaints(experiment))
    reader.report(code, path, message, {
      key: code === "unusedKey",
      ...(fix && { fix: reader.setting(fix.path, fix.value, fix.beside) }),
    });
  checkTexts(dataset, reader);
  checkOwnFiles(dataset, reader);
  if (isSingleThreaded(backend) && threads !== "auto" && threads > 1) {
    const message = `threads is ${threads}, but the backend "${backend}" computes in one. Remove threads, or set backend to "builtin" or "tensorflow".`;
    reader.report("invalidValue", ["threads"], message, { fix: reader.setting(["threads"], 1, ["threads"]) });
  }
  if (dataset.name === "idx" && dataset.folder === undefined && !dataset.idx) {
    const message = `dataset.folder is missing: with dataset.name "idx", add the folder with the four IDX files, relative to this file, or a section "idx" with the names of the files.`;
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

/** Sections of files of one's own: what to write where one is missing. */
const sections = {
  idx: '"idx": { "inputs": "train-images.idx", "labels": "train-labels.idx" }',
  csv: '"csv": { "files": ["table.csv"], "label": "class" }',
  npz: '"npz": { "file": "data.npz" }',
  images: '"images": { "train": "." }',
};

function checkOwnFiles(dataset: Experiment["dataset"], reader: ConfigReader<Experiment>): void {
  const { name } = dataset;
  if ((name === "csv" || name === "npz") && !dataset[name]) {
    const message = `dataset.${name} is missing: with dataset.name "${name}", add ${sections[name]}, with files relative to dataset.folder.`;
    reader.report("missingKey", ["dataset", name], message, { at: ["dataset", "name"] });
  }
  for (const section of Object.keys(sections) as (keyof typeof sections)[]) {
    const numbers = dataset[section];
    if (!numbers) continue;
    if (section !== name) {
      const message = `dataset.${section} says how files of that kind are read, but dataset.name is "${name}". Set dataset.name to "${section}", or remove dataset.${section}.`;
      const fix = reader.setting(["dataset", "name"], section, ["dataset", section]);
      reader.report("unusedKey", ["dataset", section], message, { key: true, fix });
    } else if (numbers.validationShare !== undefined && (dataset.validation !== undefined || dataset.fold)) {
      const other = dataset.fold ? "dataset.fold" : "dataset.validation";
      const message = `dataset.${section}.validationShare is ${numbers.validationShare}, but ${other} says already what the validation set is. Remove one of the two.`;
      reader.report("unusedKey", ["dataset", section, "validationShare"], message, { key: true });
    }
  }
  for (const section of ["idx", "npz"] as const) {
    const files = dataset[section];
    if (!files || section !== name || (files.testInputs === undefined) === (files.testLabels === undefined)) continue;
    const [given, missing] =
      files.testInputs === undefined ? ["testLabels", "testInputs"] : ["testInputs", "testLabels"];
    const message = `dataset.${section}.${missing} is missing: a test set needs both, and dataset.${section}.${given} is set. Add it, or remove the other.`;
    reader.report("missingKey", ["dataset", section, missing as string], message, {
      at: ["dataset", section, given as string],
      key: true,
    });
  }
}

function checkTexts({ name, text, labelFraction, labelSeed }: Experiment["dataset"], reader: ConfigReader<Experiment>) {
  if (name === "text" && !text?.files) {
    const at = text ? ["dataset", "text"] : ["dataset", "name"];
    const message = `dataset.text.files is missing: with dataset.name "text", add "text": { "files": ["reviews.csv"] } with the files of labelled texts, relative to dataset.folder.`;
    reader.report("missingKey", ["dataset", "text", "files"], message, { at, key: text !== undefined });
  }
  if (text && !isTextDataset(name)) {
    const message = `dataset.text says how texts are read, but dataset.name is "${name}", which are no texts. Set dataset.name to "text", or remove dataset.text.`;
    const fix = reader.setting(["dataset", "name"], "text", ["dataset", "text"]);
    reader.report("unusedKey", ["dataset", "text"], message, { key: true, fix });
  }
  if (text?.format === "wordCounts")
    for (const key of ["textKey", "labelKey"] as const)
      if (text[key] !== undefined)
        reader.report(
          "unusedKey",
          ["dataset", "text", key],
          `dataset.text.${key} is ${JSON.stringify(text[key])}, but the format "wordCounts" has no keys. Remove it.`,
          { key: true },
        );
  if (labelSeed !== undefined && labelFraction === undefined)
    reader.report(
      "unusedKey",
      ["dataset", "labelSeed"],
      `dataset.labelSeed is ${labelSeed}, but there is no dataset.labelFraction, for which it draws. Add it, or remove dataset.labelSeed.`,
      { key: true },
    );
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
