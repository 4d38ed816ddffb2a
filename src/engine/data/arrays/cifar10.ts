/**
 * CIFAR-10's binary version: records of 3073 bytes, a label from 0 to 9 and 32 × 32 pixels in three planes (red, green, blue).
 * Source: "The CIFAR-10 dataset" by A. Krizhevsky, section "Binary version".
 */
import { createHash } from "node:crypto";
import { DataError } from "../dataError.js";
import { filePieces } from "../filePieces.js";
import { PieceReader } from "./pieceReader.js";
import { checkValues, type RawPart, type RawSet } from "./rawSet.js";
import { copyAgain } from "./statedBytes.js";

export const cifar10Shape = [3, 32, 32] as const;
export const cifar10Names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const pixels = 3 * 32 * 32;
export const cifar10RecordBytes = 1 + pixels;
/** What the original's files hold; others may hold fewer. */
const mostRecords = 60_000;

/** @throws DataError cifarLength, labelOutOfRange, and what reading the files throws */
export async function loadCifar10(trainFiles: readonly string[], testFile: string): Promise<RawSet> {
  const hash = createHash("sha256");
  const parts: RawPart[] = [];
  for (const file of trainFiles) parts.push(await readBatch(file, "train", hash));
  const test = await readBatch(testFile, "test", hash);
  return {
    shape: cifar10Shape,
    train: joined(parts, trainFiles[0] ?? ""),
    test,
    classes: cifar10Names.length,
    classNames: cifar10Names,
    sha256: hash.digest("hex"),
  };
}

async function readBatch(file: string, role: string, all: { update(text: string): unknown }): Promise<RawPart> {
  const hash = createHash("sha256");
  const reader = new PieceReader(filePieces(file), hash);
  try {
    const bytes = await reader.take(mostRecords * cifar10RecordBytes + 1);
    const part = parseCifar10(bytes, file);
    all.update(`${role}\n${hash.digest("hex")}\n`);
    return part;
  } finally {
    await reader.close();
  }
}

/** @throws DataError cifarLength, labelOutOfRange */
export function parseCifar10(bytes: Uint8Array, file: string): RawPart {
  const n = Math.floor(bytes.length / cifar10RecordBytes);
  const over = bytes.length % cifar10RecordBytes;
  if (n > mostRecords || n === 0 || over !== 0)
    throw new DataError(
      `${file} is no CIFAR-10 batch: it has ${n > mostRecords ? "more than " : ""}${bytes.length} bytes${over && n > 0 ? `, which is ${n} records and ${over} bytes` : ""}; a batch is one or more records of ${cifar10RecordBytes} bytes (a label and 32 × 32 × 3 pixels), at most ${mostRecords}. ${copyAgain} The binary version is meant, not the one for Python or Matlab.`,
      { code: "cifarLength", file },
    );
  const labels = new Uint8Array(n);
  const values = new Uint8Array(n * pixels);
  for (let k = 0; k < n; k++) {
    const at = k * cifar10RecordBytes;
    const label = bytes[at]!;
    if (label >= cifar10Names.length)
      throw new DataError(
        `${file}: record ${k} (counted from 0), at byte ${at}, has the label ${label}; labels run from 0 to ${cifar10Names.length - 1}. ${copyAgain} CIFAR-100 has two labels in a record, and is not read.`,
        { code: "labelOutOfRange", file },
      );
    labels[k] = label;
    values.set(bytes.subarray(at + 1, at + cifar10RecordBytes), k * pixels);
  }
  return { n, values, labels };
}

function joined(parts: readonly RawPart[], file: string): RawPart {
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  checkValues(n, pixels, file);
  const whole: RawPart = { n, values: new Uint8Array(n * pixels), labels: new Uint8Array(n) };
  let at = 0;
  for (const part of parts) {
    whole.values.set(part.values, at * pixels);
    whole.labels.set(part.labels, at);
    at += part.n;
  }
  return whole;
}
