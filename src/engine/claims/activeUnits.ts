/** A code of variable size: how many units are active differs from example to example (the paper, section 2.2). */
import type { ActiveCounts } from "../../common/claims.js";
import { activeUnitsOf } from "../sparsity/layerFigures.js";
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import type { Check } from "./subject.js";

/** Of a histogram, at most. */
const mostBins = 40;

/** Holds where in every layer the tenth of the examples with most active units has more than the tenth with fewest. */
export const checkActiveUnits: Check<"activeUnits"> = async ({ measured, valid }) => {
  const layers = measured.statistics.map(activeCounts);
  return { holds: layers.every(({ p10, p90 }) => p90 > p10), figures: { set: valid.name, n: valid.n, layers } };
};

export function activeCounts(statistics: Pick<LayerStatistics, "activeHistogram" | "n" | "units">): ActiveCounts {
  const { activeHistogram, units } = statistics;
  const from = activeHistogram.findIndex((examples) => examples > 0);
  const to = activeHistogram.findLastIndex((examples) => examples > 0);
  const width = Math.ceil((to - from + 1) / mostBins);
  const counts = new Array<number>(Math.ceil((to - from + 1) / width)).fill(0);
  for (let active = from; active <= to; active++)
    counts[Math.floor((active - from) / width)]! += activeHistogram[active]!;
  return { units, ...activeUnitsOf(statistics), histogram: { from, width, counts } };
}
