/** What an auto-encoder of a stack makes of one example, in double precision: for looking at, a few at a time. Pure. */
import type { ReconstructionTarget } from "../../common/pretraining.js";
import { unitOutput } from "../../common/unitFunctions.js";
import type { Activation } from "../../common/units.js";
import { type Decoder, decoded, decoderSharpness } from "../kernels/objective.js";
import type { Parameters } from "../network/network.js";
import type { Random } from "../network/random.js";
import { corrupt } from "./corruption.js";
import type { LayerNoise } from "./layerPlan.js";
import type { DecoderParameters } from "./pretrainingState.js";

/** How a layer's input is reconstructed from its output. */
export interface DecoderNote {
  decoder: Decoder;
  target: ReconstructionTarget;
  /** The reconstruction is that of input ÷ scale. */
  scale: number;
  /** What the encoder's weights expect: input ÷ encoderScale. 1 when pre-training of the layer has ended. */
  encoderScale: number;
  /** What is reconstructed is (x + 1)/2. */
  shifted: boolean;
  noise: LayerNoise;
}

export interface LayerDecoders {
  /** Of the layers that have a decoder, with their signs. */
  layers: Parameters;
  decoders: DecoderParameters[];
  notes: DecoderNote[];
  activation: Activation;
  sharpness: number;
}

export interface Reconstruction {
  /** The example's inputs. */
  original: Float64Array;
  /** What the layer was given: for layers above the first, decoded down to inputs. */
  corrupted: Float64Array;
  /** What the layer makes of it, likewise. */
  reconstructed: Float64Array;
}

/**
 * @param layer 1-based; the layers below it encode the example, and decode what comes out
 * @param random of the noise
 */
export function reconstruct(
  stack: LayerDecoders,
  layer: number,
  original: Float64Array,
  random: Random,
): Reconstruction {
  const at = layer - 1;
  let input = original;
  for (let l = 0; l < at; l++) input = encode(stack, l, input);
  const { scale, encoderScale, noise } = stack.notes[at]!;
  const noisy = input.map((x) => x / scale);
  corrupt(noisy, 0, noisy.length, noise, random);
  const output = encode(
    stack,
    at,
    noisy.map((x) => (x * scale) / encoderScale),
  );
  const down = (l: number, x: Float64Array): Float64Array => (l === 0 ? x : down(l - 1, decode(stack, l - 1, x)));
  return {
    original,
    corrupted: down(
      at,
      noisy.map((x) => x * scale),
    ),
    reconstructed: down(at, decode(stack, at, output)),
  };
}

/** h of layer l (from 0), sign mask included. */
function encode({ layers, activation, sharpness }: LayerDecoders, l: number, x: Float64Array): Float64Array {
  const { weightsInOut, biases, signs } = layers[l]!;
  return product(x, weightsInOut, biases).map((a, j) => signs![j]! * unitOutput(activation, a, sharpness));
}

/** The input of layer l, from its output: with the sign mask of the layer below. */
function decode(stack: LayerDecoders, l: number, h: Float64Array): Float64Array {
  const { weightsInOut, biases } = stack.decoders[l]!;
  const { decoder, target, scale, shifted } = stack.notes[l]!;
  const sharpness = decoderSharpness(stack);
  const below = stack.layers[l - 1]?.signs;
  return product(h, weightsInOut, biases).map((a, i) => {
    const z = decoded(decoder, a, sharpness);
    const value = (shifted ? 2 * z - 1 : z) * scale;
    const sign = below?.[i] ?? 1;
    if (target === "preActivation") return sign * Math.max(0, value);
    return target === "unmasked" ? sign * value : value;
  });
}

/** x · weights + biases. */
function product(x: Float64Array, weightsInOut: Float32Array, biases: Float32Array): Float64Array {
  const a = Float64Array.from(biases);
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (value !== 0) for (let j = 0; j < a.length; j++) a[j]! += value * weightsInOut[i * a.length + j]!;
  }
  return a;
}
