/** What an axis stands for: its values, or how one is drawn. Pure. */
import type { Axis, Range } from "../../common/sweep.js";
import type { Random } from "../network/random.js";

/** Digits that are kept, so that 0.006000000000000001 is 0.006. */
const spacedDigits = 12;
/** Of drawn values: a name in a table has to be short, and means the value itself. */
const drawnDigits = 5;

export function isRandom(axis: Axis): axis is Range {
  return !Array.isArray(axis) && axis.distribution !== undefined;
}

/** The values of a list or of a spaced range, in order. */
export function valuesOf(axis: Axis): unknown[] {
  if (Array.isArray(axis)) return axis;
  const { spacing, min, max, count = 1 } = axis;
  return Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 0 : i / (count - 1);
    if (share === 0) return min;
    if (share === 1) return max;
    const value = spacing === "log" ? min * (max / min) ** share : min + (max - min) * share;
    return rounded(value, spacedDigits);
  });
}

/** The next random value of an axis. */
export function draw({ distribution, min, max }: Range, random: Random): number {
  if (distribution === "integer") {
    const [low, high] = [Math.ceil(min), Math.floor(max)];
    return low + Math.floor(random.uniform53() * (high - low + 1));
  }
  const share = random.uniform53();
  const value = distribution === "logUniform" ? min * (max / min) ** share : min + (max - min) * share;
  return Math.min(max, Math.max(min, rounded(value, drawnDigits)));
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
