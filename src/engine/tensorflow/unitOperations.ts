/** The hidden units in TensorFlow.js' operations; network/units.ts has the formulas. */
import type { Activation } from "../../common/units.js";
import type { Operations, Tensor2D } from "./operations.js";

/** u of the pre-activations a. */
export function unitOutputs(tf: Operations, unit: Activation, a: Tensor2D, sharpness: number): Tensor2D {
  if (unit === "rectifier") return tf.relu(a);
  if (unit === "tanh") return tf.tanh(a);
  if (unit === "logistic") return tf.sigmoid(a);
  return tf.div(softplus(tf, tf.mul(a, sharpness)), sharpness);
}

/** The units' derivatives, from their outputs u. */
export function unitDerivatives(tf: Operations, unit: Activation, u: Tensor2D, sharpness: number): Tensor2D {
  if (unit === "rectifier") return tf.step(u);
  if (unit === "tanh") return tf.sub(1, tf.square(u));
  if (unit === "logistic") return tf.mul(u, tf.sub(1, u));
  const powers: Tensor2D = tf.expm1(tf.mul<Tensor2D>(u, -sharpness));
  return tf.neg(powers);
}

/** log(1 + e^z) that does not overflow, and is exact where it is small: TensorFlow.js' own rounds 1 + e^z. */
export function softplus(tf: Operations, z: Tensor2D): Tensor2D {
  const tail: Tensor2D = tf.log1p(tf.exp(tf.neg(tf.abs(z) as Tensor2D)));
  return tf.add(tf.relu(z), tail);
}
