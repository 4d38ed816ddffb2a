/** How fast this machine trains a network: measured for a moment, for an estimate where there is no earlier run. */
import fs from "node:fs";
import path from "node:path";
import type { CalibrationInput } from "../../common/sweepMessages.js";
import { BuiltinBackend, evaluationBatch } from "../backends/builtin.js";
import { loadDataset } from "../data/registry.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import { initialParameters } from "../network/initialise.js";
import { networkShape, parameterCount } from "../network/network.js";
import { trainingCost } from "../training/phases.js";

const warmSteps = 20;
const leastSteps = 50;
const enoughMs = 400;

/** @returns seconds for one unit of work (see work.ts), on one thread. @throws DataError */
export async function calibrate({ experiment, configFolder, dataFolders, assets }: CalibrationInput): Promise<number> {
  const dataset = await loadDataset(experiment.dataset, { configFolder, dataFolders, assets });
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const module = await WebAssembly.compile(fs.readFileSync(path.join(assets, "kernels.wasm")));
  const { batchSize, learningRate, l1 } = experiment.training;
  const kernels = new WasmKernels(module, shape, Math.max(batchSize, evaluationBatch));
  const backend = new BuiltinBackend(kernels);
  try {
    backend.load(initialParameters(shape, experiment.seed));
    const indices = Int32Array.from({ length: batchSize }, (_, i) => i);
    let [steps, began] = [0, performance.now()];
    for (let step = 1; ; step++) {
      const from = (step * batchSize) % Math.max(1, dataset.train.n - batchSize);
      backend.trainStep(
        dataset.train,
        indices.map((i) => (from + i) % dataset.train.n),
        { step, learningRate, l1 },
      );
      if (step === warmSteps) began = performance.now();
      if (step > warmSteps) steps++;
      if (steps >= leastSteps && performance.now() - began > enoughMs) break;
    }
    const seconds = (performance.now() - began) / 1000;
    return seconds / (steps * batchSize * trainingCost * parameterCount(shape));
  } finally {
    backend.dispose();
  }
}
