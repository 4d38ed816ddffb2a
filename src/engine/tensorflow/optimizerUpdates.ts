/** By how much an optimizer lowers weights or biases, in TensorFlow.js' operations. */
import type { Optimizer } from "../../common/optimizers.js";
import { power } from "../kernels/power.js";
import type { Operations, Tensor, Variable } from "./operations.js";

/**
 * Moves on what is kept.
 * @param kept as keptArrays names them
 * @param step 1-based
 */
export function changeOf<T extends Tensor>(
  tf: Operations,
  optimizer: Optimizer,
  gradient: T,
  kept: readonly Variable[],
  rate: number,
  step: number,
): T {
  if (optimizer.name === "sgd") return tf.mul(gradient, rate);
  const [first, second] = kept as [Variable, Variable];
  if (optimizer.name === "momentum") {
    first.assign(tf.add(tf.mul(first, optimizer.momentum), gradient));
    return tf.mul(first, rate);
  }
  const { beta1, beta2, epsilon } = optimizer;
  first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
  second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
  const root = tf.sqrt(tf.div(second, 1 - power(beta2, step)));
  return tf.div(tf.mul(first, rate / (1 - power(beta1, step))), tf.add(root, epsilon));
}
