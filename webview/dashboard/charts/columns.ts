/** From lines to the columns that a chart draws. */
import type { TrainLine } from "../../../src/common/run.js";

/** A curve's own points, by epoch; null where there is no value. */
export interface Curve {
  epochs: readonly number[];
  values: readonly (number | null)[];
}

/** One column of epochs and one a curve, all of the same length; undefined where a curve has no point. */
export type Columns = [epochs: number[], ...values: (number | null | undefined)[][]];

/** The union of all the curves' epochs, and each curve's values on it. */
export function align(curves: readonly Curve[]): Columns {
  const epochs = [...new Set(curves.flatMap((curve) => curve.epochs))].sort((a, b) => a - b);
  const rowOf = new Map(epochs.map((epoch, row) => [epoch, row]));
  const columns = curves.map((curve) => {
    const column: (number | null | undefined)[] = new Array(epochs.length).fill(undefined);
    curve.epochs.forEach((epoch, i) => {
      const value = curve.values[i] ?? null;
      column[rowOf.get(epoch) as number] = value !== null && Number.isFinite(value) ? value : null;
    });
    return column;
  });
  return [epochs, ...columns];
}

/**
 * At most `most` lines: means over groups of neighbours, weighted by their examples, each at its group's last epoch.
 * Groups hold a power of two of lines, so that a group that is full never changes while lines arrive.
 */
export function thin(lines: readonly TrainLine[], most: number): TrainLine[] {
  let group = 1;
  while (lines.length / group > most) group *= 2;
  if (group === 1) return [...lines];
  const thinned: TrainLine[] = [];
  for (let start = 0; start < lines.length; start += group) thinned.push(meanLine(lines.slice(start, start + group)));
  return thinned;
}

function meanLine(lines: readonly TrainLine[]): TrainLine {
  const last = lines.at(-1) as TrainLine;
  const n = lines.reduce((sum, line) => sum + line.n, 0);
  const mean = (of: (line: TrainLine) => number | null | undefined) => {
    let sum = 0;
    for (const line of lines) {
      const value = of(line);
      if (value === null || value === undefined) return null;
      sum += value * line.n;
    }
    return n > 0 ? sum / n : null;
  };
  return {
    ...last,
    n,
    loss: mean((line) => line.loss) ?? Number.NaN,
    error: mean((line) => line.error) ?? Number.NaN,
    layers: last.layers.map((_, l) => ({
      sparsity: mean((line) => line.layers[l]?.sparsity),
      gradientNorm: mean((line) => line.layers[l]?.gradientNorm) ?? Number.NaN,
    })),
  };
}
