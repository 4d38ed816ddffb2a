/** Gradients flow along active paths (the paper, section 3.1): ‖∂L/∂W‖₂ of each hidden layer, beside a tanh network's of the same weights. */
import { claimBounds } from "../../common/claims.js";
import type { ExampleSet } from "../data/dataset.js";
import type { Kernels } from "../kernels/kernels.js";
import type { Parameters } from "../network/network.js";
import type { Pace } from "./pace.js";
import type { Check } from "./subject.js";

/** Mini-batches of training examples. */
export const gradientBatches = 50;

/** Holds where the first hidden layer's norm is at least `claimBounds.gradientRatio` of the last one's, at the start and as trained. */
export const checkGradients: Check<"gradients"> = async (subject, pace) => {
  const { kernels, parameters, initial, train, batchSize, shape } = subject;
  const order = subject.random("gradients").permutation(train.n);
  const batches = Array.from({ length: Math.min(gradientBatches, Math.ceil(train.n / batchSize)) }, (_, k) =>
    order.subarray(k * batchSize, (k + 1) * batchSize),
  );
  const of = (with_: Kernels, parameters: Parameters) => meanGradientNorms(with_, parameters, train, batches, pace);
  const trained = await of(kernels, parameters);
  const start = await of(kernels, initial as Parameters);
  const tanh = subject.makeKernels({ ...shape, activation: "tanh" });
  const withTanh = await of(tanh, initial as Parameters);
  const layers = trained.map((norm, l) => ({ trained: norm, start: start[l]!, tanh: withTanh[l]! }));
  return {
    holds: reachesFirst(trained) && reachesFirst(start),
    figures: { set: train.name, n: batches.reduce((sum, { length }) => sum + length, 0), batchSize, layers },
  };
};

function reachesFirst(norms: readonly number[]): boolean {
  return norms[0]! > 0 && norms[0]! >= claimBounds.gradientRatio * norms.at(-1)!;
}

/** Of each hidden layer the mean over the mini-batches of ‖∂L/∂W‖₂; L is the mean loss, without the L1 penalty. */
export async function meanGradientNorms(
  kernels: Kernels,
  parameters: Parameters,
  set: ExampleSet,
  batches: readonly Int32Array[],
  pace: Pace,
): Promise<number[]> {
  const { hidden } = kernels.shape;
  const sums = hidden.map(() => 0);
  kernels.load(parameters);
  for (const indices of batches) {
    kernels.gather(set, indices);
    // a rate of 0: nothing is learnt
    kernels.step(indices.length, { step: 1, learningRate: 0, l1: 0 });
    for (const layer of hidden.keys()) sums[layer]! += kernels.gradientNorm(layer);
    await pace.turn(0);
  }
  return sums.map((sum) => sum / batches.length);
}
