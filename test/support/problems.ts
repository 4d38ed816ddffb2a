/** Small learning problems with everything about them random but seeded. */
import type { Kernels } from "../../src/engine/kernels/kernels.js";
import { initialParameters } from "../../src/engine/network/initialise.js";
import type { NetworkShape, Parameters } from "../../src/engine/network/network.js";
import { Random } from "../../src/engine/network/random.js";

export interface Batch {
  /** [size × inputs], about a third of it zeros */
  inputs: Float32Array;
  labels: Int32Array;
  size: number;
}

export function randomBatch(shape: NetworkShape, size: number, random: Random): Batch {
  const inputs = Float32Array.from({ length: size * shape.inputs }, () =>
    random.uniform() < 0.3 ? 0 : random.uniform() * 2 - 0.5,
  );
  return { inputs, labels: Int32Array.from({ length: size }, () => random.below(shape.classes)), size };
}

/** Initial parameters with biases that are not all 0. */
export function randomParameters(shape: NetworkShape, seed: number): Parameters {
  const random = Random.stream(seed, "biases");
  return initialParameters(shape, seed).map((layer) => ({
    ...layer,
    biases: layer.biases.map(() => random.uniform() - 0.5),
  }));
}

export function feed(kernels: Kernels, { inputs, labels, size }: Batch): void {
  const width = kernels.shape.inputs;
  for (let b = 0; b < size; b++)
    for (let i = 0; i < width; i++) kernels.inputs.values[b * kernels.inputs.pitch + i] = inputs[b * width + i]!;
  kernels.labels.set(labels);
}

/** Largest difference ÷ largest entry of the second. */
export function maxNormError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new RangeError(`${actual.length} values where ${expected.length} are due.`);
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const d = Math.abs(actual[i]! - expected[i]!);
    // a NaN must not hide
    if (!(d <= difference)) difference = d;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return difference === 0 ? 0 : difference / largest;
}
