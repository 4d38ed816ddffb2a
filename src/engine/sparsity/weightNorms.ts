import type { LayerParameters } from "../network/network.js";

/** ‖W‖₂ of a layer that is there as a whole. */
export function weightNorm({ weightsInOut, biases }: LayerParameters): number {
  const norms = new WeightNorms(weightsInOut.length / biases.length, biases.length);
  norms.add(weightsInOut);
  return norms.whole;
}

/** Norms of a layer's weights, from its rows as they pass. */
export class WeightNorms {
  /** ‖W'[i, :]‖₂ of the weights that leave each input. */
  readonly outgoing: Float32Array;
  private row = 0;
  private square = 0;
  private readonly columnSquares: Float64Array;

  constructor(
    inputs: number,
    private readonly units: number,
  ) {
    this.outgoing = new Float32Array(inputs);
    this.columnSquares = new Float64Array(units);
  }

  /** @param rows the next ones, whole. Sums do not depend on how many come at a time. */
  add(rows: Float32Array): void {
    const { units, columnSquares } = this;
    let { square } = this;
    for (let at = 0; at < rows.length; at += units) {
      let rowSquare = 0;
      for (let j = 0; j < units; j++) {
        const one = rows[at + j]! ** 2;
        square += one;
        rowSquare += one;
        columnSquares[j]! += one;
      }
      this.outgoing[this.row++] = Math.sqrt(rowSquare);
    }
    this.square = square;
  }

  /** ‖W‖₂ */
  get whole(): number {
    return Math.sqrt(this.square);
  }

  /** ‖W[:, j]‖₂ of the weights into each unit. */
  incoming(): Float32Array {
    return Float32Array.from(this.columnSquares, Math.sqrt);
  }
}
