import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packCurves, unpackCurves } from "./curveFrames.js";
import type { TrainLine } from "./run.js";
import { Series } from "./series.js";
import { TrainingSeries } from "./trainingSeries.js";

/** x 1, 2, 3, … in one column. */
function seriesOf(values: readonly number[], weights: readonly number[] = []): Series {
  const series = new Series(1);
  values.forEach((value, i) => {
    series.append(i + 1, weights[i] ?? 100, [value]);
  });
  return series;
}

function drawn(series: Series, most: number, range: [number, number] | null = null) {
  const { x, columns } = series.curves(range, most, [0]);
  const { means, lows, highs } = columns[0]!;
  return { x: [...x], means: [...means], lows: [...lows], highs: [...highs] };
}

describe("Series", () => {
  it("leaves few rows as they are", () => {
    expect(drawn(seriesOf([5, 6]), 2)).toEqual({ x: [1, 2], means: [5, 6], lows: [5, 6], highs: [5, 6] });
    expect(drawn(new Series(1), 9, [0, 1]).x).toEqual([]);
  });

  it("takes weighted means, with the extremes beside them", () => {
    const curve = drawn(seriesOf([1, 4, 0, 8], [100, 300, 100, 100]), 2);
    expect(curve).toEqual({ x: [2, 4], means: [3.25, 4], lows: [1, 0], highs: [4, 8] });
  });

  it("hides no extreme, however many rows there are", () => {
    const curve = drawn(seriesOf(Array.from({ length: 10_000 }, (_, i) => ({ 6543: 99, 1234: -99 })[i] ?? 1)), 240);
    expect(curve.x.length).toBeLessThanOrEqual(240);
    expect([Math.max(...curve.highs), Math.min(...curve.lows)]).toEqual([99, -99]);
  });

  it("does not change full groups while rows arrive", () => {
    const values = Array.from({ length: 12 }, (_, i) => i);
    const earlier = drawn(seriesOf(values.slice(0, 9)), 4);
    expect(earlier.x).toEqual([4, 8, 9]);
    expect(drawn(seriesOf(values), 4).means.slice(0, 2)).toEqual(earlier.means.slice(0, 2));
  });

  it("draws a range of few rows row by row, and a little beyond it", () => {
    const values = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 1000);
    const { x, means } = drawn(seriesOf(values), 100, [50_000, 50_080]);
    expect(x[0]).toBeLessThan(50_000);
    expect(x.at(-1)).toBeGreaterThan(50_080);
    expect(x).toEqual(Array.from(x, (_, i) => (x[0] as number) + i));
    expect(means).toEqual(x.map((at) => values[at - 1]));
  });

  it("leaves out what is not finite", () => {
    expect(drawn(seriesOf([Number.NaN, 3, Number.POSITIVE_INFINITY, 5]), 1)).toMatchObject({
      x: [4],
      means: [4],
      lows: [3],
      highs: [5],
    });
    expect(drawn(seriesOf([Number.NaN]), 1).means).toEqual([Number.NaN]);
  });

  it("summarises any rows as adding them up would, after the end was cut back too", () => {
    const value = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, fc.constant(Number.NaN));
    const cases = fc.record({
      before: fc.array(value, { maxLength: 150 }),
      cut: fc.nat(150),
      after: fc.array(value, { minLength: 1, maxLength: 150 }),
      ends: fc.tuple(fc.nat(300), fc.nat(300)),
    });
    fc.assert(
      fc.property(cases, ({ before, cut, after, ends }) => {
        const series = seriesOf(before);
        series.cutBack(cut);
        const rows = [...before.slice(0, cut), ...after];
        for (const one of after) series.append(series.length + 1, 100, [one]);
        const [from, to] = ends.map((end) => Math.min(end, rows.length)).sort((a, b) => a - b) as [number, number];
        const finite = rows.slice(from, to).filter(Number.isFinite);
        expect(series.length).toBe(rows.length);
        expect(series.summary(0, from, to)).toEqual({
          sum: finite.reduce((sum, one) => sum + one * 100, 0),
          weight: finite.length * 100,
          low: Math.min(...finite),
          high: Math.max(...finite),
        });
      }),
    );
  });
});

describe("packed curves", () => {
  it("come out as they went in", () => {
    const series = new Series(2);
    for (const step of [1, 2, 3]) series.append(step / 7, 10, [step / 2, step === 2 ? Number.NaN : 0.25]);
    const curves = series.curves(null, 10, [0, 1]);
    expect(unpackCurves(packCurves(curves))).toEqual(curves);
  });

  it("are refused when they are something else", () => {
    const packed = packCurves(seriesOf([1, 2, 3]).curves(null, 10, [0]));
    for (const buffer of [new ArrayBuffer(0), new ArrayBuffer(64), packed.slice(0, 40)])
      expect(() => unpackCurves(buffer)).toThrow(RangeError);
  });
});

describe("TrainingSeries", () => {
  const line = (step: number, loss = 0.5, n = 100): TrainLine => ({
    kind: "train",
    step,
    epoch: step / 10,
    set: "train",
    n,
    loss,
    error: 0,
    layers: [{ sparsity: 0.5, gradientNorm: 1 }],
  });
  const whole = { range: null, points: 240, layers: true };

  it("takes the loss over the last thousand examples before a step", () => {
    const lines = Array.from({ length: 15 }, (_, i) => line(i + 1, i < 5 ? 9 : i < 10 ? 1 : 2));
    const series = new TrainingSeries(1, lines);
    expect(series.lossAt(99)).toEqual({ mean: 1.5, n: 1000 });
    expect(series.lossAt(10)).toEqual({ mean: 5, n: 1000 });
    expect(series.lossAt(0.5)).toBeNull();
    expect(series.view(whole).loss).toEqual({ mean: 1.5, n: 1000 });
  });

  it("gives the layers' curves where they are asked for, and NaN where there is no sparsity", () => {
    const plain = { ...line(2), layers: [{ sparsity: null, gradientNorm: 1 }] };
    const series = new TrainingSeries(1, [line(1), plain]);
    const { curves, lines, lastEpoch, history } = series.view(whole);
    expect(unpackCurves(curves).columns.map(({ means }) => [...means])).toEqual([
      [0.5, 0.5],
      [0.5, Number.NaN],
    ]);
    expect([lines, lastEpoch, history]).toEqual([2, 0.2, [0.5, 0.5]]);
    expect(unpackCurves(series.view({ ...whole, layers: false }).curves).columns.length).toBe(1);
  });

  it("costs a view no more than its width, however long the run", () => {
    const bytes = (lines: number) => {
      const series = new TrainingSeries(1);
      for (let i = 1; i <= lines; i++) series.append(line(i));
      return series.view(whole).curves.byteLength;
    };
    expect(bytes(100_000)).toBeLessThanOrEqual(bytes(240) + 3 * (8 + 2 * 12));
  });
});
