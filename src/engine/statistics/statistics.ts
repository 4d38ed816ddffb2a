/** The statistics that Rectiscope shows, in one place. Tests come from @stdlib, which is held to R's and SciPy's results. */
import ttest from "@stdlib/stats-ttest";
import wilcoxon from "@stdlib/stats-wilcoxon";

/** @returns sample standard deviation (n − 1); null for one value. @throws RangeError when there is none */
export function meanAndSd(values: readonly number[]): { mean: number; sd: number | null } {
  const n = values.length;
  if (n === 0) throw new RangeError("There is no mean of no values.");
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, sd: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (n - 1)) };
}

export interface PairedComparison {
  /** Number of pairs. */
  n: number;
  /** Mean of a − b. */
  difference: number;
  /** Two-sided p-values; null where the test says nothing: fewer than two pairs, or no difference at all. */
  tTest: number | null;
  wilcoxon: number | null;
}

/** Paired t-test and Wilcoxon signed-rank test of a against b, two-sided. @param a, b of the same length, pair by pair */
export function comparePaired(a: readonly number[], b: readonly number[]): PairedComparison {
  if (a.length !== b.length || a.length === 0) throw new RangeError("Pairs need as many values on both sides.");
  const differences = a.map((value, i) => value - (b[i] as number));
  const { mean: difference, sd } = meanAndSd(differences);
  const n = differences.length;
  return {
    n,
    difference,
    tTest: sd === null || sd === 0 ? null : ttest([...a], [...b]).pValue,
    wilcoxon: n < 2 || differences.every((value) => value === 0) ? null : wilcoxon([...a], [...b]).pValue,
  };
}
