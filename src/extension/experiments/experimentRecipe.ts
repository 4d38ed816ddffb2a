/** "784–1000–1000–10 · rectifier, half the signs flipped · λ 0.001 · …": what an experiment will do, before any run of it. */
import type { Experiment } from "../../common/experiment.js";
import { recipeOf } from "../../common/format.js";
import { english, type Language } from "../../common/language.js";
import type { LayerShape } from "../../common/run.js";
import { signMaskOf } from "../../common/units.js";

/** Inputs of the sets whose size is known without reading them: 28 × 28 pixels. */
const pixels = 784;

export function experimentRecipe(experiment: Experiment, language: Language = english): string {
  const { activation } = experiment.network;
  const signs = signMaskOf(experiment.network);
  const units = [...experiment.network.hidden, experiment.dataset.classes];
  const layers: LayerShape[] = units.map((width, index) => ({
    layer: index + 1,
    inputs: units[index - 1] ?? pixels,
    units: width,
    activation: index < units.length - 1 ? activation : "softmax",
    signs: index < units.length - 1 ? signs : "none",
  }));
  const recipe = recipeOf({ layers, config: experiment }, language);
  return experiment.dataset.name === "idx" ? recipe.replace(`${pixels}–`, "") : recipe;
}
