/** Histograms over an even scale. */

export interface EvenBins {
  low: number;
  high: number;
  counts: number[];
}

/** The bin of a value among bins of equal width from low to high. */
export function binAt(value: number, { low, high, counts }: EvenBins): number {
  return Math.min(counts.length - 1, Math.floor(((value - low) / (high - low)) * counts.length));
}

/** Bins of equal width over the values' range; values that are not finite are left out. Null when there are none. */
export function binValues(values: ArrayLike<number>, most: number): EvenBins | null {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return null;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of finite) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) {
    const around = Math.abs(low) * 0.05 || 0.5;
    low -= around;
    high += around;
  }
  const bins = { low, high, counts: new Array<number>(most).fill(0) };
  for (const value of finite) {
    const bin = binAt(value, bins);
    bins.counts[bin] = (bins.counts[bin] as number) + 1;
  }
  return bins;
}

/**
 * Merges neighbours of a histogram over 0, 1, 2, … into at most `most` bins of a whole width, over the range that holds examples.
 * Bin i counts the values low + i·width … low + (i + 1)·width − 1. Null when there are no examples.
 */
export function binCounts(histogram: ArrayLike<number>, most: number): (EvenBins & { width: number }) | null {
  let first = 0;
  let last = histogram.length - 1;
  while (first <= last && !histogram[first]) first++;
  while (last >= first && !histogram[last]) last--;
  if (first > last) return null;
  const width = Math.ceil((last - first + 1) / most);
  const low = Math.floor(first / width) * width;
  const counts = new Array<number>(Math.floor((last - low) / width) + 1).fill(0);
  for (let value = first; value <= last; value++) {
    const bin = Math.floor((value - low) / width);
    counts[bin] = (counts[bin] as number) + (histogram[value] as number);
  }
  return { low, high: low + counts.length * width, counts, width };
}

/** Round values within low…high: 1, 2 or 5 times a power of ten apart. */
export function roundMarks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, most);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((candidate) => candidate >= rough * 0.999) ?? rough;
  const marks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    marks.push(Number((i * step).toPrecision(12)));
  return marks;
}
