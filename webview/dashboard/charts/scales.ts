/** Where a value axis begins, ends and is marked. Shares are 0…1. */
import { roundMarks } from "../units/evenBins.js";

export type Limits = [low: number, high: number];

/** A value axis: how the data's extremes become limits, and what is marked between them. */
export interface ValueScale {
  logarithmic: boolean;
  limits(low: number | null, high: number | null): Limits;
  /** @param most marks that fit */
  marks(limits: Limits, most: number): number[];
}

/** Sparsity and near-zero shares: up to 100 % and down to where the data are, or up from 0 when all of them are small. */
export const shareScale: ValueScale = {
  logarithmic: false,
  limits: (low, high) =>
    (high ?? 1) < 0.4
      ? [0, roundUp(Math.max(0.01, high ?? 0))]
      : [Math.min(0.8, Math.floor(Math.max(0, low ?? 0) * 5 + 1e-9) / 5), 1],
  marks: evenMarks,
};

/** Shares that stay small if all is well: up from 0, at least to 1 %. */
export const smallShareScale: ValueScale = {
  logarithmic: false,
  limits: (_, high) => [0, roundUp(Math.min(1, Math.max(0.01, high ?? 0)))],
  marks: evenMarks,
};

/** Errors and losses: positive, over decades. Limits and marks are 1 or 3 times a power of ten. */
export const decadeScale: ValueScale = {
  logarithmic: true,
  limits: (low, high) => {
    const top = high !== null && high > 0 ? high : 1;
    // Six decades are as many as can be read; an error of 0 lies on the axis.
    const bottom = Math.max(low !== null && low > 0 ? low : top / 100, top * 1e-6);
    const limits: Limits = [thirdsBelow(bottom), thirdsAbove(top)];
    return limits[0] < limits[1] ? limits : [limits[0], limits[0] * 10];
  },
  marks: ([low, high], most) => {
    const thirds: number[] = [];
    for (let value = low; value <= high * 1.001; value = thirdsAbove(value * 1.01)) thirds.push(value);
    if (thirds.length <= most) return thirds;
    const decades = thirds.filter((value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 0.01);
    const stride = Math.ceil(decades.length / most);
    return decades.filter((_, i) => i % stride === 0);
  },
};

/** What is never negative, up from 0. */
export const linearScale: ValueScale = {
  logarithmic: false,
  limits: (_, high) => (high !== null && high > 0 ? [0, roundOutward(high)] : [0, 1]),
  marks: ([low, high], most) => roundMarks(low, high, most - 1),
};

/** What has a sign, with 0 always in sight. */
export const signedScale: ValueScale = {
  logarithmic: false,
  limits: (low, high) => {
    const size = Math.max(Math.abs(low ?? 0), Math.abs(high ?? 0));
    if (size === 0) return [-1, 1];
    const grain = roundOutward(size) / 5;
    return [Math.floor(Math.min(0, low ?? 0) / grain) * grain, Math.ceil(Math.max(0, high ?? 0) / grain) * grain].map(
      clean,
    ) as Limits;
  },
  marks: ([low, high], most) => roundMarks(low, high, most - 1),
};

function evenMarks([low, high]: Limits, most: number): number[] {
  const steps = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
  const fits = (step: number) => (high - low) / step <= most - 1 + 1e-9 && divides(step, high - low);
  const step = steps.find(fits) ?? high - low;
  const marks: number[] = [];
  for (let i = 0; low + i * step <= high + step / 1000; i++) marks.push(low + i * step);
  return marks;
}

function divides(step: number, span: number): boolean {
  return Math.abs(span / step - Math.round(span / step)) < 1e-6;
}

function roundUp(share: number): number {
  return [0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.4, 0.6, 0.8].find((limit) => share <= limit + 1e-9) ?? 1;
}

/** The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten. */
function roundOutward(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const factor =
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((candidate) => value <= candidate * decade * (1 + 1e-9)) ?? 10;
  return clean(factor * decade);
}

function thirdsBelow(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value * 1.0001));
  return clean(value >= 3 * decade * 0.9999 ? 3 * decade : decade);
}

function thirdsAbove(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value * 0.9999));
  return clean(value <= 3 * decade * 1.0001 && value > decade * 1.0001 ? 3 * decade : 10 * decade);
}

/** 0.30000000000000004 → 0.3 */
function clean(value: number): number {
  return Number(value.toPrecision(3)) || 0;
}
