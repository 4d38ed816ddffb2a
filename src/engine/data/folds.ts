/** Cross-validation: examples dealt into parts, each with the same share of every class. */
import { Random } from "../network/random.js";
import { type ExampleSet, exampleSet } from "./dataset.js";

export interface Fold {
  /** From 1. */
  index: number;
  of: number;
  seed: number;
}

/**
 * The part that each example belongs to, from 0: each class is shuffled and dealt out in turn, going on where the class before
 * ended, so that the parts' sizes differ by at most one.
 * @param labels [n]
 */
export function foldOf(labels: Uint8Array, { of, seed }: Omit<Fold, "index">): Uint8Array {
  const parts = new Uint8Array(labels.length);
  const order = Random.stream(seed, "folds").permutation(labels.length);
  const byClass = new Map<number, number[]>();
  for (const example of order) {
    const label = labels[example] as number;
    const members = byClass.get(label);
    if (members) members.push(example);
    else byClass.set(label, [example]);
  }
  let next = 0;
  for (const label of [...byClass.keys()].sort((a, b) => a - b))
    for (const example of byClass.get(label) ?? []) parts[example] = next++ % of;
  return parts;
}

/** The fold's part as validation set, all others as training set, both in the files' order. Copies the values. */
export function splitByFold(
  values: Uint8Array,
  labels: Uint8Array,
  dimension: number,
  fold: Fold,
): { train: ExampleSet; valid: ExampleSet } {
  const parts = foldOf(labels, fold);
  const [train, valid] = [false, true].map((held) =>
    gather(values, labels, dimension, (example) => (parts[example] === fold.index - 1) === held),
  ) as [Gathered, Gathered];
  return {
    train: exampleSet("train", train.values, train.labels),
    valid: exampleSet("valid", valid.values, valid.labels),
  };
}

interface Gathered {
  values: Uint8Array;
  labels: Uint8Array;
}

/** Copies of the examples that are wanted, in their order. */
export function gather(
  values: Uint8Array,
  labels: Uint8Array,
  dimension: number,
  wanted: (example: number) => boolean,
): Gathered {
  const members = Array.from(labels.keys()).filter(wanted);
  const gathered = new Uint8Array(members.length * dimension);
  members.forEach((example, at) => {
    gathered.set(values.subarray(example * dimension, (example + 1) * dimension), at * dimension);
  });
  return { values: gathered, labels: Uint8Array.from(members, (example) => labels[example] as number) };
}
