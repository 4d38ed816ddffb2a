/** How fast this machine trains a network: measured for a moment, for an estimate where there is no earlier run. */
import { optimizerOf } from "../../common/optimizers.js";
import type { CalibrationInput } from "../../common/sweepMessages.js";
import { openEngine } from "../backends/engine.js";
import { loadDataset } from "../data/registry.js";
import { initialParameters } from "../network/initialise.js";
import { networkShape, parameterCount } from "../network/network.js";
import { trainingCost } from "../training/phases.js";

const warmSteps = 20;
const leastSteps = 50;
const enoughMs = 400;

/** @returns seconds for one unit of work (see work.ts), on one thread. @throws DataError */
export async function calibrate(input: CalibrationInput): Promise<number> {
  const { experiment, configFolder, dataFolders, assets, tensorflowFolder = null } = input;
  const dataset = await loadDataset(experiment.dataset, { configFolder, dataFolders, assets });
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const { batchSize, learningRate, l1 } = experiment.training;
  const optimizer = optimizerOf(experiment.training);
  const settings = { shape, batchSize, optimizer, threads: 1, assets, tensorflowFolder };
  const engine = await openEngine(experiment.backend, settings);
  const { backend } = engine;
  try {
    await backend.load(initialParameters(shape, experiment.seed));
    const indices = Int32Array.from({ length: batchSize }, (_, i) => i);
    let [steps, began] = [0, performance.now()];
    for (let step = 1; ; step++) {
      const from = (step * batchSize) % Math.max(1, dataset.train.n - batchSize);
      await backend.trainStep(
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
    engine.dispose();
  }
}
