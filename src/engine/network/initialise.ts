/** Initial parameters, as the paper sets them (Glorot, Bordes and Bengio 2011, section 4; Glorot and Bengio 2010, eq. 16). */
import { layerSizes, type NetworkShape, type Parameters } from "./network.js";
import { Random } from "./random.js";
import { drawSigns } from "./signs.js";

/** Weights uniform in ±√(6/(inputs + units)), biases 0, signs by the mask. The same seed gives the same bits everywhere. */
export function initialParameters(shape: NetworkShape, seed: number): Parameters {
  return layerSizes(shape).map(({ inputs, units }, l) => {
    const random = Random.stream(seed, `initialisation/${l + 1}`);
    const bound = Math.sqrt(6 / (inputs + units));
    const weightsInOut = new Float32Array(inputs * units);
    for (let i = 0; i < weightsInOut.length; i++) weightsInOut[i] = (2 * random.uniform() - 1) * bound;
    const hidden = l < shape.hidden.length;
    const signs = hidden ? drawSigns(shape.signs, units, Random.stream(seed, `signs/${l + 1}`)) : null;
    return { weightsInOut, biases: new Float32Array(units), signs };
  });
}
