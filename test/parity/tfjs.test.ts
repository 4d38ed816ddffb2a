/**
 * Fifty steps of the same training written with TensorFlow.js' operations, its automatic gradients and its optimizers, for every unit.
 * Its momentum and Adam are defined as PyTorch's: the velocity adds up plain gradients, ε is added to the corrected root. A large ε
 * shows the latter, and leaves out what it does in single precision with gradients next to 0, which Adam magnifies.
 */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { optimizerOf, optimizers } from "../../src/common/optimizers.js";
import { activations } from "../../src/common/units.js";
import type { Parameters } from "../../src/engine/network/network.js";
import { maxNormError } from "../support/problems.js";
import { digitsProblem, l1, learningRates, type Problem, trainOurs } from "./problem.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});

const cases = optimizers.flatMap((optimizer) => activations.map((activation) => [optimizer, activation] as const));

test.each(cases)("%s, %s", async (optimizer, activation) => {
  const sharpness = activation === "softplus" ? 2 : 1;
  const problem = await digitsProblem(
    { hidden: [48, 40], activation, sharpness, signs: "half" },
    optimizerOf({ optimizer, epsilon: 1e-4 }),
  );
  const ours = trainOurs(problem);
  const theirs = trainTensorFlow(problem);
  expect(theirs.losses.at(-1)!).toBeLessThan(theirs.losses[0]!);
  expect(maxNormError(ours.losses, theirs.losses)).toBeLessThan(1e-4);
  ours.parameters.forEach((layer, l) => {
    expect(maxNormError(layer.weightsInOut, theirs.parameters[l]!.weightsInOut)).toBeLessThan(1e-4);
    expect(maxNormError(layer.biases, theirs.parameters[l]!.biases)).toBeLessThan(1e-4);
  });
});

/** The names of tf.train's factories, with our settings. */
function tensorFlowOptimizer(optimizer: Problem["optimizer"]): tf.Optimizer {
  const learningRate = learningRates[optimizer.name];
  if (optimizer.name === "momentum") return tf.train.momentum(learningRate, optimizer.momentum);
  if (optimizer.name === "adam")
    return tf.train.adam(learningRate, optimizer.beta1, optimizer.beta2, optimizer.epsilon);
  return tf.train.sgd(learningRate);
}

function trainTensorFlow({ optimizer, shape, start, batches }: Problem): { parameters: Parameters; losses: number[] } {
  const weights = start.map(({ weightsInOut, biases }) =>
    tf.variable(tf.tensor2d(weightsInOut, [weightsInOut.length / biases.length, biases.length])),
  );
  const biases = start.map((layer) => tf.variable(tf.tensor1d(layer.biases)));
  const signs = start.map((layer) => (layer.signs ? tf.tensor1d(layer.signs) : null));
  const unit = (a: tf.Tensor): tf.Tensor => {
    if (shape.activation === "rectifier") return tf.relu(a);
    if (shape.activation === "tanh") return tf.tanh(a);
    if (shape.activation === "logistic") return tf.sigmoid(a);
    return tf.softplus(a.mul(shape.sharpness)).div(shape.sharpness);
  };
  const optimize = tensorFlowOptimizer(optimizer);
  const losses = batches.map(({ inputs, labels, size }) => {
    const x = tf.tensor2d(inputs, [size, shape.inputs]);
    const target = tf.oneHot(tf.tensor1d(labels, "int32"), shape.classes);
    let crossEntropy = 0;
    optimize.minimize(() => {
      let h: tf.Tensor = x;
      let penalty: tf.Tensor = tf.scalar(0);
      weights.forEach((w, l) => {
        const a = h.matMul(w).add(biases[l]!);
        h = signs[l] ? unit(a).mul(signs[l]) : a;
        if (signs[l]) penalty = penalty.add(h.abs().sum().div(size));
      });
      const loss = tf.losses.softmaxCrossEntropy(target, h);
      crossEntropy = loss.dataSync()[0]!;
      return loss.add(penalty.mul(l1)).asScalar();
    });
    return crossEntropy;
  });
  const parameters = weights.map((w, l) => ({
    weightsInOut: w.dataSync() as Float32Array,
    biases: biases[l]!.dataSync() as Float32Array,
    signs: start[l]!.signs,
  }));
  return { parameters, losses };
}
