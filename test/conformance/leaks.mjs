// Trains a thousand steps on one backend and prints what TensorFlow.js holds before, after, and when all is disposed of.
import path from "node:path";
import { build } from "esbuild";

const [backend] = process.argv.slice(2);
const entry = `
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { TensorflowKernels } from "./src/engine/tensorflow/tensorflowKernels.js";
import { randomBatch, randomParameters, feed } from "./test/support/problems.js";
import { Random } from "./src/engine/network/random.js";
(async () => {
  setWasmPaths(process.cwd() + "/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
  await tf.setBackend(${JSON.stringify(backend)});
  await tf.ready();
  const shape = { inputs: 9, hidden: [8, 7], classes: 4, activation: "rectifier", sharpness: 1, signs: "half" };
  const kernels = new TensorflowKernels(tf, shape, 5, { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  kernels.load(randomParameters(shape, 1));
  const random = Random.stream(1, "leaks");
  const step = (k) => {
    feed(kernels, randomBatch(shape, 5, random));
    kernels.step(5, { step: k, learningRate: 0.01, l1: 0.01 });
    kernels.loadHistory(kernels.readHistory());
    kernels.load(kernels.read());
    kernels.loadOptimizerState(kernels.readOptimizerState());
    kernels.forward(5);
    kernels.outputs(1);
  };
  const held = () => { const { numTensors, numBytes } = tf.memory(); return { numTensors, numBytes }; };
  step(1);
  const before = held();
  for (let k = 2; k <= 1001; k++) step(k);
  const after = held();
  kernels.dispose();
  console.log(JSON.stringify({ before, after, disposed: held() }));
})();`;
const { outputFiles } = await build({
  stdin: { contents: entry, resolveDir: path.resolve("."), loader: "ts" },
  bundle: true,
  write: false,
  platform: "node",
  format: "cjs",
  mainFields: ["module", "main"],
  external: ["node-fetch"],
});
const { createRequire } = await import("node:module");
new Function("require", "__dirname", "__filename", outputFiles[0].text)(
  createRequire(import.meta.url),
  process.cwd(),
  "",
);
