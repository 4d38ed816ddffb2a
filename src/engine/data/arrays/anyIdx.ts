/**
 * Any IDX file: two zero bytes, the type of the elements, the number of dimensions, then big-endian sizes and elements.
 * Source: "THE IDX FILE FORMAT" on the page of MNIST by Y. LeCun, C. Cortes and C. Burges.
 */
import { createHash } from "node:crypto";
import { DataError } from "../dataError.js";
import { filePieces } from "../filePieces.js";
import { PieceReader } from "./pieceReader.js";
import { maxValues } from "./rawSet.js";
import { checkStatedBytes, copyAgain, wrongLength } from "./statedBytes.js";

/** By the third byte: how elements are read. */
const idxTypes: Record<number, { name: string; bytes: number; read(view: DataView, at: number): number }> = {
  8: { name: "unsigned byte", bytes: 1, read: (view, at) => view.getUint8(at) },
  9: { name: "signed byte", bytes: 1, read: (view, at) => view.getInt8(at) },
  11: { name: "short", bytes: 2, read: (view, at) => view.getInt16(at) },
  12: { name: "int", bytes: 4, read: (view, at) => view.getInt32(at) },
  13: { name: "float", bytes: 4, read: (view, at) => view.getFloat32(at) },
  14: { name: "double", bytes: 8, read: (view, at) => view.getFloat64(at) },
};
const maxRank = 8;

export interface AnyIdxHeader {
  type: number;
  sizes: number[];
  headerBytes: number;
  fileBytes: number;
}

export interface NumberArray {
  /** The first counts the examples. */
  sizes: readonly number[];
  /** Bytes only where the file has unsigned bytes. */
  values: Uint8Array | Float32Array;
}

/** Bytes of the header, as its first four tell. @throws DataError idxTruncated, idxMagic */
export function anyIdxHeaderBytes(head: Uint8Array, file: string): number {
  if (head.length < 4)
    throw new DataError(
      `${file} ends within its header: it has ${head.length} ${head.length === 1 ? "byte" : "bytes"}, and the header begins with 4. ${copyAgain}`,
      { code: "idxTruncated", file },
    );
  const [first, second, type = 0, rank = 0] = head;
  if (first !== 0 || second !== 0 || !Object.hasOwn(idxTypes, type) || rank < 1 || rank > maxRank) {
    const found = `0x${Buffer.from(head.subarray(0, 4)).toString("hex")}`;
    const types = Object.entries(idxTypes).map(
      ([code, { name }]) => `0x${Number(code).toString(16).padStart(2, "0")} (${name})`,
    );
    throw new DataError(
      `${file} is not an IDX file: its first four bytes are ${found}; expected are two zeros, a type out of ${types.join(", ")}, and the number of dimensions, 1 to ${maxRank}. ${first === 0x1f && second === 0x8b ? "It is compressed with gzip: let its name end in .gz, or decompress it." : "Check that it is the right file."}`,
      { code: "idxMagic", file },
    );
  }
  return 4 + 4 * rank;
}

/** @param head the whole header. @throws DataError as anyIdxHeaderBytes does; idxEmpty, idxTooLarge */
export function readAnyIdxHeader(head: Uint8Array, file: string): AnyIdxHeader {
  const headerBytes = anyIdxHeaderBytes(head, file);
  if (head.length < headerBytes)
    throw new DataError(
      `${file} ends within its header: it has ${head.length} bytes, the header alone takes ${headerBytes}. ${copyAgain}`,
      { code: "idxTruncated", file },
    );
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const sizes = Array.from({ length: head[3]! }, (_, d) => view.getUint32(4 + 4 * d));
  const elements = sizes.reduce((product, size) => product * size, 1);
  if (sizes.includes(0))
    throw new DataError(
      `${file} is empty: its header states ${sizes.join(" × ")}. Replace it by a file with at least one example.`,
      { code: "idxEmpty", file },
    );
  if (elements > maxValues)
    throw new DataError(
      `${file} states ${sizes.join(" × ")} elements; at most ${maxValues} are read. The file is damaged, or it has to be split.`,
      { code: "idxTooLarge", file },
    );
  return { type: head[2]!, sizes, headerBytes, fileBytes: headerBytes + elements * idxTypes[head[2]!]!.bytes };
}

const pieceElements = 1 << 16;

/**
 * Everything in a file, decompressed where its name ends in .gz.
 * @param all gets the hash of the file with what it is for
 * @throws DataError of the header; truncated, tooLong, gzipCorrupt, unreadable, notFinite
 */
export async function readAnyIdx(
  file: string,
  role: string,
  all: { update(text: string): unknown },
): Promise<NumberArray> {
  const hash = createHash("sha256");
  const reader = new PieceReader(filePieces(file), hash);
  try {
    const start = Uint8Array.from(await reader.take(4));
    const more = await reader.take(anyIdxHeaderBytes(start, file) - 4);
    const header = readAnyIdxHeader(Uint8Array.from([...start, ...more]), file);
    const { sizes, fileBytes, headerBytes } = header;
    const stated = `${sizes.join(" × ")} elements`;
    await checkStatedBytes(file, fileBytes, stated);
    const { bytes: each, read } = idxTypes[header.type]!;
    const elements = (fileBytes - headerBytes) / each;
    const values = header.type === 8 ? new Uint8Array(elements) : new Float32Array(elements);
    for (let at = 0; at < elements; ) {
      const wanted = Math.min(pieceElements, elements - at);
      const bytes = await reader.take(wanted * each);
      if (bytes.length < wanted * each) throw wrongLength(file, reader.offset, fileBytes, stated);
      if (values instanceof Uint8Array) values.set(bytes, at);
      else {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        for (let k = 0; k < wanted; k++) {
          const value = read(view, k * each);
          if (!Number.isFinite(Math.fround(value)))
            throw new DataError(
              `${file}: element ${at + k} (counted from 0), at byte ${headerBytes + (at + k) * each}, is ${value}; finite single-precision numbers are expected. Replace it.`,
              { code: "notFinite", file },
            );
          values[at + k] = value;
        }
      }
      at += wanted;
    }
    if ((await reader.take(1)).length > 0) throw wrongLength(file, reader.offset, fileBytes, stated);
    all.update(`${role}\n${hash.digest("hex")}\n`);
    return { sizes, values };
  } finally {
    await reader.close();
  }
}
