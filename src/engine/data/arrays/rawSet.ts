/** A data set of numbers as its files have it, before it is split and scaled. */
import { DataError } from "../dataError.js";

export interface RawPart {
  n: number;
  /** [n × dimension]; bytes stand for themselves until they are scaled. */
  values: Uint8Array | Float32Array;
  /** [n], each from 0 to classes − 1 */
  labels: Uint8Array;
}

export interface RawSet {
  /** Of one example: [values], [rows, columns] or [planes, rows, columns]. */
  shape: readonly number[];
  train: RawPart;
  /** Null where it is to be drawn from `train`. */
  test: RawPart | null;
  classes: number;
  classNames?: readonly string[];
  /** Hexadecimal: of the files' hashes with what each is for. */
  sha256: string;
}

/** What all parts of a data set together may hold: beyond it no machine trains. */
export const maxValues = 2 ** 30;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** @throws DataError tooManyValues, before anything of that size is reserved */
export function checkValues(n: number, dimension: number, file: string): void {
  if (n * dimension <= maxValues) return;
  throw new DataError(
    `${file} holds ${n} examples of ${dimension} values; at most ${maxValues} values can be held. Split the file, or make the examples smaller.`,
    { code: "tooManyValues", file },
  );
}

/** @throws DataError shapeMismatch unless both parts' examples are of one size */
export function checkSameShape(
  [shape, file]: [readonly number[], string],
  [other, otherFile]: [readonly number[], string],
): void {
  if (shape.length === other.length && shape.every((size, axis) => size === other[axis])) return;
  throw new DataError(
    `${otherFile} has examples of ${other.join(" × ")}, ${file} of ${shape.join(" × ")}: all have to be of one size. Put the files of the same data set together.`,
    { code: "shapeMismatch", file: otherFile },
  );
}
