import { expect, test } from "vitest";
import { unpackCurves } from "./curveFrames.js";
import { PretrainingSeries } from "./pretrainingSeries.js";
import type { PretrainLine } from "./run.js";

const line = (layer: number, step: number, loss: number): PretrainLine => ({
  ...{ kind: "pretrain", set: "train", gradientNorm: 1 },
  ...{ layer, step, epoch: step / 100, n: 600, loss, sparsity: loss / 100 },
});
const whole = { range: null, points: 100, layers: true };

test("each layer has columns of its own on the shared epochs", () => {
  const series = new PretrainingSeries(2, [line(1, 100, 8), line(1, 200, 4), line(2, 300, 50)]);
  const { curves, lines, lastEpoch, loss, history } = series.view(whole);
  const { x, columns } = unpackCurves(curves);
  expect([...x]).toEqual([1, 2, 3]);
  expect(columns.map(({ means }) => [...means].map((value) => Math.round(value * 100) / 100))).toEqual([
    [8, 4, Number.NaN],
    [0.08, 0.04, Number.NaN],
    [Number.NaN, Number.NaN, 50],
    [Number.NaN, Number.NaN, 0.5],
  ]);
  expect([lines, lastEpoch, loss, history]).toEqual([3, 3, { layer: 2, mean: 50, n: 600 }, [50]]);
});

test("the last loss is the mean over enough examples of the layer, and of no other", () => {
  const series = new PretrainingSeries(2, [line(1, 100, 9), line(1, 200, 4), line(1, 300, 2)]);
  expect(series.view(whole).loss).toEqual({ layer: 1, mean: 3, n: 1200 });
  series.append(line(2, 400, 50));
  expect(series.view(whole).loss).toEqual({ layer: 2, mean: 50, n: 600 });
});

test("what is told again replaces what was told", () => {
  const series = new PretrainingSeries(2, [line(1, 100, 8), line(1, 200, 4), line(2, 200, 50), line(2, 300, 40)]);
  series.cutBack({ layer: 2, step: 300 });
  expect(series.length).toBe(3);
  series.cutBack({ layer: 1, step: 200 });
  expect(series.view(whole)).toMatchObject({ lines: 1, loss: { layer: 1, mean: 8 } });
  expect(new PretrainingSeries(2).view(whole)).toMatchObject({ lines: 0, loss: null, history: [] });
});
