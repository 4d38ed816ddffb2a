/** From values to places on a line, and where its ticks are. */
export interface Scale {
  /** 0…1 */
  at(value: number): number;
  ticks: number[];
  /** From tick to tick; null where they are powers of ten. */
  step: number | null;
}

/** Axis values over this ratio are drawn by their logarithms. */
const logRatio = 50;
/** Room beyond the outermost values, as a share of their distance. */
const margin = 0.06;

/**
 * @param values none gives 0…1
 * @param logarithmic where all are positive and far apart
 */
export function scaleOf(values: readonly number[], logarithmic: boolean, most = 6): Scale {
  const low = values.length > 0 ? Math.min(...values) : 0;
  const high = values.length > 0 ? Math.max(...values) : 1;
  if (logarithmic && low > 0 && high / low >= logRatio) return logScale(low, high, most);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // values that differ by no more than rounding are drawn as one
  const spread = high - low > size * 1e-9 ? high - low : size * 0.2 || 1;
  const from = low - spread * margin;
  const to = high + spread * margin;
  const step = niceStep((to - from) / most);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.min(2 * most, Math.floor(to / step + 1e-9) - first + 1);
  const ticks = Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { at: (value) => (value - from) / (to - from), ticks, step };
}

function logScale(low: number, high: number, most: number): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const room = (to - from) * margin;
  const place = (value: number) => (Math.log10(value) - from + room) / (to - from + 2 * room);
  const every = Math.max(1, Math.ceil((to - from) / most));
  const ticks: number[] = [];
  for (let power = Math.ceil(from - room); power <= to + room; power += every) ticks.push(Number(`1e${power}`));
  return { at: place, ticks, step: null };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}
