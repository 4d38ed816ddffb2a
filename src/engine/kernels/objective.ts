/** What a network's last layer is trained for. */

import { unitOutput } from "../../common/unitFunctions.js";
import type { Activation } from "../../common/units.js";

/** What makes a reconstruction of the last layer's sums. The logistic's cost is the cross-entropy, the others' is quadratic. */
export type Decoder = "softplus" | "logistic" | "linear" | "rectifier";

export type Objective =
  | { kind: "softmax" }
  /** An auto-encoder of one hidden layer. `tied`: the decoder's weights are the encoder's, transposed. */
  | { kind: "reconstruction"; decoder: Decoder; tied: boolean };

export const softmax: Objective = { kind: "softmax" };

/** z of the sum a. @param sharpness of the softplus; see decoderSharpness */
export function decoded(decoder: Decoder, a: number, sharpness: number): number {
  return decoder === "linear" ? a : unitOutput(decoder satisfies Activation, a, sharpness);
}

/** α of a softplus decoder: that of the units where they are softplus, else 1. */
export function decoderSharpness({ activation, sharpness }: { activation: Activation; sharpness: number }): number {
  return activation === "softplus" ? sharpness : 1;
}
