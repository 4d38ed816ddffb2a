/** What is pre-trained on: the training examples, and those without labels where a data set has any. */
import type { Dataset, ExampleSet, Inputs } from "./dataset.js";

/** Examples without labels. */
interface Unlabelled {
  n: number;
  inputs: Inputs;
}

/** The training examples first. Copies nothing where there are no others. */
export function pretrainingSet({
  train,
  unlabelled,
}: Pick<Dataset, "train"> & { unlabelled?: Unlabelled | null }): ExampleSet {
  if (!unlabelled || unlabelled.n === 0) return train;
  const labels = new Uint8Array(train.n + unlabelled.n);
  labels.set(train.labels);
  return { ...train, n: labels.length, labels, inputs: joined(train.inputs, unlabelled.inputs) };
}

function joined(first: Inputs, second: Inputs): Inputs {
  if (first.kind === "bytes" && second.kind === "bytes" && first.scale === second.scale) {
    const values = new Uint8Array(first.values.length + second.values.length);
    values.set(first.values);
    values.set(second.values, first.values.length);
    return { ...first, values };
  }
  if (first.kind === "floats" && second.kind === "floats") {
    const values = new Float32Array(first.values.length + second.values.length);
    values.set(first.values);
    values.set(second.values, first.values.length);
    return { ...first, values };
  }
  if (first.kind === "sparse" && second.kind === "sparse") {
    const end = first.starts.at(-1) ?? 0;
    const starts = new Uint32Array(first.starts.length + second.starts.length - 1);
    starts.set(first.starts);
    starts.set(
      second.starts.subarray(1).map((start) => end + start),
      first.starts.length,
    );
    const indices = new Uint32Array(end + second.indices.length);
    indices.set(first.indices.subarray(0, end));
    indices.set(second.indices, end);
    return { ...first, starts, indices };
  }
  throw new Error("Examples with and without labels have inputs of one kind.");
}
