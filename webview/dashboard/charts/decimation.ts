/** Curves of many training lines, drawn with few points: the mean of each group, and the band between its extremes. */
import type { TrainLine } from "../../../src/common/run.js";

/** Columns of equal length; each point stands for a group of lines and lies at the group's last epoch. */
export interface DecimatedCurve {
  epochs: number[];
  /** Weighted by examples. */
  means: number[];
  lows: number[];
  highs: number[];
}

/**
 * At most `most` points, and one group more at either end. Groups hold a power of two of lines and begin at multiples of it, so
 * that a full group does not change while lines arrive. Lines without a finite value are left out.
 * @param range epochs to draw; null for all
 */
export function decimate(
  lines: readonly TrainLine[],
  read: (line: TrainLine) => number | null | undefined,
  most: number,
  range: readonly [number, number] | null = null,
): DecimatedCurve {
  const curve: DecimatedCurve = { epochs: [], means: [], lows: [], highs: [] };
  const [first, end] = range ? [firstFrom(lines, range[0]), firstFrom(lines, range[1]) + 1] : [0, lines.length];
  let group = 1;
  while ((end - first) / group > most) group *= 2;
  const start = Math.max(0, Math.floor(first / group) - 1) * group;
  const stop = Math.min(lines.length, end + group);
  for (let from = start; from < stop; from += group)
    addGroup(curve, lines, read, from, Math.min(lines.length, from + group));
  return curve;
}

function addGroup(
  curve: DecimatedCurve,
  lines: readonly TrainLine[],
  read: (line: TrainLine) => number | null | undefined,
  from: number,
  to: number,
): void {
  let sum = 0;
  let n = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const line = lines[i] as TrainLine;
    const value = read(line);
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    sum += value * line.n;
    n += line.n;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (n === 0) return;
  curve.epochs.push((lines[to - 1] as TrainLine).epoch);
  curve.means.push(sum / n);
  curve.lows.push(low);
  curve.highs.push(high);
}

/** The first line at or after an epoch. */
function firstFrom(lines: readonly TrainLine[], epoch: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as TrainLine).epoch < epoch) low = middle + 1;
    else high = middle;
  }
  return low;
}
