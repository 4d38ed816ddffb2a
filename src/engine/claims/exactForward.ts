/** A rectifier network's forward pass in double precision, with how far rounding can carry it from what is meant. */
import type { LayerParameters } from "../network/network.js";

/** Parameters of either precision. */
export type ExactLayer = {
  [Key in keyof LayerParameters]: Float32Array | Float64Array | Extract<LayerParameters[Key], null>;
};

/** Half the distance from 1 to the next number: the largest relative error of one operation. */
export const unitRoundoff = { single: 2 ** -24, double: 2 ** -53 } as const;

/**
 * h = sign ∘ max(0, x·W + b) layer by layer, the last one without sign and maximum.
 * @param x [inputs]
 * @returns outputs of every layer; the last are the logits
 */
export function exactForward(layers: readonly ExactLayer[], x: Float64Array): Float64Array[] {
  const outputs: Float64Array[] = [];
  let input = x;
  for (const layer of layers) {
    const a = weighted(layer, input);
    const { signs } = layer;
    input = signs ? a.map((value, j) => (value > 0 ? signs[j]! * value : 0)) : a;
    outputs.push(input);
  }
  return outputs;
}

/**
 * Running error analysis (Higham 2002, section 3.3): how far each logit, computed with unit roundoff u in any order of summation, can be
 * from the exact one. A rectifier passes an error on at most as large as it is, and none while its pre-activation is surely negative.
 * @param extra rounding errors of each weight and bias before they are used, such as those of rescaling them
 */
export function roundingBound(layers: readonly ExactLayer[], x: Float64Array, u: number, extra = 0): Float64Array {
  let values = x;
  // an input may be rounded twice: as it is stored, and as it is scaled
  let errors = x.map((value) => 2 * u * Math.abs(value));
  for (const layer of layers) {
    const { weightsInOut, biases, signs } = layer;
    const units = biases.length;
    const exact = weighted(layer, values);
    const magnitude = Float64Array.from(biases, Math.abs);
    const carried = new Float64Array(units);
    let terms = 0;
    for (let i = 0; i < values.length; i++) {
      const [size, error] = [Math.abs(values[i]!) + errors[i]!, errors[i]!];
      if (size === 0) continue;
      terms++;
      for (let j = 0; j < units; j++) {
        const weight = Math.abs(weightsInOut[i * units + j]!);
        magnitude[j]! += weight * size;
        carried[j]! += weight * error;
      }
    }
    const gamma = accumulated(terms + 2 + extra, u);
    errors = carried.map((error, j) => error + gamma * magnitude[j]!);
    values = exact;
    if (!signs) continue;
    errors.forEach((error, j) => {
      if (exact[j]! + error < 0) errors[j] = 0;
    });
    values = exact.map((a, j) => (a > 0 ? signs[j]! * a : 0));
  }
  return errors;
}

/** γ_n = nu ÷ (1 − nu): what n roundings make of a relative error. */
export function accumulated(n: number, u: number): number {
  return (n * u) / (1 - n * u);
}

/** x·W + b */
function weighted({ weightsInOut, biases }: ExactLayer, x: Float64Array): Float64Array {
  const units = biases.length;
  const a = Float64Array.from(biases);
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (value === 0) continue;
    for (let j = 0, at = i * units; j < units; j++, at++) a[j]! += value * weightsInOut[at]!;
  }
  return a;
}
