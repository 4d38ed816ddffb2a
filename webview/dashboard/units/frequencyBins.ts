/** The histogram of firing frequencies: bins even in the logarithm, and bins of their own for the dead and the rare. */
import { decades, firings, type UnitKinds } from "./unitKinds.js";

const binsPerDecade = 8;
export const frequencyBinCount = decades * binsPerDecade;

export interface FrequencyBins {
  dead: number;
  /** Null where rare is not defined; these units are in the bins then. */
  rare: number | null;
  /** From 10⁻⁴ to 1. The first bin also holds what is rarer, the last what always fires. */
  bins: number[];
  /** Of each unit; −1 for those that are not in a bin of the scale. */
  binOf: Int16Array;
}

export function binFrequencies(
  frequencies: ArrayLike<number>,
  { kinds, counts }: UnitKinds,
  n: number,
  rareDefined: boolean,
): FrequencyBins {
  const bins = new Array<number>(frequencyBinCount).fill(0);
  const binOf = new Int16Array(kinds.length).fill(-1);
  kinds.forEach((kind, unit) => {
    if (kind === "dead" || kind === "rare") return;
    // From the count: single precision would push 0.1 below its bin.
    const frequency = firings(frequencies[unit] as number, n) / n;
    const place = Math.floor((Math.log10(frequency) + decades) * binsPerDecade + 1e-9);
    const bin = Math.min(frequencyBinCount - 1, Math.max(0, place));
    bins[bin] = (bins[bin] as number) + 1;
    binOf[unit] = bin;
  });
  return { dead: counts.dead, rare: rareDefined ? counts.rare : null, bins, binOf };
}

/** Where a bin begins and ends. */
export function frequencyRange(bin: number): [from: number, to: number] {
  const edge = (at: number) => 10 ** (at / binsPerDecade - decades);
  return [edge(bin), edge(bin + 1)];
}
