/** Gathers training steps into one line of metrics.jsonl. */

import type { TrainLine } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import type { StepResult } from "../backends/backend.js";
import type { NetworkShape } from "../network/network.js";

export class TrainLineBuilder {
  private n = 0;
  private steps = 0;
  private lossSum = 0;
  private errors = 0;
  private readonly activeCounts: number[];
  private readonly gradientNorms: number[];

  constructor(private readonly shape: NetworkShape) {
    this.activeCounts = shape.hidden.map(() => 0);
    this.gradientNorms = shape.hidden.map(() => 0);
  }

  get isEmpty(): boolean {
    return this.steps === 0;
  }

  add(result: StepResult): void {
    this.n += result.size;
    this.steps += 1;
    this.lossSum += result.lossSum;
    this.errors += result.errors;
    result.activeCounts.forEach((count, l) => {
      this.activeCounts[l]! += count;
    });
    result.gradientNorms.forEach((norm, l) => {
      this.gradientNorms[l]! += norm;
    });
  }

  /** The line of the steps since the last one, and starts over. Gradient norms are means over the steps. */
  take(step: number, stepsPerEpoch: number): TrainLine {
    const { n, steps, shape } = this;
    const line: TrainLine = {
      kind: "train",
      step,
      epoch: step / stepsPerEpoch,
      set: "train",
      n,
      loss: this.lossSum / n,
      error: this.errors / n,
      layers: shape.hidden.map((units, l) => ({
        sparsity: hasExactZeros(shape.activation) ? (n * units - this.activeCounts[l]!) / (n * units) : null,
        gradientNorm: this.gradientNorms[l]! / steps,
      })),
    };
    this.n = this.steps = this.lossSum = this.errors = 0;
    this.activeCounts.fill(0);
    this.gradientNorms.fill(0);
    return line;
  }
}
