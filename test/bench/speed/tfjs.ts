/**
 * Contestant: TensorFlow.js, its operations and automatic gradients; the argument names the backend, "wasm" or "node". It is slow:
 * of a problem's steps it makes the first few only.
 */
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { changes } from "./changes.js";
import { root } from "./places.js";
import { type Problem, readProblem } from "./problem.js";
import type { Answer, Checked, Request } from "./protocol.js";
import { repeat } from "./repeat.js";
import { peakMemory, serve } from "./serve.js";

const backend = process.argv[2] ?? "wasm";
const mostSteps = 10;
const inferenceBatch = 100;

let problem: Problem;
let steps: number;
let inputs: Float32Array;
let weights: tf.Variable[] = [];
let biases: tf.Variable[] = [];
let signs: (tf.Tensor | null)[] = [];

await serve(answer);

async function answer(request: Request): Promise<Answer> {
  if (request.do === "load") return load(request.folder);
  if (request.do === "tune") return { tried: {}, chosen: "" };
  if (request.do === "check") return check();
  if (request.do === "train") return repeat(request.seconds, pass);
  if (request.do === "infer") return repeat(request.seconds, infer);
  return peakMemory();
}

async function load(folder: string): Promise<Answer> {
  const versions: Record<string, string> = { tfjs: tf.version.tfjs };
  if (backend === "wasm") {
    const { setWasmPaths, version_wasm } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(`${path.join(root, "node_modules/@tensorflow/tfjs-backend-wasm/dist")}/`);
    versions.wasm = version_wasm;
  } else await import("@tensorflow/tfjs-node" as string); // not a dependency: it loads where a user has it
  if (!(await tf.setBackend(backend === "wasm" ? "wasm" : "tensorflow"))) throw new Error(`no backend ${backend}`);
  await tf.ready();
  problem = readProblem(folder);
  steps = Math.min(problem.steps, mostSteps);
  inputs = Float32Array.from(problem.inputs, (value) => value * problem.scale);
  const { start } = problem;
  weights = start.map((layer) => tf.variable(matrix(layer.weightsInOut, layer.biases.length)));
  biases = start.map((layer) => tf.variable(tf.tensor1d(layer.biases)));
  signs = start.map((layer) => (layer.signs ? tf.tensor1d(layer.signs) : null));
  return { versions };
}

function check(): Checked {
  if (problem.steps === 0) return { losses: [infer().loss], change: [] };
  const { losses } = pass();
  const after = problem.start.map((layer, l) => ({
    ...layer,
    weightsInOut: weights[l]!.dataSync() as Float32Array,
  }));
  return { losses, change: changes(problem.start, after) };
}

function pass() {
  const { start, lead, batchSize, shape, learningRate, l1, labels } = problem;
  start.forEach((layer, l) => {
    tf.tidy(() => {
      weights[l]!.assign(matrix(layer.weightsInOut, layer.biases.length));
      biases[l]!.assign(tf.tensor1d(layer.biases));
    });
  });
  const optimiser = tf.train.sgd(learningRate);
  const losses: number[] = [];
  let begun = performance.now();
  for (let k = 0; k < lead + steps; k++) {
    if (k === lead) begun = performance.now();
    tf.tidy(() => {
      const [from, to] = [k * batchSize, (k + 1) * batchSize];
      const x = tf.tensor2d(inputs.subarray(from * shape.inputs, to * shape.inputs), [batchSize, shape.inputs]);
      const target = tf.oneHot(tf.tensor1d(Int32Array.from(labels.subarray(from, to)), "int32"), shape.classes);
      let crossEntropy = 0;
      optimiser.minimize(() => {
        const { logits, penalty } = outputs(x);
        const loss = tf.losses.softmaxCrossEntropy(target, logits).asScalar();
        crossEntropy = loss.dataSync()[0]!;
        return l1 > 0 ? loss.add(penalty.mul(l1 / batchSize)).asScalar() : loss;
      });
      if (k >= lead) losses.push(crossEntropy);
    });
  }
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, units: steps, losses, loss: losses.reduce((sum, loss) => sum + loss, 0) / steps };
}

function outputs(x: tf.Tensor): { logits: tf.Tensor; penalty: tf.Tensor } {
  const { activation, sharpness } = problem.shape;
  let h = x;
  let penalty: tf.Tensor = tf.scalar(0);
  weights.forEach((w, l) => {
    const a = h.matMul(w).add(biases[l]!);
    const sign = signs[l];
    if (!sign) {
      h = a;
      return;
    }
    if (activation === "rectifier") h = tf.relu(a);
    else if (activation === "tanh") h = tf.tanh(a);
    else if (activation === "logistic") h = tf.sigmoid(a);
    else h = tf.softplus(a.mul(sharpness)).div(sharpness);
    if (problem.l1 > 0) penalty = penalty.add(h.abs().sum());
    if (problem.shape.signs !== "none") h = h.mul(sign);
  });
  return { logits: h, penalty };
}

function infer() {
  const { labels, shape } = problem;
  const begun = performance.now();
  let sum = 0;
  for (let from = 0; from < labels.length; from += inferenceBatch) {
    const to = Math.min(from + inferenceBatch, labels.length);
    sum += tf.tidy(() => {
      const x = tf.tensor2d(inputs.subarray(from * shape.inputs, to * shape.inputs), [to - from, shape.inputs]);
      const target = tf.oneHot(tf.tensor1d(Int32Array.from(labels.subarray(from, to)), "int32"), shape.classes);
      return tf.losses.softmaxCrossEntropy(target, outputs(x).logits, undefined, 0, tf.Reduction.SUM).dataSync()[0]!;
    });
  }
  return { seconds: (performance.now() - begun) / 1000, units: 1, loss: sum / labels.length };
}

function matrix(values: Float32Array, columns: number): tf.Tensor2D {
  return tf.tensor2d(values, [values.length / columns, columns]);
}
