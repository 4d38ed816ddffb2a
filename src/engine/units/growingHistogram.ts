/**
 * Counts values of a range that is not known before. Bins are as wide as a power of two; where a value lies beyond the outermost, each two
 * bins become one. So every count is exact, whatever comes, in the memory of a fixed number of bins.
 */
import type { ActivationHistogram } from "../../common/unitReport.js";

/** On either side of 0. */
const bins = 32;

export class GrowingHistogram {
  private readonly counts: Uint32Array;
  /** Of each unit, ‖ log₂ ‖ of the width; below every value's until the first comes. */
  private readonly exponents: Int16Array;
  private readonly zeros: Uint32Array;
  private static readonly unset = -(2 ** 15);

  constructor(readonly units: number) {
    this.counts = new Uint32Array(units * 2 * bins);
    this.exponents = new Int16Array(units).fill(GrowingHistogram.unset);
    this.zeros = new Uint32Array(units);
  }

  add(unit: number, value: number): void {
    if (value === 0) {
      this.zeros[unit]!++;
      return;
    }
    if (!Number.isFinite(value)) return;
    let exponent = this.exponents[unit]!;
    if (exponent === GrowingHistogram.unset) {
      exponent = Math.max(-1000, Math.ceil(Math.log2(Math.abs(value) / bins)));
      this.exponents[unit] = exponent;
    }
    let bin = Math.floor(value / 2 ** exponent);
    while (bin < -bins || bin >= bins) {
      this.merge(unit);
      this.exponents[unit] = ++exponent;
      bin = Math.floor(value / 2 ** exponent);
    }
    this.counts[unit * 2 * bins + bins + bin]!++;
  }

  /** From the lowest bin with a value to the highest, with 0 at the edge of a bin. */
  of(unit: number): ActivationHistogram {
    const all = Array.from(this.counts.subarray(unit * 2 * bins, (unit + 1) * 2 * bins));
    const [low, high] = [all.findIndex((count) => count > 0), all.findLastIndex((count) => count > 0)];
    const zeros = this.zeros[unit]!;
    if (low < 0) return { zeros, from: 0, width: 1, counts: [] };
    const [first, last] = [Math.min(low, bins), Math.max(high, bins - 1)];
    const width = 2 ** this.exponents[unit]!;
    return { zeros, from: (first - bins) * width, width, counts: all.slice(first, last + 1) };
  }

  private merge(unit: number): void {
    const own = this.counts.subarray(unit * 2 * bins, (unit + 1) * 2 * bins);
    const before = own.slice();
    own.fill(0);
    for (let k = 0; k < 2 * bins; k++) own[bins + Math.floor((k - bins) / 2)]! += before[k]!;
  }
}
