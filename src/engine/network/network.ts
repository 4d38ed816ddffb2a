/** The network as numbers: its shape, and its parameters. What computes with them is behind kernels/kernels.ts. */
import type { Experiment } from "../../common/experiment.js";
import type { LayerShape } from "../../common/run.js";
import type { Activation, SignMask } from "../../common/units.js";
import { signMaskOf } from "../../common/units.js";

export interface NetworkShape {
  inputs: number;
  hidden: readonly number[];
  classes: number;
  activation: Activation;
  /** α of the softplus. */
  sharpness: number;
  signs: SignMask;
}

/** One fully connected layer: a = x·W + b, h = sign ∘ unit(a). */
export interface LayerParameters {
  /** [inputs × units], row-major */
  weightsInOut: Float32Array;
  /** [units] */
  biases: Float32Array;
  /** [units], each 1 or −1; null for the softmax layer. */
  signs: Float32Array | null;
}

export type Parameters = LayerParameters[];

export function networkShape(network: Experiment["network"], inputs: number, classes: number): NetworkShape {
  const { hidden, activation, sharpness } = network;
  return { inputs, hidden, classes, activation, sharpness, signs: signMaskOf(network) };
}

/** [inputs, units] of each layer, the softmax layer last. */
export function layerSizes(shape: NetworkShape): { inputs: number; units: number }[] {
  const widths = [shape.inputs, ...shape.hidden, shape.classes];
  return widths.slice(1).map((units, l) => ({ inputs: widths[l] as number, units }));
}

export function layerShapes(shape: NetworkShape): LayerShape[] {
  return layerSizes(shape).map(({ inputs, units }, l) =>
    l < shape.hidden.length
      ? { layer: l + 1, inputs, units, activation: shape.activation, signs: shape.signs }
      : { layer: l + 1, inputs, units, activation: "softmax", signs: "none" },
  );
}

export function parameterCount(shape: NetworkShape): number {
  return layerSizes(shape).reduce((sum, { inputs, units }) => sum + (inputs + 1) * units, 0);
}

/** [units × inputs], row-major: the weights of a layer that goes the other way. */
export function transposed({ weightsInOut, biases }: Pick<LayerParameters, "weightsInOut" | "biases">): Float32Array {
  const units = biases.length;
  const inputs = weightsInOut.length / units;
  const to = new Float32Array(weightsInOut.length);
  for (let i = 0; i < inputs; i++) for (let j = 0; j < units; j++) to[j * inputs + i] = weightsInOut[i * units + j]!;
  return to;
}
