/** Which epochs the charts show. */
import { type Zoom, zoomOf } from "../viewState.js";

/** No closer than this share of the run: nearer there is nothing to see. */
const closest = 1e-4;

/** The epochs shown: all of them, or the zoomed ones as far as there are any. */
export function shownEpochs(zoom: Zoom | null, lastEpoch: number): Zoom {
  if (!zoom || zoom[0] >= lastEpoch) return [0, lastEpoch];
  return [Math.max(0, zoom[0]), zoom[1]];
}

/** Digits after the point with which epochs this far apart can be told from each other. */
export function epochDigits(apart: number): number {
  return Math.min(8, Math.max(2, Math.ceil(-Math.log10(apart) - 1e-9)));
}

/** Another zoom, from two places in any order; null when it would show everything. */
export function zoomTo(a: number, b: number, lastEpoch: number): Zoom | null {
  const from = Math.max(0, Math.min(a, b));
  const to = Math.min(lastEpoch, Math.max(a, b));
  if (to - from < lastEpoch * closest) return null;
  return from <= lastEpoch * 1e-6 && to >= lastEpoch * (1 - 1e-6) ? null : zoomOf(from, to);
}

/** Nearer (factor below 1) or farther, keeping `around` where it is. */
export function zoomBy(zoom: Zoom | null, lastEpoch: number, factor: number, around: number): Zoom | null {
  const [from, to] = shownEpochs(zoom, lastEpoch);
  const width = (to - from) * factor;
  if (width < lastEpoch * closest) return zoom;
  if (width >= lastEpoch) return null;
  const share = (Math.min(to, Math.max(from, around)) - from) / (to - from);
  const start = Math.min(lastEpoch - width, Math.max(0, around - share * width));
  return zoomTo(start, start + width, lastEpoch);
}
