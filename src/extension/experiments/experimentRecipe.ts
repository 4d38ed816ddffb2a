/** "784–1000–1000–10 · rectifier, half the signs flipped · λ 0.001 · …": what an experiment will do, before any run of it. */
import { type Experiment, isTextDataset } from "../../common/experiment.js";
import { recipeOf } from "../../common/format.js";
import { english, type Language } from "../../common/language.js";
import type { LayerShape } from "../../common/run.js";
import { signMaskOf } from "../../common/units.js";

/** Inputs of the sets whose size is known without reading them: 28 × 28 pixels. */
const pixels = 784;
/** Classes of images where the experiment does not say. Of texts only their labels tell. */
const digits = 10;

export function experimentRecipe(experiment: Experiment, language: Language = english): string {
  const { activation } = experiment.network;
  const signs = signMaskOf(experiment.network);
  const { dataset } = experiment;
  const texts = isTextDataset(dataset.name);
  const units = [...experiment.network.hidden, ...(texts ? [] : [dataset.classes ?? digits])];
  const layers: LayerShape[] = units.map((width, index) => ({
    layer: index + 1,
    inputs: units[index - 1] ?? pixels,
    units: width,
    activation: index < experiment.network.hidden.length ? activation : "softmax",
    signs: index < experiment.network.hidden.length ? signs : "none",
  }));
  const recipe = recipeOf({ layers, config: experiment }, language);
  return dataset.name === "idx" || texts ? recipe.replace(`${pixels}–`, "") : recipe;
}
