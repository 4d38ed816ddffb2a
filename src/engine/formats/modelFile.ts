/** What every reader of model files gives: tensors that are described, and whose values stream in when they are asked for. */
import type { DType } from "./dtypes.js";
import { bitsOf } from "./dtypes.js";
import { FormatError } from "./formatError.js";

export const formatNames = {
  safetensors: "safetensors",
  onnx: "ONNX",
  onnxTensor: "ONNX tensor",
  tfjs: "TensorFlow.js",
  npz: "NumPy archive",
  npy: "NumPy array",
} as const;

export type ModelFormat = keyof typeof formatNames;

export interface StoredTensor {
  name: string;
  shape: readonly number[];
  dtype: DType;
  /** As the file calls it, where that says more: "uint8 → float32". */
  storedAs: string;
  elements: number;
  /** As stored, without compression. */
  bytes: number;
  /** The first axis changes fastest (Fortran's order). */
  columnMajor: boolean;
  /**
   * The decoded values in the order in which they are stored, `elements` in all; a piece is valid until the next. Nothing where the
   * elements are no numbers.
   * @throws FormatError when they cannot be read
   */
  values(): AsyncIterable<Float64Array>;
}

/** One operation of the graph that a model file holds. */
export interface GraphNode {
  operation: string;
  name: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, number | string>>;
}

export interface Model {
  format: ModelFormat;
  metadata: Readonly<Record<string, string>>;
  tensors: readonly StoredTensor[];
  /** In the file's order; empty where the file holds tensors only. */
  nodes: readonly GraphNode[];
  /** What the graph gives, as its operations call it. */
  outputs: readonly string[];
  /** Of ONNX: the files beside it that hold its data, relative to its folder. */
  dataFiles?: readonly string[];
}

/** More are turned down, so that no file can fill the memory with names. */
export const maxTensors = 1 << 16;
const maxRank = 64;
const maxNameLength = 1 << 16;

/** @throws FormatError when there are too many */
export function checkCount(count: number): void {
  if (count > maxTensors)
    throw new FormatError(
      `The file lists more than ${maxTensors} tensors: at most that many are read. Split it into several files.`,
      { code: "tooManyTensors", value: count },
    );
}

/**
 * The product of a shape that a file states.
 * @throws FormatError unless it is a list of whole numbers, none negative, whose product and size in bits are exact
 */
export function elementsOf(shape: readonly unknown[], dtype: DType, name: string): number {
  const place = `Tensor ${shown(name)}`;
  const fail = (what: string) =>
    new FormatError(`${place}: its shape ${what}. The file is damaged or was not written correctly; make it again.`, {
      code: "badShape",
      place,
      value: shape.slice(0, 8),
    });
  if (shape.length > maxRank) throw fail(`has ${shape.length} axes; at most ${maxRank} are read`);
  let product = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || (size as number) < 0)
      throw fail(`[${shape.slice(0, 8).join(", ")}] is not a list of sizes`);
    product *= size as number;
  }
  // a zero hides what the other sizes multiply to
  const others = shape.reduce<number>((count, size) => count * Math.max(1, size as number), 1);
  if (!Number.isSafeInteger(others) || !Number.isSafeInteger(product * Math.max(8, bitsOf(dtype))))
    throw fail(`[${shape.slice(0, 8).join(", ")}] holds more elements than any file can`);
  return product;
}

/** @throws FormatError when a name is absurdly long */
export function checkName(name: string): string {
  if (name.length <= maxNameLength) return name;
  throw new FormatError(`A name in the file is ${name.length} characters long; at most ${maxNameLength} are read.`, {
    code: "badName",
    value: name.slice(0, 80),
  });
}

/** A name from a file, quoted and cut, as errors show it. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
