/** Arrays of inputs and of labels, from whatever file, as parts of a data set. */
import { DataError } from "../dataError.js";
import { labelReader } from "../text/labels.js";
import type { NumberArray } from "./anyIdx.js";
import { checkSameShape, type RawPart, type RawSet, sizeOf } from "./rawSet.js";

/** Where an array is from, as errors say it. */
export interface NamedArray extends NumberArray {
  /** A file, or an array in a file. */
  name: string;
  file: string;
}

export interface Pair {
  inputs: NamedArray;
  labels: NamedArray;
}

/**
 * @param classes as the config has them: the different labels have to be as many
 * @param keys of the config that name the labels and the files
 * @throws DataError countMismatch, labelShape, labelNotWhole, shapeMismatch, labelCount, tooManyLabels
 */
export function pairedSet(
  train: Pair,
  test: Pair | null,
  classes: number | undefined,
  keys: { label: string; files: string },
): Omit<RawSet, "sha256"> {
  const reader = labelReader("classes", classes, keys);
  const read = ({ inputs, labels }: Pair): RawPart => {
    const [n = 0] = inputs.sizes;
    if (labels.sizes.slice(1).some((size) => size !== 1))
      throw new DataError(
        `${labels.name} is ${labels.sizes.join(" × ")}; labels are one number an example. Set ${keys.label} to the labels; one-hot vectors have to be turned into numbers (numpy.argmax).`,
        { code: "labelShape", file: labels.file, key: keys.label },
      );
    if (labels.sizes[0] !== n)
      throw new DataError(
        `${labels.name} has ${labels.sizes[0]} labels, ${inputs.name} has ${n} examples: there has to be one label for each. Put those of the same set together.`,
        { code: "countMismatch", file: labels.file, key: keys.label },
      );
    const numbers = Uint8Array.from(labels.values, (label, k) => {
      if (!Number.isInteger(label))
        throw new DataError(
          `${labels.name}: label ${k} (counted from 0) is ${label}; labels are whole numbers. Set ${keys.label} to the labels.`,
          { code: "labelNotWhole", file: labels.file, key: keys.label },
        );
      return reader.read(String(label), labels.name, k + 1);
    });
    return { n, values: inputs.values, labels: numbers };
  };
  const parts = [read(train), ...(test ? [read(test)] : [])];
  const shape = shapeOf(train.inputs);
  if (test) checkSameShape([shape, train.inputs.name], [shapeOf(test.inputs), test.inputs.name]);
  const { names, classOf } = reader.classes(train.labels.file);
  for (const part of parts) part.labels = part.labels.map((number) => classOf[number] as number);
  const [first, second = null] = parts.map((part) => planar(part, shape));
  return {
    shape: isInterleaved(shape) ? [shape[2]!, shape[0]!, shape[1]!] : shape,
    train: first as RawPart,
    test: second,
    classes: names.length,
    classNames: names,
  };
}

/** Of one example; what is one number an example is a vector of one. */
function shapeOf({ sizes }: NamedArray): number[] {
  const shape = sizes.slice(1);
  if (shape.length === 3 && shape[2] === 1) return shape.slice(0, 2);
  if (shape.length === 3 && shape[0] === 1) return shape.slice(1);
  return shape.length === 0 ? [1] : shape;
}

/** [rows, columns, 3]: the colours of each pixel together, as most programs store them. */
function isInterleaved(shape: readonly number[]): boolean {
  return shape.length === 3 && shape[2] === 3 && shape[0]! > 4;
}

/** Colours plane by plane. */
function planar(part: RawPart, shape: readonly number[]): RawPart {
  if (!isInterleaved(shape)) return part;
  const pixels = shape[0]! * shape[1]!;
  const values = part.values.slice();
  for (let k = 0; k < part.n; k++) {
    const at = k * sizeOf(shape);
    for (let p = 0; p < pixels; p++)
      for (let c = 0; c < 3; c++) values[at + c * pixels + p] = part.values[at + 3 * p + c]!;
  }
  return { ...part, values };
}
