/** What every independent implementation is given: 50 mini-batches of real digits, and where training starts. */
import path from "node:path";
import type { Optimizer } from "../../src/common/optimizers.js";
import { writeExample } from "../../src/engine/data/dataset.js";
import { loadDataset } from "../../src/engine/data/registry.js";
import { WasmKernels } from "../../src/engine/kernels/wasmKernels.js";
import type { NetworkShape, Parameters } from "../../src/engine/network/network.js";
import { Random } from "../../src/engine/network/random.js";
import { dist, kernelModule } from "../support/kernelModule.js";
import { type Batch, feed, randomParameters } from "../support/problems.js";

export const steps = 50;
export const batchSize = 10;
/** With the optimizers that are compared. */
export const learningRates = { sgd: 0.1, momentum: 0.02, adam: 0.001 };
export const l1 = 0.001;

export interface Problem {
  optimizer: Optimizer;
  shape: NetworkShape;
  start: Parameters;
  batches: Batch[];
}

export async function digitsProblem(
  shape: Omit<NetworkShape, "inputs" | "classes">,
  optimizer: Optimizer,
): Promise<Problem> {
  const places = { configFolder: path.resolve("."), dataFolders: [], assets: dist };
  const { train, dimension, classes } = await loadDataset({ name: "mnist", classes: 10 }, places);
  const order = Random.stream(5, "parity").permutation(train.n);
  const batches = Array.from({ length: steps }, (_, k) => {
    const examples = [...order.subarray(k * batchSize, (k + 1) * batchSize)];
    const inputs = new Float32Array(batchSize * dimension);
    examples.forEach((example, b) => {
      writeExample(train.inputs, example, dimension, inputs, b * dimension);
    });
    return { inputs, labels: Int32Array.from(examples, (example) => train.labels[example]!), size: batchSize };
  });
  const full = { ...shape, inputs: dimension, classes };
  return { optimizer, shape: full, start: randomParameters(full, 11), batches };
}

/** Trains our kernels on the problem. */
export function trainOurs({ optimizer, shape, start, batches }: Problem): { parameters: Parameters; losses: number[] } {
  const kernels = new WasmKernels(kernelModule(), shape, batchSize, 1, undefined, optimizer);
  kernels.load(start);
  const learningRate = learningRates[optimizer.name];
  const losses = batches.map((batch, k) => {
    feed(kernels, batch);
    kernels.step(batch.size, { step: k + 1, learningRate, l1 });
    return Array.from(kernels.losses.slice(0, batch.size)).reduce((sum, loss) => sum + loss, 0) / batch.size;
  });
  return { parameters: kernels.read(), losses };
}
