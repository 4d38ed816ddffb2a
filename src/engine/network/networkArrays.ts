/**
 * A network's arrays layer by layer, and of each layer piece by piece: what is as large as the network need not be held a second time to
 * be measured, written to a file, or read from one.
 */
import type { KeptArray } from "../kernels/optimizerState.js";
import { type LayerParameters, layerSizes, type NetworkShape, type Parameters } from "./network.js";

/** A layer's parameters, or what an optimizer keeps of them. */
export type ArrayName = "weights" | KeptArray;

/** [inputs × units], row-major, in pieces of whole rows. A piece is valid until the next is asked for. */
export type Pieces = Iterable<Float32Array> | AsyncIterable<Float32Array>;

export interface LayerSize {
  inputs: number;
  units: number;
  /** Hidden layers have signs. */
  hidden: boolean;
}

/** Layers are counted from 0. */
export interface NetworkArrays {
  readonly layers: readonly LayerSize[];
  rows(layer: number, array: ArrayName): Pieces;
  biases(layer: number, array: ArrayName): Float32Array | Promise<Float32Array>;
  /** Of a hidden layer. */
  signs(layer: number): Float32Array | Promise<Float32Array>;
}

const pieceBytes = 2 ** 18;

/** Rows that are moved at a time. */
export function rowsOfPiece(units: number): number {
  return Math.max(1, Math.floor(pieceBytes / 4 / units));
}

/**
 * The pieces of an array that is filled piece by piece.
 * @param fill writes the rows from `first` on, as many as `piece` has room for
 */
export function* filledPieces(
  { inputs, units }: Pick<LayerSize, "inputs" | "units">,
  fill: (piece: Float32Array, first: number) => void,
): Generator<Float32Array> {
  const most = rowsOfPiece(units);
  const buffer = new Float32Array(Math.min(most, inputs) * units);
  for (let first = 0; first < inputs; first += most) {
    const piece = buffer.subarray(0, Math.min(most, inputs - first) * units);
    fill(piece, first);
    yield piece;
  }
}

export function layersOf(shape: NetworkShape): LayerSize[] {
  return layerSizes(shape).map((size, l) => ({ ...size, hidden: l < shape.hidden.length }));
}

/** Parameters that are held as a whole. */
export function arraysInMemory(parameters: Parameters): NetworkArrays {
  const layer = (l: number): LayerParameters => {
    const found = parameters[l];
    if (!found) throw new RangeError(`There is no layer ${l + 1}.`);
    return found;
  };
  return {
    layers: parameters.map(({ weightsInOut, biases, signs }) => ({
      inputs: weightsInOut.length / biases.length,
      units: biases.length,
      hidden: signs !== null,
    })),
    rows: (l) => [layer(l).weightsInOut],
    biases: (l) => layer(l).biases,
    signs: (l) => layer(l).signs ?? new Float32Array(0),
  };
}

/** A copy as a whole. */
export async function wholeParameters(arrays: NetworkArrays): Promise<Parameters> {
  const parameters: Parameters = [];
  for (const [l, { hidden }] of arrays.layers.entries())
    parameters.push({ ...(await wholeArrays(arrays, l, "weights")), signs: hidden ? await arrays.signs(l) : null });
  return parameters;
}

export async function wholeArrays(
  arrays: NetworkArrays,
  l: number,
  array: ArrayName,
): Promise<Pick<LayerParameters, "weightsInOut" | "biases">> {
  const { inputs, units } = arrays.layers[l] as LayerSize;
  const weightsInOut = new Float32Array(inputs * units);
  let at = 0;
  for await (const piece of arrays.rows(l, array)) {
    weightsInOut.set(piece, at);
    at += piece.length;
  }
  return { weightsInOut, biases: await arrays.biases(l, array) };
}
