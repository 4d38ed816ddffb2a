/** From curves to the columns that a chart draws. */
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
