/** Single examples in double precision, and which ones are looked at so closely. */
import { type ExampleSet, writeExample } from "../data/dataset.js";
import type { Kernels } from "../kernels/kernels.js";
import { type NetworkShape, parameterCount } from "../network/network.js";

/** Examples that are computed in double precision: at most so many, and of large networks as many as some seconds allow. */
export const exactExamples = { most: 100, least: 10, parameters: 3e8 };

/** Evenly spaced over the set. */
export function exactSample(n: number, shape: NetworkShape): number[] {
  const { most, least, parameters } = exactExamples;
  const affordable = Math.max(least, Math.floor(parameters / parameterCount(shape)));
  return evenly(n, Math.min(most, affordable));
}

/** Up to `count` of n numbers, evenly spaced. */
export function evenly(n: number, count: number): number[] {
  const k = Math.min(n, count);
  return Array.from({ length: k }, (_, i) => Math.floor((i * n) / k));
}

/** The inputs of one example, each as the engine has it. */
export function exampleOf({ inputs }: ExampleSet, example: number, dimension: number): Float64Array {
  const x = new Float32Array(dimension);
  writeExample(inputs, example, dimension, x, 0);
  return Float64Array.from(x);
}

/** The engine's forward pass of one example. */
export function forwardOf(kernels: Kernels, set: ExampleSet, example: number): void {
  kernels.gather(set, Int32Array.of(example));
  kernels.forward(1);
}

/** The engine's logits of one example of the last batch. */
export function logitsOf(kernels: Kernels, row: number): Float64Array {
  const { values, pitch, place } = kernels.outputs(kernels.shape.hidden.length);
  return Float64Array.from(place, (at) => values[row * pitch + at]!);
}
