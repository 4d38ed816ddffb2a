/**
 * NORB: pairs of pictures of toys, small (2 × 96 × 96, 5 classes) or jittered-cluttered (2 × 108 × 108, a sixth class without a toy),
 * each picture resized to 32 × 32 and scaled from 0…255 to −1…1. Pictures are read one pair at a time.
 */
import { createHash } from "node:crypto";
import { DataError } from "../dataError.js";
import { dataFileErrors, filePieces } from "../filePieces.js";
import { AreaResize } from "./areaResize.js";
import { type MatHeader, type MatType, matHeaderBytes, matPrefixBytes, readMatHeader } from "./matFile.js";
import { PieceReader } from "./pieceReader.js";
import { checkValues, type RawPart, type RawSet } from "./rawSet.js";
import { checkStatedBytes, wrongLength } from "./statedBytes.js";

export const norbSide = 32;
const names = ["animal", "human", "airplane", "truck", "car", "no object"];
const dimension = 2 * norbSide * norbSide;

export interface NorbKind {
  /** Rows and columns of the pictures in the files. */
  side: number;
  classes: number;
}

export const norbKinds = {
  norb: { side: 108, classes: 6 },
  "small-norb": { side: 96, classes: 5 },
} satisfies Record<string, NorbKind>;

/** Pictures and categories: two files. */
export interface NorbFiles {
  dat: string;
  cat: string;
}

/** @throws DataError of matFile; norbShape, norbType, labelOutOfRange, countMismatch, truncated, tooLong */
export async function loadNorb(
  kind: NorbKind,
  train: readonly NorbFiles[],
  test: readonly NorbFiles[],
): Promise<RawSet> {
  const hash = createHash("sha256");
  return {
    shape: [2, norbSide, norbSide],
    train: await readPart(kind, train, "train", hash),
    test: await readPart(kind, test, "test", hash),
    classes: kind.classes,
    classNames: names.slice(0, kind.classes),
    sha256: hash.digest("hex"),
  };
}

interface Hash {
  update(text: string): unknown;
}

async function readPart(kind: NorbKind, files: readonly NorbFiles[], role: string, all: Hash): Promise<RawPart> {
  const counts: number[] = [];
  for (const { dat, cat } of files) {
    const pictures = await headerOf(dat, "byte", [2, kind.side, kind.side]);
    const categories = await headerOf(cat, "integer", []);
    const [n = 0] = pictures.sizes;
    if (n !== categories.sizes[0])
      throw new DataError(
        `${cat} has ${categories.sizes[0]} categories, ${dat} has ${n} pairs of pictures: there has to be one category for each pair. Put the two files of the same part together.`,
        { code: "countMismatch", file: cat },
      );
    counts.push(n);
  }
  const n = counts.reduce((sum, count) => sum + count, 0);
  checkValues(n, dimension, files[0]?.dat ?? "");
  const part = { n, values: new Float32Array(n * dimension), labels: new Uint8Array(n) };
  let at = 0;
  for (const [k, { dat, cat }] of files.entries()) {
    await readCategories(cat, kind.classes, part.labels, at, role, all);
    await readPictures(dat, kind.side, part.values, at * dimension, role, all);
    at += counts[k] as number;
  }
  return part;
}

/** @param rest the sizes that have to follow the number of examples */
async function headerOf(file: string, type: MatType, rest: readonly number[]): Promise<MatHeader> {
  const reader = new PieceReader(filePieces(file, dataFileErrors));
  let header: MatHeader;
  try {
    header = await takeHeader(reader, file);
  } finally {
    await reader.close();
  }
  if (header.type !== type)
    throw new DataError(
      `${file} holds elements of the type ${header.type}; ${type === "byte" ? "pictures are of the type byte (-dat files)" : "categories are of the type integer (-cat files)"}. The files may be swapped; give each its own name.`,
      { code: "norbType", file },
    );
  const [, ...found] = header.sizes;
  // a vector may be stored with sizes of 1 after its length
  const extra = found.slice(rest.length);
  if (rest.some((size, axis) => size !== found[axis]) || extra.some((size) => size !== 1))
    throw new DataError(
      `${file} holds ${header.sizes.join(" × ")}; expected is n${rest.map((size) => ` × ${size}`).join("")}. ${found[1] === 96 || found[1] === 108 ? `dataset.name is ${found[1] === 96 ? '"small-norb"' : '"norb"'} for these files.` : "Put the right file there."}`,
      { code: "norbShape", file, key: "dataset.name" },
    );
  await checkStatedBytes(file, header.fileBytes, `${header.sizes.join(" × ")} elements of type ${type}`);
  return header;
}

async function takeHeader(reader: PieceReader, file: string): Promise<MatHeader> {
  const prefix = Uint8Array.from(await reader.take(matPrefixBytes));
  const more = await reader.take(matHeaderBytes(prefix, file) - matPrefixBytes);
  const head = new Uint8Array(matPrefixBytes + more.length);
  head.set(prefix);
  head.set(more, matPrefixBytes);
  return readMatHeader(head, file);
}

/** Every element of a file, `each` bytes at a time; the file's hash goes to `all`. */
async function eachOf(
  file: string,
  role: string,
  all: Hash,
  take: (header: MatHeader, next: (bytes: number) => Promise<Uint8Array>) => Promise<void>,
): Promise<void> {
  const hash = createHash("sha256");
  const reader = new PieceReader(filePieces(file, dataFileErrors), hash);
  try {
    const header = await takeHeader(reader, file);
    const stated = header.sizes.join(" × ");
    await take(header, async (bytes) => {
      const taken = await reader.take(bytes);
      if (taken.length < bytes) throw wrongLength(file, reader.offset, header.fileBytes, stated);
      return taken;
    });
    if ((await reader.take(1)).length > 0) throw wrongLength(file, reader.offset, header.fileBytes, stated);
    all.update(`${role}\n${hash.digest("hex")}\n`);
  } finally {
    await reader.close();
  }
}

async function readCategories(
  file: string,
  classes: number,
  labels: Uint8Array,
  at: number,
  role: string,
  all: Hash,
): Promise<void> {
  await eachOf(file, role, all, async ({ sizes, littleEndian, headerBytes }, next) => {
    for (let k = 0; k < sizes[0]!; k++) {
      const bytes = await next(4);
      const label = new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, littleEndian);
      if (label < 0 || label >= classes)
        throw new DataError(
          `${file}: category ${k} (counted from 0), at byte ${headerBytes + 4 * k}, is ${label}; categories run from 0 to ${classes - 1}. Put the -cat file of the same set there.`,
          { code: "labelOutOfRange", file },
        );
      labels[at + k] = label;
    }
  });
}

async function readPictures(
  file: string,
  side: number,
  values: Float32Array,
  at: number,
  role: string,
  all: Hash,
): Promise<void> {
  const resize = new AreaResize(side, side, norbSide, norbSide);
  const plane = norbSide * norbSide;
  await eachOf(file, role, all, async ({ sizes }, next) => {
    for (let k = 0; k < 2 * sizes[0]!; k++) {
      const to = at + k * plane;
      resize.plane(await next(side * side), 0, values, to);
      for (let i = to; i < to + plane; i++) values[i] = values[i]! / 127.5 - 1;
    }
  });
}
