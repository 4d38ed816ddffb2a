/**
 * The IDX format of MNIST: a big-endian header (magic, then one 32-bit size per dimension) and unsigned bytes.
 * Images have magic 0x00000803 and sizes n, rows, columns; labels 0x00000801 and size n.
 * Source: "FILE FORMATS FOR THE MNIST DATABASE" on the page of Y. LeCun, C. Cortes and C. Burges.
 */
import { DataError } from "./dataError.js";

export interface IdxImages {
  n: number;
  rows: number;
  columns: number;
  /** [n × rows × columns], a view of the file's bytes */
  values: Uint8Array;
}

export type IdxKind = "images" | "labels";

const kinds = {
  images: { magic: 0x0803, dimensions: 3, example: "train-images-idx3-ubyte" },
  labels: { magic: 0x0801, dimensions: 1, example: "train-labels-idx1-ubyte" },
} as const;

/** The largest file that is read: what one typed array can hold on every host. */
export const maxIdxBytes = 2 ** 31 - 1;

/** Bytes before the first value. */
export function idxHeaderBytes(kind: IdxKind): number {
  return 4 + 4 * kinds[kind].dimensions;
}

/**
 * The sizes that a header states, checked.
 * @param head at least the header's bytes where the file has that many
 * @returns one size per dimension, and the bytes that a whole file of these sizes has
 * @throws DataError idxTruncated (header cut short), idxMagic, idxEmpty, idxTooLarge
 */
export function readIdxHeader(head: Uint8Array, kind: IdxKind, file: string): { sizes: number[]; fileBytes: number } {
  const { magic, dimensions, example } = kinds[kind];
  const headerBytes = idxHeaderBytes(kind);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length >= 4 && view.getUint32(0) !== magic) {
    const found = hexadecimal(view.getUint32(0));
    throw new DataError(
      `${file} is not an IDX ${kind} file: its first four bytes are ${found}, where ${kind} have ${hexadecimal(magic)}. ${magicMend(view.getUint32(0), kind, example)}`,
      { code: "idxMagic", file },
    );
  }
  if (head.length < headerBytes)
    throw new DataError(
      `${file} ends within its header: it has ${bytes(head.length)}, the header alone takes ${bytes(headerBytes)}. ${copyAgain}`,
      { code: "idxTruncated", file },
    );
  const sizes = Array.from({ length: dimensions }, (_, d) => view.getUint32(4 + 4 * d));
  const stated = sizes.join(" × ");
  if (sizes.includes(0))
    throw new DataError(
      `${file} holds no ${kind}: its header states ${stated}. Replace it by a file with at least one example.`,
      { code: "idxEmpty", file },
    );
  const fileBytes = sizes.reduce((product, size) => product * size, 1) + headerBytes;
  if (fileBytes > maxIdxBytes)
    throw new DataError(
      `${file} states ${stated} ${kind}, ${bytes(fileBytes)}; at most ${bytes(maxIdxBytes)} can be read. The file is damaged, or it has to be split.`,
      { code: "idxTooLarge", file },
    );
  return { sizes, fileBytes };
}

/** @throws DataError as readIdxHeader does; idxTruncated or idxTooLong when the file's length is not what its header states */
export function parseIdxImages(file: Uint8Array, name: string): IdxImages {
  const { sizes, fileBytes } = readIdxHeader(file, "images", name);
  checkLength(file.length, sizes, fileBytes, "images", name);
  const [n, rows, columns] = sizes as [number, number, number];
  return { n, rows, columns, values: file.subarray(idxHeaderBytes("images")) };
}

/**
 * @param classes labels run from 0 to one less
 * @returns [n], a view of the file's bytes
 * @throws DataError as parseIdxImages does; labelOutOfRange with the first wrong label's index and value
 */
export function parseIdxLabels(file: Uint8Array, classes: number, name: string): Uint8Array {
  const { sizes, fileBytes } = readIdxHeader(file, "labels", name);
  checkLength(file.length, sizes, fileBytes, "labels", name);
  const labels = file.subarray(idxHeaderBytes("labels"));
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0)
    throw new DataError(
      `${name}: label ${wrong} (counted from 0) is ${labels[wrong]}; with dataset.classes = ${classes}, labels run from 0 to ${classes - 1}. Set dataset.classes to the number of classes, or repair the file.`,
      { code: "labelOutOfRange", file: name, key: "dataset.classes", value: classes },
    );
  return labels;
}

/** @throws DataError countMismatch when there is not one label for each image */
export function checkCounts(images: IdxImages, labels: Uint8Array, imagesFile: string, labelsFile: string): void {
  if (images.n === labels.length) return;
  throw new DataError(
    `${labelsFile} has ${labels.length} labels, ${imagesFile} has ${images.n} images: there has to be one label for each image. Put the two files of the same set together.`,
    { code: "countMismatch", file: labelsFile },
  );
}

function checkLength(found: number, sizes: number[], expected: number, kind: IdxKind, file: string): void {
  if (found === expected) return;
  const stated = `its header states ${sizes.join(" × ")} ${kind}, so ${bytes(expected)} are expected, ${bytes(found)} were found`;
  if (found < expected)
    throw new DataError(`${file} is truncated: ${stated}. ${copyAgain}`, { code: "idxTruncated", file });
  throw new DataError(`${file} is too long: ${stated}. ${copyAgain}`, { code: "idxTooLong", file });
}

const copyAgain = "Copy or download the file again.";

function magicMend(found: number, kind: IdxKind, example: string): string {
  const other = kind === "images" ? "labels" : "images";
  if (found === kinds[other].magic)
    return `It is a ${other} file: the ${kind} and ${other} files seem to be swapped; give each its own name.`;
  if (found >>> 16 === 0x1f8b) return "It is compressed with gzip: let its name end in .gz, or decompress it.";
  if (found >>> 16 === 0x0000) return "Only unsigned bytes in the layout of MNIST are read; convert the file.";
  return `Put the ${kind} in the format of MNIST's ${example} there.`;
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

function bytes(count: number): string {
  return `${count} ${count === 1 ? "byte" : "bytes"}`;
}
