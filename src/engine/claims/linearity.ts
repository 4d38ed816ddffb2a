/**
 * On the active set the network is linear (the paper, section 3.1): with D_l = diag(sign where a unit of layer l is active, else 0),
 * logits = A·x + c where A = W_Lᵀ D_{L−1} W_{L−1}ᵀ … D_1 W_1ᵀ and c collects the biases on the same paths. Everything in double precision.
 */
import type { Deviation } from "../../common/claims.js";
import { accumulated, type ExactLayer, exactForward, roundingBound, unitRoundoff } from "./exactForward.js";
import { exactSample, exampleOf, forwardOf, logitsOf } from "./sampling.js";
import type { Check } from "./subject.js";

/** Of some validation examples: what both ways to the outputs differ by, at most. */
export const checkLinearity: Check<"linearity"> = async ({ kernels, parameters, valid, shape }, pace) => {
  const indices = exactSample(valid.n, shape);
  const worst: Linearity = { double: nothing, engine: nothing, largestOutput: 0 };
  kernels.load(parameters);
  for (const [done, example] of indices.entries()) {
    forwardOf(kernels, valid, example);
    const found = linearityAt(parameters, exampleOf(valid, example, shape.inputs), logitsOf(kernels, 0));
    worst.double = worse(worst.double, found.double);
    worst.engine = worse(worst.engine, found.engine);
    worst.largestOutput = Math.max(worst.largestOutput, found.largestOutput);
    await pace.turn((done + 1) / indices.length);
  }
  const holds = worst.double.ofRounding <= 1 && worst.engine.ofRounding <= 1;
  return { holds, figures: { set: valid.name, n: indices.length, ...worst } };
};

export const nothing: Deviation = { largest: 0, ofRounding: 0 };

export interface LinearMap {
  /** [classes × inputs], row-major */
  a: Float64Array;
  /** [classes] */
  c: Float64Array;
}

/** @param outputs of every layer, as exactForward returns them: what is not 0 is active */
export function linearMapOf(layers: readonly ExactLayer[], outputs: readonly Float64Array[]): LinearMap {
  const last = layers.at(-1) as ExactLayer;
  const classes = last.biases.length;
  const c = Float64Array.from(last.biases);
  let above = last.weightsInOut.length / classes;
  let a = new Float64Array(classes * above);
  for (let i = 0; i < above; i++)
    for (let k = 0; k < classes; k++) a[k * above + i] = last.weightsInOut[i * classes + k]!;
  for (let l = layers.length - 2; l >= 0; l--) {
    const { weightsInOut, biases, signs } = layers[l] as ExactLayer;
    const units = biases.length;
    const inputs = weightsInOut.length / units;
    const active = indicesOf(outputs[l] as Float64Array);
    const below = l > 0 ? indicesOf(outputs[l - 1] as Float64Array) : null;
    const product = new Float64Array(classes * inputs);
    const path = new Float64Array(active.length);
    for (let k = 0; k < classes; k++) {
      active.forEach((j, p) => {
        path[p] = a[k * above + j]! * signs![j]!;
        c[k]! += path[p]! * biases[j]!;
      });
      const count = below ? below.length : inputs;
      for (let q = 0; q < count; q++) {
        const i = below ? below[q]! : q;
        let sum = 0;
        for (let p = 0; p < active.length; p++) sum += path[p]! * weightsInOut[i * units + active[p]!]!;
        product[k * inputs + i] = sum;
      }
    }
    a = product;
    above = inputs;
  }
  return { a, c };
}

/** A·x + c */
export function applied({ a, c }: LinearMap, x: Float64Array): Float64Array {
  const inputs = x.length;
  return c.map((constant, k) => {
    let sum = constant;
    for (let i = 0; i < inputs; i++) sum += a[k * inputs + i]! * x[i]!;
    return sum;
  });
}

export interface Linearity {
  double: Deviation;
  engine: Deviation;
  /** Largest |logit|. */
  largestOutput: number;
}

/** @param logits of the engine for the same input, [classes] */
export function linearityAt(layers: readonly ExactLayer[], x: Float64Array, logits: ArrayLike<number>): Linearity {
  const outputs = exactForward(layers, x);
  const exact = outputs.at(-1) as Float64Array;
  const linear = applied(linearMapOf(layers, outputs), x);
  const building = buildingBound(layers, x, outputs);
  return {
    double: deviation(linear, exact, sum(building, roundingBound(layers, x, unitRoundoff.double))),
    engine: deviation(linear, logits, sum(building, roundingBound(layers, x, unitRoundoff.single))),
    largestOutput: exact.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0),
  };
}

/** The largest |a − b|, and the largest as a share of its bound; NaN in either is infinitely far. */
export function deviation(a: ArrayLike<number>, b: ArrayLike<number>, bound: ArrayLike<number>): Deviation {
  const found = { largest: 0, ofRounding: 0 };
  for (let k = 0; k < bound.length; k++) {
    const difference = Math.abs(a[k]! - b[k]!);
    const apart = Number.isNaN(difference) ? Number.MAX_VALUE : difference;
    found.largest = Math.max(found.largest, apart);
    found.ofRounding = Math.max(found.ofRounding, apart === 0 ? 0 : Math.min(Number.MAX_VALUE, apart / bound[k]!));
  }
  return found;
}

export function worse(a: Deviation, b: Deviation): Deviation {
  return { largest: Math.max(a.largest, b.largest), ofRounding: Math.max(a.ofRounding, b.ofRounding) };
}

/** How far rounding can carry A·x + c: γ of all roundings on a path × Σ over active paths of |product of weights and input|. */
function buildingBound(layers: readonly ExactLayer[], x: Float64Array, outputs: readonly Float64Array[]): Float64Array {
  let sums = x.map(Math.abs);
  let roundings = x.length + 2;
  layers.forEach(({ weightsInOut, biases, signs }, l) => {
    const units = biases.length;
    const next = Float64Array.from(biases, Math.abs);
    roundings += sums.length + 2;
    sums.forEach((size, i) => {
      if (size !== 0) for (let j = 0; j < units; j++) next[j]! += size * Math.abs(weightsInOut[i * units + j]!);
    });
    sums = signs ? next.map((size, j) => (outputs[l]![j] === 0 ? 0 : size)) : next;
  });
  const gamma = accumulated(roundings, unitRoundoff.double);
  return sums.map((size) => gamma * size);
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value + b[k]!);
}

function indicesOf(outputs: Float64Array): Int32Array {
  const active: number[] = [];
  outputs.forEach((h, j) => {
    if (h !== 0) active.push(j);
  });
  return Int32Array.from(active);
}
