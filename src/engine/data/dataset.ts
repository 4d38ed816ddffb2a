/** A labelled data set in memory, split into training, validation and test examples. */
import type { SetName } from "../../common/run.js";

/** The network's inputs, [n × dimension]. */
export type Inputs =
  /** Row-major; the input is value × scale. */
  | { kind: "bytes"; values: Uint8Array; scale: number }
  /** Row-major. */
  | { kind: "floats"; values: Float32Array }
  /** Binary and mostly 0, as texts are: example k is 1 at indices[starts[k] … starts[k + 1]], ascending. */
  | { kind: "sparse"; starts: Uint32Array; indices: Uint32Array };

export interface ExampleSet {
  name: SetName;
  n: number;
  inputs: Inputs;
  /** [n], each from 0 to classes − 1 */
  labels: Uint8Array;
  /** Class k stands for k + 1 stars. */
  stars?: boolean;
}

/** Examples without labels, which pre-training learns from as well. */
export interface Unlabelled {
  n: number;
  inputs: Inputs;
}

export interface Dataset {
  name: string;
  /** Where it came from, as a person reads it: a folder. */
  origin: string;
  /**
   * Hexadecimal, of the uncompressed files: of images one after the other (training images, training labels, test images, test
   * labels), of texts the hash of each file with what it is for.
   */
  sha256: string;
  /** Values in one example. */
  dimension: number;
  /** [rows, columns]; of pictures with several planes these lie one below the other. */
  imageShape: [number, number] | null;
  /** Of pictures with more than one: the colours, or the two views of a stereo pair. */
  planes?: number;
  classes: number;
  /** What each class is called, where the data set says so. */
  classNames?: readonly string[];
  /** Of texts: the term that each input stands for. */
  terms?: readonly string[];
  train: ExampleSet;
  valid: ExampleSet;
  test: ExampleSet;
  /** What files without labels hold, and what `dataset.labelFraction` leaves over; null for none. */
  unlabelled: Unlabelled | null;
}

/** Bytes that the inputs take. */
export function inputBytes(inputs: Inputs): number {
  return inputs.kind === "sparse" ? inputs.starts.byteLength + inputs.indices.byteLength : inputs.values.byteLength;
}

/** Writes one example's inputs to `to`, from place `at` on. */
export function writeExample(
  inputs: Inputs,
  example: number,
  dimension: number,
  to: Float32Array | Float64Array,
  at: number,
): void {
  const from = example * dimension;
  if (inputs.kind === "bytes") for (let i = 0; i < dimension; i++) to[at + i] = inputs.values[from + i]! * inputs.scale;
  else if (inputs.kind === "floats") for (let i = 0; i < dimension; i++) to[at + i] = inputs.values[from + i]!;
  else {
    to.fill(0, at, at + dimension);
    for (let k = inputs.starts[example]!; k < inputs.starts[example + 1]!; k++) to[at + inputs.indices[k]!] = 1;
  }
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
