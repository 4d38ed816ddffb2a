/** What pre-trained layers make of examples: up through the encoders, and down again through the decoders. In double precision. */
import { hasExactZeros } from "../../common/units.js";
import { decoded, decoderSharpness } from "../kernels/objective.js";
import type { LayerParameters } from "../network/network.js";
import { unitOutput } from "../network/units.js";
import type { LayerDecoders } from "../runs/pretrainedCheckpoint.js";

/**
 * @param inputs [n × inputs] of the first layer; not changed
 * @param layers how many to go up, from 1
 * @returns [n × inputs]
 */
export function reconstruct(network: LayerDecoders, inputs: Float64Array, n: number, layers: number): Float64Array {
  let values = inputs;
  for (let l = 0; l < layers; l++) values = encode(network, l, values, n);
  for (let l = layers - 1; l >= 0; l--) values = decode(network, l, values, n);
  return values;
}

/** The outputs of layer l (from 0), sign mask included. */
function encode({ layers, notes, activation, sharpness }: LayerDecoders, l: number, inputs: Float64Array, n: number) {
  const layer = layers[l] as LayerParameters;
  const scale = notes[l]?.encoderScale ?? 1;
  const sums = affine(inputs, n, layer, scale);
  const { signs } = layer;
  const units = layer.biases.length;
  return sums.map((sum, k) => unitOutput(activation, sum, sharpness) * (signs?.[k % units] ?? 1));
}

/** What the outputs of layer l say of its input, as the encoder takes it. */
function decode(network: LayerDecoders, l: number, outputs: Float64Array, n: number): Float64Array {
  const { decoders, notes, activation, sharpness } = network;
  const { decoder, target, scale, shifted } = notes[l] as LayerDecoders["notes"][number];
  const below = network.layers[l - 1]?.signs;
  const inputs = decoders[l]?.biases.length ?? 0;
  const slope = decoderSharpness({ activation, sharpness });
  return affine(outputs, n, decoders[l] as LayerParameters, 1).map((sum, k) => {
    const z = decoded(decoder, sum, slope);
    const value = (shifted ? 2 * z - 1 : z) * scale;
    const sign = below?.[k % inputs] ?? 1;
    if (target === "preActivation" && hasExactZeros(activation)) return sign * Math.max(0, value);
    return target === "unmasked" ? sign * value : value;
  });
}

/** [n × units] x ÷ scale · W + b; zeros cost nothing. */
function affine(
  inputs: Float64Array,
  n: number,
  { weightsInOut, biases }: Pick<LayerParameters, "weightsInOut" | "biases">,
  scale: number,
): Float64Array {
  const units = biases.length;
  const width = inputs.length / n;
  const sums = new Float64Array(n * units);
  for (let b = 0; b < n; b++) {
    const at = b * units;
    for (let j = 0; j < units; j++) sums[at + j] = biases[j]!;
    for (let i = 0; i < width; i++) {
      const x = inputs[b * width + i]! / scale;
      if (x === 0) continue;
      for (let j = 0; j < units; j++) sums[at + j]! += x * weightsInOut[i * units + j]!;
    }
  }
  return sums;
}
