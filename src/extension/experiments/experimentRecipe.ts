/** "784–1000–1000–10 · rectifier, half the signs flipped · λ 0.001 · …": what an experiment will do, before any run of it. */
import type { Experiment } from "../../common/experiment.js";
import { recipeOf } from "../../common/format.js";
import { isKnownDataset, knownDatasets } from "../../common/knownDatasets.js";
import { english, type Language } from "../../common/language.js";
import type { LayerShape } from "../../common/run.js";
import { signMaskOf } from "../../common/units.js";

/** Classes of four files like MNIST's where the experiment does not say. */
const digits = 10;

export function experimentRecipe(experiment: Experiment, language: Language = english): string {
  const { activation } = experiment.network;
  const signs = signMaskOf(experiment.network);
  const { dataset } = experiment;
  const facts = isKnownDataset(dataset.name) ? knownDatasets[dataset.name] : null;
  const inputs = facts?.shape?.reduce((product, size) => product * size, 1) ?? 0;
  const fourFiles = dataset.name === "idx" && !dataset.idx;
  // of other files of one's own only their labels tell
  const classes = dataset.classes ?? (fourFiles ? digits : facts?.shape ? facts.classes : undefined);
  const units = [...experiment.network.hidden, ...(classes === undefined ? [] : [classes])];
  const layers: LayerShape[] = units.map((width, index) => ({
    layer: index + 1,
    inputs: units[index - 1] ?? inputs,
    units: width,
    activation: index < experiment.network.hidden.length ? activation : "softmax",
    signs: index < experiment.network.hidden.length ? signs : "none",
  }));
  const recipe = recipeOf({ layers, config: experiment }, language);
  return inputs > 0 ? recipe : recipe.replace("0–", "");
}
