/** A hundred steps of the same auto-encoder written with TensorFlow.js' operations and its automatic gradients. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { maxNormError } from "../support/problems.js";
import {
  cases,
  l1,
  learningRate,
  type ReconstructionEnd,
  type ReconstructionProblem,
  reconstructionProblem,
  reconstructOurs,
} from "./reconstruction.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});

test.each(cases)("%s decoder, %s units, tied %s", async (decoder, activation, tied) => {
  const problem = await reconstructionProblem(decoder, activation, tied);
  const ours = reconstructOurs(problem);
  const theirs = trainTensorFlow(problem);
  expect(theirs.losses.at(-1)!).toBeLessThan(theirs.losses[0]!);
  expect(maxNormError(ours.losses, theirs.losses)).toBeLessThan(1e-4);
  ours.parameters.forEach((layer, l) => {
    expect(maxNormError(layer.weightsInOut, theirs.parameters[l]!.weightsInOut)).toBeLessThan(1e-4);
    expect(maxNormError(layer.biases, theirs.parameters[l]!.biases)).toBeLessThan(1e-4);
  });
});

function trainTensorFlow({ shape, decoder, tied, start, batches }: ReconstructionProblem): ReconstructionEnd {
  const [encoder, decoding] = start;
  const units = shape.hidden[0]!;
  const w = tf.variable(tf.tensor2d(encoder!.weightsInOut, [shape.inputs, units]));
  const b = tf.variable(tf.tensor1d(encoder!.biases));
  const v = tied ? null : tf.variable(tf.tensor2d(decoding!.weightsInOut, [units, shape.inputs]));
  const c = tf.variable(tf.tensor1d(decoding!.biases));
  const signs = tf.tensor1d(encoder!.signs!);
  const softplus = (a: tf.Tensor, alpha: number) => tf.softplus(a.mul(alpha)).div(alpha);
  const unit = (a: tf.Tensor): tf.Tensor => {
    if (shape.activation === "rectifier") return tf.relu(a);
    if (shape.activation === "tanh") return tf.tanh(a);
    return shape.activation === "logistic" ? tf.sigmoid(a) : softplus(a, shape.sharpness);
  };
  const costOf = (a: tf.Tensor, t: tf.Tensor): tf.Tensor => {
    // −t log z − (1 − t) log(1 − z) of z = 1/(1 + e^−a)
    if (decoder === "logistic") return tf.softplus(a).sub(a.mul(t)).sum(1);
    const z =
      decoder === "linear"
        ? a
        : decoder === "rectifier"
          ? tf.relu(a)
          : softplus(a, shape.activation === "softplus" ? shape.sharpness : 1);
    return tf.squaredDifference(z, t).sum(1);
  };
  const optimizer = tf.train.sgd(learningRate);
  const losses = batches.map(({ inputs, targets, size }) => {
    const x = tf.tensor2d(inputs, [size, shape.inputs]);
    const t = tf.tensor2d(targets, [size, shape.inputs]);
    let reconstruction = 0;
    optimizer.minimize(() => {
      const h = unit(x.matMul(w).add(b)).mul(signs);
      const a = h.matMul(v ?? w.transpose()).add(c);
      const cost = costOf(a, t).mean();
      reconstruction = cost.dataSync()[0]!;
      return cost
        .add(
          h
            .abs()
            .sum()
            .mul(l1 / size),
        )
        .asScalar();
    });
    return reconstruction;
  });
  const floats = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;
  return {
    losses,
    parameters: [
      { weightsInOut: floats(w), biases: floats(b), signs: encoder!.signs },
      { weightsInOut: floats(v ?? w.transpose()), biases: floats(c), signs: null },
    ],
  };
}
