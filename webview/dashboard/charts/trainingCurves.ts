/** Which part of the training figures the charts draw, and its curves. */
import type { Curves } from "../../../src/common/series.js";
import type { TrainingWindow } from "../../../src/common/trainingSeries.js";
import { unitsWithoutZeros } from "../headline.js";
import type { DashboardModel } from "../model.js";
import type { Zoom } from "../viewState.js";
import { shownEpochs } from "./zoom.js";

/** Points a curve is drawn with at most: with more of them, one sees the noise of mini-batches and no curve. */
const mostPoints = 240;
const leastPoints = 40;
/** So that not every pixel of a change of width asks anew. */
const pointsGrain = 20;
const pixelsPerPoint = 2;
/** With more layers, training curves behind the measured ones would hide them. */
export const mostFaintCurves = 6;

/** Columns of equal length; points without a value are left out. */
export interface TrainingCurve {
  epochs: number[];
  means: number[];
  lows: number[];
  highs: number[];
}

export function trainingCurve({ x, columns }: Curves, index: number): TrainingCurve {
  const curve: TrainingCurve = { epochs: [], means: [], lows: [], highs: [] };
  const column = columns[index];
  column?.means.forEach((mean, i) => {
    if (Number.isNaN(mean)) return;
    curve.epochs.push(x[i] as number);
    curve.means.push(mean);
    curve.lows.push(column.lows[i] as number);
    curve.highs.push(column.highs[i] as number);
  });
  return curve;
}

/** Before the first evaluation the layers' training curves are all there is; after it they stand behind, if they are few. */
export function drawsLayerCurves({ hidden, measured }: DashboardModel): boolean {
  return !unitsWithoutZeros(hidden) && (measured.length === 0 || hidden.length <= mostFaintCurves);
}

/** What a page asks for that has not been drawn yet. */
export function firstWindow(zoom: Zoom | null): TrainingWindow {
  return { range: zoom, points: mostPoints, layers: true };
}

/** @param width of a chart, in pixels */
export function trainingWindow(model: DashboardModel, zoom: Zoom | null, width: number): TrainingWindow {
  const points = Math.ceil(width / pixelsPerPoint / pointsGrain) * pointsGrain;
  return {
    range: zoom && zoom[0] < model.lastEpoch ? shownEpochs(zoom, model.lastEpoch) : null,
    points: width > 0 ? Math.min(mostPoints, Math.max(leastPoints, points)) : mostPoints,
    layers: drawsLayerCurves(model),
  };
}
