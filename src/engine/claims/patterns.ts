/** Which units are active selects one of many linear maps (the paper, section 3.1): how many a set of examples visits. */
import type { ClaimFigures } from "../../common/claims.js";
import type { ActiveSets } from "./activeSets.js";
import type { Check } from "./subject.js";

/** Holds where there are more patterns than classes: one linear map a class would not be a selection by example. */
export const checkPatterns: Check<"patterns"> = async ({ measured, valid, shape }) => {
  const figures = { set: valid.name, n: valid.n, ...patternsOf(measured.sets) };
  return { holds: figures.distinct > shape.classes, figures };
};

/** Distinct on/off patterns: of all hidden units, of each layer's, and how many examples share the most frequent one. */
export function patternsOf(sets: ActiveSets): Pick<ClaimFigures["patterns"], "distinct" | "layers" | "mostFrequent"> {
  const all = countPatterns(sets);
  return {
    distinct: all.size,
    layers: sets.units.map((_, layer) => countPatterns(sets, layer).size),
    mostFrequent: Math.max(...all.values()),
  };
}

function countPatterns(sets: ActiveSets, layer?: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let example = 0; example < sets.n; example++) {
    const pattern = sets.pattern(example, layer);
    found.set(pattern, (found.get(pattern) ?? 0) + 1);
  }
  return found;
}
