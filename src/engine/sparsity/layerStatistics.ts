/** What is counted while a set passes through a layer; every figure of layerFigures.ts and unitStatistics.ts comes from here. */
import { nearZeroEpsilon } from "../../common/metrics.js";
import type { UnitRows } from "../kernels/kernels.js";

export class LayerStatistics {
  /** Examples seen. */
  n = 0;
  /** [units]: examples on which the unit's output was not zero. */
  readonly firings: Uint32Array;
  /** [units]: sum of h, and of |h|. */
  readonly sums: Float64Array;
  readonly absoluteSums: Float64Array;
  /** [units]: largest |h|. */
  readonly maxima: Float64Array;
  /** [units + 1]: how many examples had that many active units. */
  readonly activeHistogram: Uint32Array;
  /** Outputs with |h| < nearZeroEpsilon. */
  nearZero = 0;

  constructor(readonly units: number) {
    this.firings = new Uint32Array(units);
    this.sums = new Float64Array(units);
    this.absoluteSums = new Float64Array(units);
    this.maxima = new Float64Array(units);
    this.activeHistogram = new Uint32Array(units + 1);
  }

  /** @param outputs of the layer, [size × units] */
  add(outputs: UnitRows, size: number): void {
    const { firings, sums, absoluteSums, maxima, units } = this;
    const { values, pitch, place } = outputs;
    let nearZero = 0;
    for (let b = 0; b < size; b++) {
      const row = b * pitch;
      let active = 0;
      for (let j = 0; j < units; j++) {
        const h = values[row + place[j]!]!;
        if (h === 0) continue;
        const magnitude = Math.abs(h);
        active++;
        firings[j]!++;
        sums[j]! += h;
        absoluteSums[j]! += magnitude;
        if (magnitude > maxima[j]!) maxima[j] = magnitude;
        if (magnitude < nearZeroEpsilon) nearZero++;
      }
      nearZero += units - active;
      this.activeHistogram[active]!++;
    }
    this.nearZero += nearZero;
    this.n += size;
  }
}
