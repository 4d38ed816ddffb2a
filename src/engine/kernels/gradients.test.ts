/** The reference's gradients against central differences, for every unit × L1 × sign mask, in double precision and away from kinks. */
import { describe, expect, test } from "vitest";
import { feed, maxNormError, randomBatch, randomParameters } from "../../../test/support/problems.js";
import { activations, signMasks } from "../../common/units.js";
import type { NetworkShape } from "../network/network.js";
import { Random } from "../network/random.js";
import { ReferenceKernels } from "./referenceKernels.js";

const size = 4;

describe.each(activations)("%s", (activation) => {
  describe.each(signMasks)("signs %s", (signs) => {
    test.each([0, 0.05])("λ %d", (l1) => {
      const sharpness = activation === "softplus" ? 3 : 1;
      const shape: NetworkShape = { inputs: 5, hidden: [7, 6], classes: 3, activation, sharpness, signs };
      const kernels = awayFromKinks(shape);
      kernels.forward(size);
      kernels.backward(l1);
      for (const layer of kernels.layers) {
        const numericWeights = layer.weightsInOut.map((_, k) => slope(kernels, layer.weightsInOut, k, l1));
        const numericBiases = layer.biases.map((_, k) => slope(kernels, layer.biases, k, l1));
        kernels.forward(size);
        kernels.backward(l1);
        expect(maxNormError(layer.weightGradient, numericWeights)).toBeLessThan(1e-6);
        expect(maxNormError(layer.biasGradient, numericBiases)).toBeLessThan(1e-6);
      }
    });
  });
});

/** Kernels with a batch on which no hidden output or pre-activation is near 0, where |h| and the rectifier have their kinks. */
function awayFromKinks(shape: NetworkShape): ReferenceKernels {
  for (let seed = 1; seed < 10_000; seed++) {
    const kernels = new ReferenceKernels(shape, size);
    kernels.load(randomParameters(shape, seed));
    feed(kernels, randomBatch(shape, size, Random.stream(seed, "batch")));
    kernels.forward(size);
    if (preActivations(kernels).every((a) => Math.abs(a) > 0.002)) return kernels;
  }
  throw new Error("No seed keeps away from the kinks.");
}

function preActivations(kernels: ReferenceKernels): number[] {
  return kernels.shape.hidden.flatMap((units, l) => {
    const layer = kernels.layers[l]!;
    const x = l === 0 ? kernels.inputs.values : kernels.layers[l - 1]!.outputs;
    return Array.from({ length: size * units }, (_, k) => {
      const [b, j] = [Math.floor(k / units), k % units];
      let a = layer.biases[j]!;
      for (let i = 0; i < layer.inputs; i++) a += x[b * layer.inputs + i]! * layer.weightsInOut[i * units + j]!;
      return a;
    });
  });
}

function slope(kernels: ReferenceKernels, values: Float64Array, k: number, l1: number): number {
  const step = 1e-5;
  const kept = values[k]!;
  values[k] = kept + step;
  const above = objective(kernels, l1);
  values[k] = kept - step;
  const below = objective(kernels, l1);
  values[k] = kept;
  return (above - below) / (2 * step);
}

/** Mean cross-entropy + λ · Σ_layers mean_batch(Σ_units |h|). */
function objective(kernels: ReferenceKernels, l1: number): number {
  kernels.forward(size);
  const penalty = kernels.shape.hidden.reduce((sum, units, l) => {
    const outputs = kernels.layers[l]!.outputs.subarray(0, size * units);
    return sum + outputs.reduce((total, h) => total + Math.abs(h), 0);
  }, 0);
  return (kernels.losses.reduce((sum, loss) => sum + loss, 0) + l1 * penalty) / size;
}
