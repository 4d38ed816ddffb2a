/** Makes problems from real data and networks on their way through training. */
import fs from "node:fs";
import path from "node:path";
import type { Experiment } from "../../../src/common/experiment.js";
import type { Dataset } from "../../../src/engine/data/dataset.js";
import { loadDataset } from "../../../src/engine/data/registry.js";
import { readExperiment } from "../../../src/engine/experiment/experimentFile.js";
import { networkShape } from "../../../src/engine/network/network.js";
import { dist, root } from "./places.js";
import { type Problem, take } from "./problem.js";
import { epochOrder, type Origin, type States, trainedStates } from "./states.js";

/** Epochs whose networks are kept; a quick benchmark stops at the first few. */
export const epochs = [0, 0.1, 0.5, 1, 2, 4, 6, 10, 15];
const tanhEpochs = [0, 1];
/** Steps before the timed ones in every pass: they bring the new weights into the caches. */
const lead = 5;

export type ExampleName = "mnist-rectifier" | "mnist-tanh";

export interface MaterialOptions {
  quick: boolean;
  /** Train the networks again. */
  anew: boolean;
  say: (line: string) => void;
}

export class Material {
  /** Which kernels trained the networks, by example. */
  readonly origins: Record<string, Origin> = {};
  /** The epoch after which a network counts as trained. */
  readonly trained: number;
  private readonly datasets = new Map<ExampleName, Promise<Dataset>>();
  private readonly states = new Map<ExampleName, Promise<States>>();

  constructor(private readonly options: MaterialOptions) {
    this.trained = options.quick ? 1 : epochs.at(-1)!;
  }

  /** Mini-batches of real digits in training's own order, after `epoch` epochs. */
  async mnist(
    name: ExampleName,
    { epoch, batchSize, steps }: { epoch: number; batchSize: number; steps: number },
  ): Promise<Problem> {
    const { experiment, shape, dataset, states } = await this.example(name);
    const done = Math.round((epoch * dataset.train.n) / experiment.training.batchSize);
    const order = epochOrder(experiment.seed, Math.floor(epoch) + 1, dataset.train.n);
    return {
      shape,
      batchSize,
      lead,
      steps,
      learningRate: experiment.training.learningRate,
      l1: experiment.training.l1,
      stepsBefore: done,
      start: states.at(epoch),
      ...take(dataset.train, order.subarray(0, (lead + steps) * batchSize)),
    };
  }

  /** All validation examples, forward only. */
  async mnistInference(epoch: number): Promise<Problem> {
    const { shape, dataset, states } = await this.example("mnist-rectifier");
    const { inputs, labels } = dataset.valid;
    return {
      shape,
      batchSize: 0,
      lead: 0,
      steps: 0,
      learningRate: 0,
      l1: 0,
      stepsBefore: 0,
      start: states.at(epoch),
      inputs: inputs.values,
      labels,
      scale: inputs.scale,
    };
  }

  private async example(name: ExampleName) {
    const experiment = exampleExperiment(name);
    const dataset = await remembered(this.datasets, name, () => loadDataset(experiment.dataset, places));
    const wanted = (name === "mnist-tanh" ? tanhEpochs : epochs).filter((epoch) => epoch <= this.trained);
    const say = (line: string) => this.options.say(`${name}: ${line}`);
    const make = () => trainedStates(experiment, dataset, wanted, { anew: this.options.anew, say });
    const states = await remembered(this.states, name, make);
    this.origins[name] = states.origin;
    return { experiment, dataset, states, shape: networkShape(experiment.network, dataset.dimension, dataset.classes) };
  }
}

const places = { configFolder: path.join(root, "examples"), dataFolders: [], assets: dist };

function exampleExperiment(name: ExampleName): Experiment {
  const file = path.join(root, "examples", `${name}.rectiscope.json`);
  const { experiment } = readExperiment(fs.readFileSync(file, "utf8"), file);
  if (!experiment) throw new Error(`${file} has problems.`);
  return experiment;
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
