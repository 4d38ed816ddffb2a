import { describe, expect, it } from "vitest";
import type { TrainLine } from "../../../src/common/run.js";
import { decimate } from "./decimation.js";
import { shownEpochs, zoomBy, zoomTo } from "./zoom.js";

const loss = (line: TrainLine) => line.loss;

describe("decimate", () => {
  it("leaves few lines as they are", () => {
    expect(decimate([line(1, 5), line(2, 6)], loss, 2)).toEqual({
      epochs: [1, 2],
      means: [5, 6],
      lows: [5, 6],
      highs: [5, 6],
    });
  });

  it("takes means weighted by examples, with the extremes beside them", () => {
    const curve = decimate([line(1, 1, 100), line(2, 4, 300), line(3, 0), line(4, 8)], loss, 2);
    expect(curve).toEqual({ epochs: [2, 4], means: [3.25, 4], lows: [1, 0], highs: [4, 8] });
  });

  it("hides no extreme, however many lines there are", () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => line(i, i === 6543 ? 99 : i === 1234 ? -99 : 1));
    const curve = decimate(lines, loss, 240);
    expect(curve.means.length).toBeLessThanOrEqual(240);
    expect([Math.max(...curve.highs), Math.min(...curve.lows)]).toEqual([99, -99]);
  });

  it("does not change full groups while lines arrive", () => {
    const lines = Array.from({ length: 12 }, (_, i) => line(i, i));
    const earlier = decimate(lines.slice(0, 9), loss, 4);
    expect(earlier.epochs).toEqual([3, 7, 8]);
    expect(decimate(lines, loss, 4).means.slice(0, 2)).toEqual(earlier.means.slice(0, 2));
  });

  it("draws a part in more detail, and a little beyond it", () => {
    const lines = Array.from({ length: 1000 }, (_, i) => line(i, i));
    const curve = decimate(lines, loss, 10, [500, 515]);
    expect(curve.epochs[0]).toBeLessThan(500);
    expect(curve.epochs.at(-1)).toBeGreaterThanOrEqual(515);
    expect(curve.epochs.length).toBeLessThan(14);
  });

  it("leaves out what is not there or not finite", () => {
    const lines = [line(1, Number.NaN), line(2, 3), line(3, Number.POSITIVE_INFINITY)];
    expect(decimate(lines, loss, 9).means).toEqual([3]);
    expect(decimate(lines, () => null, 9).means).toEqual([]);
    expect(decimate([], loss, 9, [0, 1]).epochs).toEqual([]);
  });
});

describe("zoom", () => {
  it("shows all epochs, or those chosen", () => {
    expect(shownEpochs(null, 10)).toEqual([0, 10]);
    expect(shownEpochs([2, 4], 10)).toEqual([2, 4]);
    expect(shownEpochs([12, 14], 10)).toEqual([0, 10]);
  });

  it("takes two places in any order, and everything as none", () => {
    expect(zoomTo(4, 2, 10)).toEqual([2, 4]);
    expect(zoomTo(-3, 5, 10)).toEqual([0, 5]);
    expect([zoomTo(0, 10, 10), zoomTo(-1, 99, 10), zoomTo(3, 3, 10)]).toEqual([null, null, null]);
  });

  it("goes nearer and farther around a place, within the run", () => {
    expect(zoomBy(null, 10, 0.5, 5)).toEqual([2.5, 7.5]);
    expect(zoomBy(null, 10, 0.5, 10)).toEqual([5, 10]);
    expect(zoomBy([0, 2], 10, 2, 0)).toEqual([0, 4]);
    expect(zoomBy([2, 8], 10, 2, 5)).toBeNull();
    expect(zoomBy([5, 5.0005], 10, 0.5, 5)).toEqual([5, 5.0005]);
  });
});

function line(epoch: number, value: number, n = 100): TrainLine {
  return { kind: "train", step: epoch, epoch, set: "train", n, loss: value, error: 0, layers: [] };
}
