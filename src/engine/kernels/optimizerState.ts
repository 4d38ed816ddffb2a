/** What an optimizer keeps from step to step, beside the number of the step. */
import type { OptimizerName } from "../../common/optimizers.js";
import type { WeightArrays } from "./weightPanels.js";

/** The arrays as large as the parameters that each optimizer keeps. */
export const keptArrays = {
  sgd: [],
  momentum: ["velocity"],
  adam: ["firstMoment", "secondMoment"],
} as const satisfies Record<OptimizerName, readonly string[]>;
export type KeptArray = (typeof keptArrays)[OptimizerName][number];

/** One for each layer: the arrays by name, in the order of the units. */
export type OptimizerState = Partial<Record<KeptArray, WeightArrays>>[];
