/**
 * The binary matrix format of NORB's .mat files (not Matlab's): a magic number, the number of dimensions, the sizes (at least three
 * are stored), then the elements. The magic number tells the type of the elements, and by its byte order that of all numbers.
 * Source: "The NORB Dataset, V1.0" by F. J. Huang and Y. LeCun, section "File format".
 */
import { DataError } from "../dataError.js";
import { copyAgain } from "./statedBytes.js";

export const matTypes = {
  byte: { magic: 0x1e3d4c55, bytes: 1 },
  integer: { magic: 0x1e3d4c54, bytes: 4 },
  short: { magic: 0x1e3d4c56, bytes: 2 },
  single: { magic: 0x1e3d4c51, bytes: 4 },
  double: { magic: 0x1e3d4c53, bytes: 8 },
} as const;
export type MatType = keyof typeof matTypes;

export interface MatHeader {
  type: MatType;
  sizes: number[];
  littleEndian: boolean;
  headerBytes: number;
  /** Of the whole file. */
  fileBytes: number;
}

const maxDimensions = 8;
const fewestSizes = 3;
export const matPrefixBytes = 8;

/** Bytes of the header, as its first eight tell. @throws DataError matTruncated, matMagic, matDimensions */
export function matHeaderBytes(head: Uint8Array, file: string): number {
  return 8 + 4 * Math.max(fewestSizes, prefixOf(head, file).dimensions);
}

function prefixOf(head: Uint8Array, file: string) {
  if (head.length < matPrefixBytes) throw endsInHeader(file, head.length, matPrefixBytes);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const typeOf = (littleEndian: boolean) =>
    (Object.keys(matTypes) as MatType[]).find((type) => matTypes[type].magic === view.getUint32(0, littleEndian));
  const little = typeOf(true);
  const type = little ?? typeOf(false);
  if (!type) {
    const found = hexadecimal(view.getUint32(0, true));
    const known = (Object.keys(matTypes) as MatType[]).map((name) => `${hexadecimal(matTypes[name].magic)} (${name})`);
    throw new DataError(
      `${file} is not a matrix file of NORB: at byte 0 stands ${found}, where such files have ${known.join(", ")}. ${view.getUint16(0) === 0x1f8b ? "It is compressed with gzip: let its name end in .gz, or decompress it." : copyAgain}`,
      { code: "matMagic", file },
    );
  }
  const littleEndian = little !== undefined;
  const dimensions = view.getUint32(4, littleEndian);
  if (dimensions < 1 || dimensions > maxDimensions)
    throw new DataError(
      `${file}: at byte 4 it states ${dimensions} dimensions; 1 to ${maxDimensions} are read. ${copyAgain}`,
      { code: "matDimensions", file },
    );
  return { type, littleEndian, dimensions, view };
}

/**
 * @param head the whole header
 * @throws DataError as matHeaderBytes does; matSize where a size is zero or the sizes are more than a file can have
 */
export function readMatHeader(head: Uint8Array, file: string): MatHeader {
  const { type, littleEndian, dimensions, view } = prefixOf(head, file);
  const headerBytes = 8 + 4 * Math.max(fewestSizes, dimensions);
  if (head.length < headerBytes) throw endsInHeader(file, head.length, headerBytes);
  const sizes = Array.from({ length: dimensions }, (_, d) => view.getUint32(8 + 4 * d, littleEndian));
  const fileBytes = sizes.reduce((product, size) => product * size, matTypes[type].bytes) + headerBytes;
  if (sizes.includes(0) || !Number.isSafeInteger(fileBytes))
    throw new DataError(
      `${file}: at byte 8 it states a matrix of ${sizes.join(" × ")}, which ${sizes.includes(0) ? "is empty" : "no file can hold"}. ${copyAgain}`,
      { code: "matSize", file },
    );
  return { type, sizes, littleEndian, headerBytes, fileBytes };
}

function endsInHeader(file: string, found: number, needed: number): DataError {
  return new DataError(
    `${file} ends within its header: it has ${found} ${found === 1 ? "byte" : "bytes"}, the header takes ${needed} or more. ${copyAgain}`,
    { code: "matTruncated", file },
  );
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
