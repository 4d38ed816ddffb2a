/** "784–1000–1000–10 · rectifier, half the signs flipped · λ 0.001 · …": what an experiment will do, before any run of it. */
import { type DatasetName, type Experiment, ownDatasets } from "../../common/experiment.js";
import { recipeOf } from "../../common/format.js";
import { english, type Language } from "../../common/language.js";
import type { LayerShape } from "../../common/run.js";
import { signMaskOf } from "../../common/units.js";

/** Inputs and classes of the sets for which they are known without reading them. */
const known: Partial<Record<DatasetName, { inputs: number; classes: number }>> = {
  mnist: { inputs: 784, classes: 10 },
  "mnist-sample": { inputs: 784, classes: 10 },
  "fashion-mnist": { inputs: 784, classes: 10 },
  cifar10: { inputs: 3072, classes: 10 },
  norb: { inputs: 2048, classes: 6 },
  "small-norb": { inputs: 2048, classes: 5 },
};
/** Classes of four files like MNIST's where the experiment does not say. */
const digits = 10;

export function experimentRecipe(experiment: Experiment, language: Language = english): string {
  const { activation } = experiment.network;
  const signs = signMaskOf(experiment.network);
  const { dataset } = experiment;
  const facts = known[dataset.name];
  const fourFiles = dataset.name === "idx" && !dataset.idx;
  // of other files of one's own only their labels tell
  const read =
    dataset.name === "sentiment-sentences" || (ownDatasets.some((own) => own === dataset.name) && !fourFiles);
  const classes = read ? dataset.classes : (dataset.classes ?? facts?.classes ?? digits);
  const units = [...experiment.network.hidden, ...(classes === undefined ? [] : [classes])];
  const layers: LayerShape[] = units.map((width, index) => ({
    layer: index + 1,
    inputs: units[index - 1] ?? facts?.inputs ?? 0,
    units: width,
    activation: index < experiment.network.hidden.length ? activation : "softmax",
    signs: index < experiment.network.hidden.length ? signs : "none",
  }));
  const recipe = recipeOf({ layers, config: experiment }, language);
  return facts ? recipe : recipe.replace("0–", "");
}
