/** What a network's last layer is trained for, in TensorFlow.js' operations: each example's loss, and its gradient. */
import { type Decoder, decoderSharpness } from "../kernels/objective.js";
import type { NetworkShape } from "../network/network.js";
import type { Operations, Tensor1D, Tensor2D } from "./operations.js";
import { softplus, unitDerivatives, unitOutputs } from "./unitOperations.js";

export interface Loss {
  /** [size] */
  losses: Tensor1D;
  /** [size]: the most probable class; 0 of a reconstruction. */
  predicted: Tensor1D;
  /** [size × outputs]: of the mean loss, by the last layer's sums. */
  delta: Tensor2D;
}

/** −log P(label) in nats. @param a [size × classes] logits */
export function softmaxLoss(tf: Operations, a: Tensor2D, labels: Int32Array): Loss {
  const [size, classes] = a.shape;
  // an output that nobody asks for has one class, which oneHot does not know
  const wanted: Tensor2D =
    classes > 1
      ? tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), classes) as Tensor2D, "float32")
      : (tf.ones([size, 1]) as Tensor2D);
  const below: Tensor2D = tf.sub(a, tf.max(a, 1, true));
  const powers: Tensor2D = tf.exp(below);
  const total: Tensor2D = tf.sum(powers, 1, true);
  return {
    losses: tf.sub(tf.log(tf.reshape(total, [size])), tf.sum(tf.mul(below, wanted), 1)),
    predicted: tf.cast(tf.argMax<Tensor1D>(a, 1), "float32"),
    delta: tf.div(tf.sub(tf.div(powers, total), wanted), size),
  };
}

/** Σ_i cost(z_i, t_i): cross-entropy of the logistic decoder, (z − t)² of the others. @param a [size × outputs] sums */
export function reconstructionLoss(
  tf: Operations,
  a: Tensor2D,
  targets: Tensor2D,
  decoder: Decoder,
  shape: NetworkShape,
): Loss {
  const [size] = a.shape;
  const sharpness = decoderSharpness(shape);
  const z = decoder === "linear" ? a : unitOutputs(tf, decoder, a, sharpness);
  const off: Tensor2D = tf.sub(z, targets);
  const predicted = tf.fill([size], 0) as Tensor1D;
  // −t log z − (1 − t) log(1 − z) of z = 1/(1 + e^−a)
  if (decoder === "logistic")
    return {
      losses: tf.sum(tf.sub(softplus(tf, a), tf.mul(a, targets)), 1),
      predicted,
      delta: tf.div(off, size),
    };
  const slope = decoder === "linear" ? 1 : unitDerivatives(tf, decoder, z, sharpness);
  return {
    losses: tf.sum(tf.square(off), 1),
    predicted,
    delta: tf.mul(tf.mul(off, slope), 2 / size),
  };
}
