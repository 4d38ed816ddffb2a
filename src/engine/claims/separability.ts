/**
 * Sparse representations tend to be linearly separable (the paper, section 2.2): how well a linear classifier, a softmax regression, does on
 * each layer. It is trained on training examples and judged once, at its end, on validation examples.
 */
import { type Optimizer, optimizerOf } from "../../common/optimizers.js";
import { evaluationBatch } from "../backends/builtin.js";
import { type ExampleSet, writeExample } from "../data/dataset.js";
import type { Kernels } from "../kernels/kernels.js";
import { initialParameters } from "../network/initialise.js";
import type { NetworkShape } from "../network/network.js";
import type { Random } from "../network/random.js";
import { evenly } from "./sampling.js";
import type { Check, Subject } from "./subject.js";

/** How a classifier is trained: by Adam with its usual settings. Its inputs are scaled so that the root of their mean square is 1. */
export const probe = { epochs: 10, learningRate: 0.001, batchSize: 20 };
/** Examples of either set, at most, and values of a layer that are held in memory for each. */
export const probeExamples = { most: 10_000, values: 2 ** 25 };

/** Holds where the last hidden layer separates the classes better than the inputs do. */
export const checkSeparability: Check<"separability"> = async (subject, pace) => {
  const { train, valid, shape, measured, kernels, parameters } = subject;
  const widest = Math.max(shape.inputs, ...shape.hidden);
  const count = Math.min(probeExamples.most, Math.max(1, Math.floor(probeExamples.values / widest)));
  const [seen, judged] = [evenly(train.n, count), evenly(valid.n, count)];
  const errors: number[] = [];
  const layers = shape.hidden.length + 1;
  for (let layer = 0; layer < layers; layer++) {
    const turn = (share: number) => pace.turn((layer + share) / layers);
    kernels.load(parameters);
    const [learns, tells] = [
      await layerOf(kernels, train, seen, layer, turn),
      await layerOf(kernels, valid, judged, layer, turn),
    ];
    scaleTogether(learns, tells);
    errors.push(await probeError(subject, learns, tells, subject.random(`probe/${layer}`), turn));
  }
  const [inputs, ...hidden] = errors as [number, ...number[]];
  return {
    holds: hidden.at(-1)! < inputs,
    figures: {
      set: valid.name,
      n: judged.length,
      trainedOn: seen.length,
      inputs,
      layers: hidden,
      network: measured.error,
    },
  };
};

/** What a layer makes of some examples, as examples of their own. @param layer 0 for the inputs */
export async function layerOf(
  kernels: Kernels,
  set: ExampleSet,
  indices: readonly number[],
  layer: number,
  turn: (share: number) => Promise<void>,
): Promise<ExampleSet & { inputs: { kind: "floats" } }> {
  const { shape } = kernels;
  const width = layer === 0 ? shape.inputs : (shape.hidden[layer - 1] as number);
  const values = new Float32Array(indices.length * width);
  for (let first = 0; first < indices.length; first += evaluationBatch) {
    const batch = Int32Array.from(indices.slice(first, first + evaluationBatch));
    if (layer === 0)
      for (const [b, example] of batch.entries()) writeExample(set.inputs, example, width, values, (first + b) * width);
    else {
      kernels.gather(set, batch);
      kernels.forward(batch.length);
      const { values: from, pitch, place } = kernels.outputs(layer - 1);
      for (let b = 0; b < batch.length; b++)
        for (let j = 0; j < width; j++) values[(first + b) * width + j] = from[b * pitch + place[j]!]!;
    }
    await turn(0);
  }
  const labels = Uint8Array.from(indices, (example) => set.labels[example]!);
  return { name: set.name, n: indices.length, inputs: { kind: "floats", values }, labels };
}

/** Divides both by the root mean square of the first, which neither helps nor hinders a linear classifier but its training. */
function scaleTogether(first: Floats, second: Floats): void {
  const { values } = first.inputs;
  let square = 0;
  for (const value of values) square += value ** 2;
  const scale = Math.sqrt(square / values.length) || 1;
  for (const { inputs } of [first, second]) for (let k = 0; k < inputs.values.length; k++) inputs.values[k]! /= scale;
}

type Floats = Awaited<ReturnType<typeof layerOf>>;

/** Share of `tells` that a softmax regression gets wrong after it has learnt from `learns`. */
export async function probeError(
  { makeKernels, shape }: Pick<Subject, "makeKernels" | "shape">,
  learns: Floats,
  tells: Floats,
  random: Random,
  turn: (share: number) => Promise<void>,
): Promise<number> {
  const regression: NetworkShape = { ...shape, inputs: learns.inputs.values.length / learns.n, hidden: [] };
  const kernels = makeKernels(regression, adam);
  kernels.load(initialParameters(regression, random.next()));
  let step = 0;
  for (let epoch = 0; epoch < probe.epochs; epoch++) {
    const order = random.permutation(learns.n);
    for (let at = 0; at < learns.n; at += probe.batchSize) {
      const indices = order.subarray(at, at + probe.batchSize);
      kernels.gather(learns, indices);
      kernels.step(indices.length, { step: ++step, learningRate: probe.learningRate, l1: 0 });
      await turn((epoch + at / learns.n) / probe.epochs);
    }
  }
  let errors = 0;
  for (let first = 0; first < tells.n; first += evaluationBatch) {
    const size = Math.min(evaluationBatch, tells.n - first);
    kernels.gather(
      tells,
      Int32Array.from({ length: size }, (_, b) => first + b),
    );
    kernels.forward(size);
    for (let b = 0; b < size; b++) if (kernels.predicted[b] !== kernels.labels[b]) errors++;
  }
  return errors / tells.n;
}

const adam: Optimizer = optimizerOf({ optimizer: "adam" });
