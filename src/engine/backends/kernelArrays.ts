/** The arrays of kernels that let their rows be read and written. */
import type { RowAccess } from "../kernels/kernels.js";
import type { KeptArray } from "../kernels/optimizerState.js";
import type { NetworkShape } from "../network/network.js";
import {
  type ArrayName,
  filledPieces,
  type LayerSize,
  layersOf,
  type NetworkArrays,
} from "../network/networkArrays.js";
import type { RowChange, StoredArrays } from "./backendArrays.js";

export class KernelArrays implements StoredArrays {
  readonly layers: readonly LayerSize[];

  constructor(
    private readonly access: RowAccess,
    shape: NetworkShape,
  ) {
    this.layers = layersOf(shape);
  }

  rows(l: number, array: ArrayName): Iterable<Float32Array> {
    return filledPieces(this.size(l), (piece, first) => this.access.readRows(l, array, first, piece));
  }

  biases(l: number, array: ArrayName): Float32Array {
    const { inputs, units } = this.size(l);
    const biases = new Float32Array(units);
    this.access.readRows(l, array, inputs, biases);
    return biases;
  }

  signs(l: number): Float32Array {
    return this.access.readSigns(l);
  }

  async load(from: NetworkArrays, kept: readonly KeptArray[]): Promise<void> {
    const { access } = this;
    access.clear();
    for (const [l, { inputs, units, hidden }] of this.layers.entries()) {
      const given = from.layers[l];
      if (given?.inputs !== inputs || given.units !== units)
        throw new RangeError(`Layer ${l + 1} has weights of another shape than ${inputs} × ${units}.`);
      for (const array of ["weights", ...kept] as const) {
        let row = 0;
        for await (const piece of from.rows(l, array)) {
          access.writeRows(l, array, row, piece);
          row += piece.length / units;
        }
        access.writeRows(l, array, inputs, await from.biases(l, array));
      }
      if (hidden) access.writeSigns(l, await from.signs(l));
    }
  }

  change(l: number, array: ArrayName, change: RowChange): void {
    const { access } = this;
    let row = 0;
    for (const piece of this.rows(l, array)) {
      change(piece, row);
      access.writeRows(l, array, row, piece);
      row += piece.length / this.size(l).units;
    }
    const biases = this.biases(l, array);
    change(biases, row);
    access.writeRows(l, array, row, biases);
  }

  private size(l: number): LayerSize {
    return this.layers[l] as LayerSize;
  }
}
