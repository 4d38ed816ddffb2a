/** How a tensor's values are spread: bars from the most negative through zero to the most positive, a power of two each. */
import type { TensorFigures } from "../../src/common/tensors.js";

/** Powers of two on each side of zero; what is smaller counts to the innermost bar. */
export const powersShown = 12;

export interface HistogramBars {
  /** Counts: negative values from the largest magnitude to the smallest, zeros, positive ones from the smallest to the largest. */
  counts: number[];
  /** Values in the outermost bars are below 2^(top+1). */
  top: number;
}

/** Null where there is nothing to show. */
export function histogramBars({ histogram, zeros }: Pick<TensorFigures, "histogram" | "zeros">): HistogramBars | null {
  const exponents = [...histogram.negative, ...histogram.positive].map(([exponent]) => exponent);
  if (exponents.length === 0 && zeros === 0) return null;
  const top = exponents.length > 0 ? Math.max(...exponents) : 0;
  const side = (powers: readonly [number, number][]) => {
    const counts = new Array<number>(powersShown).fill(0);
    for (const [exponent, count] of powers) counts[Math.min(powersShown - 1, top - exponent)]! += count;
    return counts;
  };
  return { counts: [...side(histogram.negative), zeros, ...side(histogram.positive).reverse()], top };
}

/** As an SVG path: heights go with the square root, so that few are seen beside many. The bar of zeros is left out. */
export function barsPath({ counts }: HistogramBars, width: number, height: number): string {
  return pathOf(counts, width, height, (at) => at !== powersShown);
}

/** The bar of zeros alone. */
export function zeroBarPath({ counts }: HistogramBars, width: number, height: number): string {
  return pathOf(counts, width, height, (at) => at === powersShown);
}

function pathOf(counts: readonly number[], width: number, height: number, shown: (at: number) => boolean): string {
  const most = Math.max(...counts);
  const step = width / counts.length;
  return counts
    .map((count, at) => {
      if (count === 0 || !shown(at)) return "";
      const tall = Math.max(1, Math.sqrt(count / most) * height);
      return `M${round(at * step)} ${height}v${round(-tall)}h${round(step - 0.5)}v${round(tall)}z`;
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
