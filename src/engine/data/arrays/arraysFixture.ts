/** Small files of every kind of numbers, for tests. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { encode } from "fast-png";
import { type ExperimentInput, experimentSchema } from "../../../common/experiment.js";
import { DataError } from "../dataError.js";
import type { Dataset, ExampleSet } from "../dataset.js";
import { writeExample } from "../dataset.js";
import { loadDataset } from "../registry.js";
import { cifar10RecordBytes } from "./cifar10.js";
import { type MatType, matTypes } from "./matFile.js";

export function dataFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), "rectiscope-arrays-"));
}

export async function writeAll(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), contents);
  }
}

/** Loads as an experiment in the folder would. */
export function load(folder: string, dataset: ExperimentInput["dataset"]): Promise<Dataset> {
  const parsed = experimentSchema.shape.dataset.parse(dataset);
  return loadDataset(parsed, { configFolder: folder, dataFolders: [], assets: folder });
}

/** The error that loading ends with. */
export async function failureOf(folder: string, dataset: ExperimentInput["dataset"]): Promise<DataError> {
  const error = await load(folder, dataset).then(
    () => null,
    (reason) => reason,
  );
  if (error instanceof DataError) return error;
  throw error ?? new Error("It loads.");
}

export function inputsOf({ dimension }: Dataset, { inputs, n }: ExampleSet): number[][] {
  return Array.from({ length: n }, (_, k) => {
    const out = new Float32Array(dimension);
    writeExample(inputs, k, dimension, out, 0);
    return [...out];
  });
}

/** Records whose pixels are all `10 × label`. */
export function cifarBatch(labels: readonly number[]): Uint8Array {
  const out = new Uint8Array(labels.length * cifar10RecordBytes);
  labels.forEach((label, k) => {
    out.fill(10 * label, k * cifar10RecordBytes, (k + 1) * cifar10RecordBytes);
    out[k * cifar10RecordBytes] = label;
  });
  return out;
}

export function matFile(
  type: MatType,
  sizes: readonly number[],
  values: ArrayLike<number>,
  littleEndian = true,
): Uint8Array {
  const stored = [...sizes, ...Array.from({ length: Math.max(0, 3 - sizes.length) }, () => 1)];
  const { magic, bytes } = matTypes[type];
  const view = new DataView(new ArrayBuffer(8 + 4 * stored.length + bytes * values.length));
  view.setUint32(0, magic, littleEndian);
  view.setUint32(4, sizes.length, littleEndian);
  stored.forEach((size, d) => {
    view.setUint32(8 + 4 * d, size, littleEndian);
  });
  for (let k = 0; k < values.length; k++) {
    const at = 8 + 4 * stored.length + bytes * k;
    if (type === "byte") view.setUint8(at, values[k]!);
    else if (type === "integer") view.setInt32(at, values[k]!, littleEndian);
  }
  return new Uint8Array(view.buffer);
}

export function anyIdx(type: number, sizes: readonly number[], values: readonly number[]): Uint8Array {
  const bytes = ({ 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 } as Record<number, number>)[type] ?? 1;
  const view = new DataView(new ArrayBuffer(4 + 4 * sizes.length + bytes * values.length));
  view.setUint8(2, type);
  view.setUint8(3, sizes.length);
  sizes.forEach((size, d) => {
    view.setUint32(4 + 4 * d, size);
  });
  values.forEach((value, k) => {
    const at = 4 + 4 * sizes.length + bytes * k;
    if (type === 8) view.setUint8(at, value);
    else if (type === 9) view.setInt8(at, value);
    else if (type === 11) view.setInt16(at, value);
    else if (type === 12) view.setInt32(at, value);
    else if (type === 13) view.setFloat32(at, value);
    else view.setFloat64(at, value);
  });
  return new Uint8Array(view.buffer);
}

/** A picture of one value, grey or [r, g, b]. */
export function pngOf(rows: number, columns: number, value: number | readonly number[]): Uint8Array {
  const pixel = typeof value === "number" ? [value] : value;
  const data = Uint8Array.from({ length: rows * columns * pixel.length }, (_, k) => pixel[k % pixel.length]!);
  return encode({ width: columns, height: rows, channels: pixel.length, depth: 8, data });
}
