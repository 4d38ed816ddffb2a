/** A labelled data set in memory, split into training, validation and test examples. */
import type { SetName } from "../../common/run.js";

/** [n × dimension], row-major; the network's input is value × scale. */
export type Inputs = { kind: "bytes"; values: Uint8Array; scale: number };

export interface ExampleSet {
  name: SetName;
  n: number;
  inputs: Inputs;
  /** [n], each from 0 to classes − 1 */
  labels: Uint8Array;
}

export interface Dataset {
  name: string;
  /** Where it came from, as a person reads it: a folder. */
  origin: string;
  /** Hexadecimal, of the uncompressed files one after the other: training images, training labels, test images, test labels. */
  sha256: string;
  /** Values in one example. */
  dimension: number;
  /** [rows, columns] */
  imageShape: [number, number] | null;
  classes: number;
  train: ExampleSet;
  valid: ExampleSet;
  test: ExampleSet;
}

/**
 * Cuts the last `held` examples off as validation set; both parts are views, nothing is copied.
 * @param labels [n]; held from 1 to n − 1
 * @param values [n × dimension]
 */
export function splitExamples(
  values: Uint8Array,
  labels: Uint8Array,
  dimension: number,
  held: number,
): { train: ExampleSet; valid: ExampleSet } {
  const n = labels.length - held;
  return {
    train: exampleSet("train", values.subarray(0, n * dimension), labels.subarray(0, n)),
    valid: exampleSet("valid", values.subarray(n * dimension), labels.subarray(n)),
  };
}

/** Bytes as images have them: 0…255 stands for 0…1. */
export function exampleSet(name: SetName, values: Uint8Array, labels: Uint8Array): ExampleSet {
  return { name, n: labels.length, inputs: { kind: "bytes", values, scale: 1 / 255 }, labels };
}
