import { expect, it } from "vitest";
import { Series } from "../../../src/common/series.js";
import { DashboardModel } from "../model.js";
import { trainingCurve, trainingWindow } from "./trainingCurves.js";

it("leaves out points without a value, and has no curve where none was sent", () => {
  const series = new Series(1);
  for (const value of [1, Number.NaN, 3]) series.append(series.length, 1, [value]);
  const curves = series.curves(null, 9, [0]);
  expect(trainingCurve(curves, 0)).toEqual({ epochs: [0, 2], means: [1, 3], lows: [1, 3], highs: [1, 3] });
  expect(trainingCurve(curves, 1).epochs).toEqual([]);
});

it("asks for what is shown: as many points as the width has room for, the zoomed epochs", () => {
  const model = new DashboardModel();
  const points = (width: number) => trainingWindow(model, null, width).points;
  expect([0, 10, 301, 305, 2000].map(points)).toEqual([240, 40, 160, 160, 240]);
  expect(trainingWindow(model, [0.25, 0.5], 400).range).toEqual([0.25, 0.5]);
  expect(trainingWindow(model, [2, 3], 400).range).toBeNull();
});
