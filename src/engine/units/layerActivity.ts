/**
 * What the units of a layer give on a set, counted as the set passes through the network: enough to report on each of its units at once,
 * in far less memory than the outputs themselves would take.
 */
import { mostExamples, mostSimilar, type SimilarUnits } from "../../common/unitReport.js";
import type { UnitRows } from "../kernels/kernels.js";
import { ExamplePatterns } from "./examplePatterns.js";
import { GrowingHistogram } from "./growingHistogram.js";
import { TopExamples } from "./topExamples.js";

/** Bytes that patterns or outputs of one layer may take. */
const similarityBytes = 24 * 2 ** 20;
/** Of units without exact zeros so many examples are compared, which are kept as numbers. */
const mostCompared = 1000;

export class LayerActivity {
  readonly units: number;
  readonly histogram: GrowingHistogram;
  readonly top: TopExamples;
  /** [units × classes]: examples of the class on which the unit's output is not zero, and the sum of its outputs. */
  readonly fires: Uint32Array;
  readonly sums: Float64Array;
  /** [units] */
  readonly maxima: Float64Array;
  private readonly similarity: ExamplePatterns | Outputs;

  /**
   * @param signs of the mask; null where it flips none
   * @param exact whether the units can be exactly zero
   */
  constructor(
    private readonly signs: Float32Array | null,
    private readonly exact: boolean,
    units: number,
    private readonly classes: number,
    n: number,
  ) {
    this.units = units;
    this.histogram = new GrowingHistogram(units);
    this.top = new TopExamples(units, mostExamples);
    this.fires = new Uint32Array(units * classes);
    this.sums = new Float64Array(units * classes);
    this.maxima = new Float64Array(units).fill(Number.NEGATIVE_INFINITY);
    this.similarity = exact
      ? new ExamplePatterns(units, Math.min(n, 32 * Math.max(1, Math.floor(similarityBytes / 4 / units))))
      : new Outputs(units, Math.min(n, mostCompared, Math.max(2, Math.floor(similarityBytes / 4 / units))));
  }

  /** @param outputs h of the examples from `first` on, [size × units] */
  add(outputs: UnitRows, labels: ArrayLike<number>, first: number, size: number): void {
    const { units, classes, signs, histogram, top, fires, sums, maxima, exact } = this;
    const { values, pitch, place } = outputs;
    for (let b = 0; b < size; b++) {
      const label = labels[b]!;
      for (let j = 0; j < units; j++) {
        const h = values[b * pitch + place[j]!]!;
        // what is not zero of units that can be exactly zero is positive
        const u = h === 0 ? 0 : signs ? h * signs[j]! : h;
        if (!Number.isFinite(u)) continue; // of a network that diverged
        histogram.add(j, u);
        if (u > maxima[j]!) maxima[j] = u;
        if (u === 0) {
          if (!exact) top.add(j, first + b, u);
          continue;
        }
        top.add(j, first + b, u);
        fires[j * classes + label]!++;
        sums[j * classes + label]! += u;
      }
    }
    this.similarity.record(outputs, first, size);
  }

  similarTo(unit: number): SimilarUnits {
    const { similarity, units } = this;
    const others = Array.from({ length: units }, (_, other) => other).filter((other) => other !== unit);
    const compared = others.map((other) => ({ unit: other, similarity: similarity.overlap(unit, other) }));
    return {
      measure: this.exact ? "jaccard" : "correlation",
      n: similarity.n,
      units: compared
        .filter(({ similarity }) => similarity > 0)
        .sort((a, b) => b.similarity - a.similarity || a.unit - b.unit)
        .slice(0, mostSimilar),
    };
  }
}

/** Outputs of a few examples as they are. */
class Outputs {
  /** [units × n] */
  private readonly values: Float32Array;

  constructor(
    private readonly units: number,
    readonly n: number,
  ) {
    this.values = new Float32Array(units * n);
  }

  record({ values, pitch, place }: UnitRows, first: number, size: number): void {
    for (let b = 0; b < Math.min(size, this.n - first); b++)
      for (let j = 0; j < this.units; j++) this.values[j * this.n + first + b] = values[b * pitch + place[j]!]!;
  }

  /** Pearson's correlation; 0 where one of them is constant. */
  overlap(a: number, b: number): number {
    const { n, values } = this;
    const [x, y] = [a, b].map((unit) => values.subarray(unit * n, (unit + 1) * n)) as [Float32Array, Float32Array];
    let [sumX, sumY, squareX, squareY, product] = [0, 0, 0, 0, 0];
    for (let k = 0; k < n; k++) {
      sumX += x[k]!;
      sumY += y[k]!;
    }
    const [meanX, meanY] = [sumX / n, sumY / n];
    for (let k = 0; k < n; k++) {
      const [dx, dy] = [x[k]! - meanX, y[k]! - meanY];
      squareX += dx * dx;
      squareY += dy * dy;
      product += dx * dy;
    }
    return squareX > 0 && squareY > 0 ? product / Math.sqrt(squareX * squareY) : 0;
  }
}
