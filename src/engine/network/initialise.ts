/** Initial parameters, as the paper sets them (Glorot, Bordes and Bengio 2011, section 4; Glorot and Bengio 2010, eq. 16). */
import type { LayerParameters, NetworkShape, Parameters } from "./network.js";
import { filledPieces, type LayerSize, layersOf, type NetworkArrays } from "./networkArrays.js";
import { Random } from "./random.js";
import { drawSigns } from "./signs.js";

/** Weights uniform in ±√(6/(inputs + units)), biases 0, signs by the mask. The same seed gives the same bits everywhere. */
export function initialArrays(shape: NetworkShape, seed: number): NetworkArrays {
  const layers = layersOf(shape);
  const size = (l: number) => layers[l] as LayerSize;
  return {
    layers,
    rows: (l) => filledPieces(size(l), drawer(size(l), seed, l)),
    biases: (l) => new Float32Array(size(l).units),
    signs: (l) => initialSigns(shape, size(l), seed, l),
  };
}

/** The same as a whole. */
export function initialParameters(shape: NetworkShape, seed: number): Parameters {
  return layersOf(shape).map((_, l) => initialLayer(shape, seed, l));
}

/** @param l from 0 */
export function initialLayer(shape: NetworkShape, seed: number, l: number): LayerParameters {
  const size = layersOf(shape)[l] as LayerSize;
  const weightsInOut = new Float32Array(size.inputs * size.units);
  drawer(size, seed, l)(weightsInOut);
  const signs = size.hidden ? initialSigns(shape, size, seed, l) : null;
  return { weightsInOut, biases: new Float32Array(size.units), signs };
}

/** Fills with a layer's weights, in their order, as many as there is room for. */
function drawer({ inputs, units }: LayerSize, seed: number, l: number): (to: Float32Array) => void {
  const random = Random.stream(seed, `initialisation/${l + 1}`);
  const bound = initialBound({ inputs, units });
  return (to) => {
    for (let i = 0; i < to.length; i++) to[i] = (2 * random.uniform() - 1) * bound;
  };
}

/** Of a layer's weights, on either side of 0. */
export function initialBound({ inputs, units }: Pick<LayerSize, "inputs" | "units">): number {
  return Math.sqrt(6 / (inputs + units));
}

function initialSigns({ signs }: NetworkShape, { units }: LayerSize, seed: number, l: number): Float32Array {
  return drawSigns(signs, units, Random.stream(seed, `signs/${l + 1}`));
}
