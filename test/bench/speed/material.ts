/** Makes problems from real data and networks on their way through training. */
import fs from "node:fs";
import path from "node:path";
import type { Experiment } from "../../../src/common/experiment.js";
import type { Dataset } from "../../../src/engine/data/dataset.js";
import { loadDataset } from "../../../src/engine/data/registry.js";
import { readExperiment } from "../../../src/engine/experiment/experimentFile.js";
import { type NetworkShape, networkShape } from "../../../src/engine/network/network.js";
import { parametersOfDensity } from "./densities.js";
import { dist, root } from "./places.js";
import { bytesOf, type Problem, take } from "./problem.js";
import { reviews } from "./reviews.js";
import { epochOrder, type Origin, type States, trainedStates } from "./states.js";

/** Epochs whose networks are kept; a quick benchmark stops early and takes the last that it has for a trained one. */
export const epochs = [0, 0.1, 0.5, 1, 2, 4, 6, 10, 15];
const quickEpochs = 1;
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
  private readonly lastEpoch: number;
  private readonly datasets = new Map<ExampleName, Promise<Dataset>>();
  private readonly states = new Map<ExampleName, Promise<States>>();

  constructor(private readonly options: MaterialOptions) {
    this.lastEpoch = options.quick ? quickEpochs : epochs.at(-1)!;
  }

  /** Mini-batches of real digits in training's own order, after `epoch` epochs. */
  async mnist(
    name: ExampleName,
    { epoch: wanted, batchSize, steps }: { epoch: number; batchSize: number; steps: number },
  ): Promise<Problem> {
    const epoch = Math.min(wanted, this.lastEpoch);
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
      ...states.at(epoch),
      ...take(dataset.train, order.subarray(0, (lead + steps) * batchSize)),
    };
  }

  /** All validation examples, forward only. */
  async mnistInference(epoch: number): Promise<Problem> {
    const { shape, dataset, states } = await this.example("mnist-rectifier");
    const labels = dataset.valid.labels;
    const inputs = bytesOf(dataset.valid);
    return {
      shape,
      batchSize: 0,
      lead: 0,
      steps: 0,
      learningRate: 0,
      l1: 0,
      stepsBefore: 0,
      ...states.at(Math.min(epoch, this.lastEpoch)),
      inputs: inputs.values,
      labels,
      scale: inputs.scale,
    };
  }

  /** The paper's network with biases that make its hidden layers so active, on real digits. */
  async mnistOfDensity(density: number): Promise<Problem> {
    const experiment = exampleExperiment("mnist-rectifier");
    const dataset = await remembered(this.datasets, "mnist-rectifier", () => loadDataset(experiment.dataset, places));
    const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
    const [batchSize, steps] = [10, 100];
    const order = epochOrder(experiment.seed, 1, dataset.train.n).subarray(0, (lead + steps) * batchSize);
    return ofDensity(density, { shape, seed: experiment.seed, batchSize, steps, ...take(dataset.train, order) });
  }

  /** 3 × 5000 units on 5000 binary inputs of which 0.6 % are set, two classes: synthetic reviews. */
  async sentiment(density: number): Promise<Problem> {
    const shape: NetworkShape = {
      inputs: 5000,
      hidden: [5000, 5000, 5000],
      classes: 2,
      activation: "rectifier",
      sharpness: 1,
      signs: "half",
    };
    const [batchSize, steps] = [10, 8];
    const n = (lead + steps) * batchSize;
    const inputs = reviews(n, shape.inputs, 0.006 * shape.inputs, seedOfReviews);
    const labels = Uint8Array.from({ length: n }, (_, k) => k % shape.classes);
    return ofDensity(density, { shape, seed: seedOfReviews, batchSize, steps, inputs, labels, scale: 1 });
  }

  private async example(name: ExampleName) {
    const experiment = exampleExperiment(name);
    const dataset = await remembered(this.datasets, name, () => loadDataset(experiment.dataset, places));
    const wanted = (name === "mnist-tanh" ? tanhEpochs : epochs).filter((epoch) => epoch <= this.lastEpoch);
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

const seedOfReviews = 1;
/** So small that a network of a made density keeps it. */
const littleRate = 1e-5;
/** Examples by which biases are set. */
const looks = 50;

function ofDensity(
  density: number,
  { seed, ...given }: Pick<Problem, "shape" | "batchSize" | "steps" | "inputs" | "labels" | "scale"> & { seed: number },
): Problem {
  const { shape, inputs, scale } = given;
  const examples = Array.from({ length: looks }, (_, k) =>
    Float32Array.from(inputs.subarray(k * shape.inputs, (k + 1) * shape.inputs), (value) => value * scale),
  );
  const start = parametersOfDensity(shape, seed, density, examples);
  return { ...given, lead, learningRate: littleRate, l1: 0, stepsBefore: 0, start };
}
