/** With half of the signs flipped a layer's mean output can cancel (the paper, section 3.1): the mean with the mask and without. */
import { claimBounds } from "../../common/claims.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import type { Check } from "./subject.js";

/** Holds where in every layer the mean with the mask is at most `claimBounds.maskedShare` of that without. */
export const checkMeanActivation: Check<"meanActivation"> = async ({ measured, valid }) => {
  const layers = measured.statistics.map(meansOf);
  const cancels = ({ masked, unmasked }: (typeof layers)[number]) =>
    Math.abs(masked) <= claimBounds.maskedShare * unmasked;
  return { holds: layers.every(cancels), figures: { set: valid.name, n: valid.n, layers } };
};

/** Over units × examples. A rectifier's output without its sign is its |h|. */
export function meansOf({ sums, absoluteSums, n, units }: LayerStatistics): { masked: number; unmasked: number } {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / (n * units);
  return { masked: mean(sums), unmasked: mean(absoluteSums) };
}
