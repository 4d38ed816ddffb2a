/** What is made of repeated measurements. */

export interface Spread {
  median: number;
  lowest: number;
  highest: number;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("There is no median of nothing.");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/** How many times faster, round by round: what slows a whole round cancels. Both are seconds, one value a round. */
export function speedup(theirs: readonly number[], ours: readonly number[]): Spread {
  if (theirs.length !== ours.length) throw new RangeError(`${theirs.length} rounds against ${ours.length}.`);
  return spreadOf(theirs.map((seconds, round) => seconds / ours[round]!));
}

/** ∫ y dx by trapezoids; x ascending. */
export function integral(points: readonly { x: number; y: number }[]): number {
  let sum = 0;
  for (let k = 1; k < points.length; k++) {
    const [a, b] = [points[k - 1]!, points[k]!];
    sum += ((b.x - a.x) * (a.y + b.y)) / 2;
  }
  return sum;
}
