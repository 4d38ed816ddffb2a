/**
 * Rescaling (the paper, section 3.1): W'_l = W_l ÷ α_l and b'_l = b_l ÷ Π_{j≤l} α_j with α > 0 divide the outputs of a rectifier network by
 * Πα, and change nothing where Πα = 1.
 */
import type { Parameters } from "../network/network.js";
import type { Random } from "../network/random.js";
import { type ExactLayer, exactForward, roundingBound, unitRoundoff } from "./exactForward.js";
import { deviation, nothing, worse } from "./linearity.js";
import { exactSample, exampleOf, forwardOf, logitsOf } from "./sampling.js";
import type { Check } from "./subject.js";

/** On some validation examples, with factors that are drawn: balanced ones, free ones, and powers of two in the engine itself. */
export const checkRescaling: Check<"rescaling"> = async (subject, pace) => {
  const { kernels, parameters, valid, shape } = subject;
  const random = subject.random("rescaling");
  const indices = exactSample(valid.n, shape);
  const depth = parameters.length;
  const ways = [balancedFactors(depth, random), freeFactors(depth, random)].map((factors) => ({
    factors,
    others: rescaled(parameters, factors),
    worst: nothing,
  }));
  const logits: Float64Array[] = [];
  kernels.load(parameters);
  for (const [done, example] of indices.entries()) {
    forwardOf(kernels, valid, example);
    logits.push(logitsOf(kernels, 0));
    const x = exampleOf(valid, example, shape.inputs);
    for (const way of ways) way.worst = worse(way.worst, rescalingDeviation(parameters, way.others, way.factors, x));
    await pace.turn((0.9 * (done + 1)) / indices.length);
  }
  kernels.load(single(rescaled(parameters, powersOfTwo(depth, random))));
  let engine = nothing;
  for (const [k, example] of indices.entries()) {
    forwardOf(kernels, valid, example);
    const bound = roundingBound(parameters, exampleOf(valid, example, shape.inputs), unitRoundoff.single);
    engine = worse(engine, deviation(logitsOf(kernels, 0), logits[k]!, bound));
    await pace.turn(0.9 + (0.1 * (k + 1)) / indices.length);
  }
  const [identity, scaled] = ways.map(({ worst }) => worst) as [typeof engine, typeof engine];
  const factor = 1 / ways[1]!.factors.reduce((product, alpha) => product * alpha, 1);
  return {
    holds: [identity, scaled, engine].every(({ ofRounding }) => ofRounding <= 1),
    figures: { set: valid.name, n: indices.length, identity, scaled, factor, engine },
  };
};

/** @param factors α of each layer, the softmax layer's last */
export function rescaled(layers: readonly ExactLayer[], factors: readonly number[]) {
  let product = 1;
  return layers.map(({ weightsInOut, biases, signs }, l) => {
    const factor = factors[l] as number;
    product *= factor;
    return {
      weightsInOut: Float64Array.from(weightsInOut, (weight) => weight / factor),
      biases: Float64Array.from(biases, (bias) => bias / product),
      signs,
    };
  });
}

/** From ½ to 2, evenly on a logarithmic scale; what remains so that the product is 1 falls to the last. */
export function balancedFactors(layers: number, random: Random): number[] {
  const factors = freeFactors(layers - 1, random);
  return [...factors, 1 / factors.reduce((product, factor) => product * factor, 1)];
}

export function freeFactors(layers: number, random: Random): number[] {
  return Array.from({ length: layers }, () => 2 ** (2 * random.uniform53() - 1));
}

/** Of ¼, ½, 1, 2 and 4, with the product 1: dividing by them rounds nothing. */
export function powersOfTwo(layers: number, random: Random): number[] {
  const exponents = Array.from({ length: layers - 1 }, () => random.below(5) - 2);
  return [...exponents, -exponents.reduce((sum, exponent) => sum + exponent, 0)].map((exponent) => 2 ** exponent);
}

/** As the engine takes them; powers of two lose nothing by it. */
function single(layers: ReturnType<typeof rescaled>): Parameters {
  return layers.map(({ weightsInOut, biases, signs }) => ({
    weightsInOut: Float32Array.from(weightsInOut),
    biases: Float32Array.from(biases),
    signs: signs && Float32Array.from(signs),
  }));
}

/**
 * Of the outputs times Πα after rescaling, in double precision, from those before.
 * @param others the layers as `rescaled` makes them with these factors
 */
export function rescalingDeviation(
  layers: readonly ExactLayer[],
  others: readonly ExactLayer[],
  factors: readonly number[],
  x: Float64Array,
) {
  const product = factors.reduce((all, factor) => all * factor, 1);
  const before = exactForward(layers, x).at(-1) as Float64Array;
  const after = (exactForward(others, x).at(-1) as Float64Array).map((logit) => logit * product);
  const { double } = unitRoundoff;
  // each weight is rounded by its division, each bias by as many as there are factors, and Πα likewise
  const bound = roundingBound(others, x, double, 2 * factors.length + 2);
  const own = roundingBound(layers, x, double);
  return deviation(
    after,
    before,
    own.map((error, k) => error + product * bound[k]!),
  );
}
