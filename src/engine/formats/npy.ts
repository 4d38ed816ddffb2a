/**
 * The .npy format: a magic string, a header that is a Python dictionary, then the values of one array.
 * Source: numpy.lib.format, "Format Version 1.0" to 3.0.
 */
import { type ByteSource, bytesOf } from "./byteSource.js";
import { decodeValues } from "./decodeValues.js";
import { bytesFor, type DType } from "./dtypes.js";
import { FormatError } from "./formatError.js";
import { elementsOf, type Model, shown } from "./modelFile.js";

export const npyMagic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy itself reads 10,000 characters unless told otherwise. */
const maxNpyHeaderBytes = 1 << 16;

export interface NpyHeader {
  /** As the file has it, such as "<f4". */
  storedAs: string;
  dtype: DType;
  bigEndian: boolean;
  columnMajor: boolean;
  shape: number[];
  elements: number;
  /** Of an element; the types that are not counted have sizes of their own. */
  itemBytes: number;
  /** Where the values begin. */
  start: number;
}

/** @throws FormatError */
export async function readNpy(source: ByteSource): Promise<Model> {
  const head = await source.read(0, Math.min(source.size, maxNpyHeaderBytes));
  const header = parseNpyHeader(head, source.name);
  const { dtype, bigEndian, columnMajor, shape, elements, start } = header;
  const name = source.name.replace(/\.npy$/, "");
  checkDataBytes(header, source.size - start, name);
  return {
    format: "npy",
    metadata: {},
    nodes: [],
    outputs: [],
    tensors: [
      {
        name,
        shape,
        dtype,
        storedAs: storedName(header),
        elements,
        bytes: source.size - start,
        columnMajor,
        values: () => decodeValues(bytesOf(source, start, source.size - start), { name, dtype, elements, bigEndian }),
      },
    ],
  };
}

/** As people read it: the type, or what NumPy calls it where it has no other name. */
export function storedName({ dtype, bigEndian, storedAs }: NpyHeader): string {
  if (dtype === "other") return storedAs;
  return bigEndian ? `${dtype}, big-endian` : dtype;
}

/** @throws FormatError unless exactly the array's bytes follow; pickled objects may be of any length */
export function checkDataBytes({ dtype, elements, itemBytes, storedAs }: NpyHeader, bytes: number, name: string): void {
  if (dtype === "other" && storedAs.includes("O")) return;
  const needed = elements * itemBytes;
  if (bytes === needed) return;
  throw new FormatError(
    `Array ${shown(name)}: ${elements} elements of ${storedAs} take ${needed} bytes, and ${bytes} follow its header. The file is ${bytes < needed ? "cut short" : "too long"}; save it again.`,
    { code: bytes < needed ? "truncated" : "wrongSize", place: `Array ${shown(name)}`, value: bytes },
  );
}

/** How many bytes there have to be before the header can be parsed, or turned down. */
export function npyHeaderEnd(head: Uint8Array): number {
  if (head.length < 12) return 12;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return Math.min(maxNpyHeaderBytes, head[6] === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true));
}

/**
 * @param head the beginning of the file, with the whole header if that is not too long
 * @throws FormatError
 */
export function parseNpyHeader(head: Uint8Array, name: string): NpyHeader {
  const fail = (what: string, code = "badNpy", value?: unknown) =>
    new FormatError(`Array ${shown(name)}: ${what}. Save it again with numpy.save.`, {
      code,
      place: "the header",
      value,
    });
  if (npyMagic.some((byte, at) => head[at] !== byte)) throw fail("it does not begin as a .npy file does");
  const major = head[6];
  if (major !== 1 && major !== 2 && major !== 3)
    throw fail(`it is of version ${major ?? "?"}; 1, 2 and 3 can be read`, "newerVersion", major);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const begin = major === 1 ? 10 : 12;
  if (head.length < begin) throw fail("its header is cut short", "truncated");
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (begin + length > maxNpyHeaderBytes) throw fail(`its header is ${length} bytes long`, "tooLarge", length);
  if (begin + length > head.length) throw fail("its header is cut short", "truncated", length);
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(head.subarray(begin, begin + length));
  const fields = parseDictionary(text);
  if (!fields) throw fail("its header is not a dictionary with descr, fortran_order and shape");
  const type = typeOf(fields.descr);
  if (!type) throw fail(`its type ${fields.descr.slice(0, 80)} is not known`, "unknownType", fields.descr.slice(0, 80));
  const elements = elementsOf(fields.shape, type.dtype, name);
  return { ...type, columnMajor: fields.fortranOrder, shape: fields.shape, elements, start: begin + length };
}

/** "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }": those three keys, in any order. */
function parseDictionary(text: string): { descr: string; fortranOrder: boolean; shape: number[] } | null {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return null;
  const order = /['"]fortran_order['"]\s*:\s*(True|False)\s*[,]?/.exec(body);
  const shape = /['"]shape['"]\s*:\s*\(([\d\sL,]*)\)\s*,?/.exec(body);
  const plain = /['"]descr['"]\s*:\s*(?:'([^']*)'|"([^"]*)")\s*,?/.exec(body);
  const record = plain ? null : /['"]descr['"]\s*:\s*(\[.*?\])\s*,\s*['"](?:fortran_order|shape)['"]/s.exec(body);
  const descr = plain?.[1] ?? plain?.[2] ?? record?.[1];
  if (!order || !shape || descr === undefined) return null;
  const sizes = shape[1]!.trim() === "" ? [] : shape[1]!.trim().replace(/,$/, "").split(",");
  if (sizes.some((size) => !/^\s*\d+L?\s*$/.test(size))) return null;
  return { descr, fortranOrder: order[1] === "True", shape: sizes.map((size) => Number.parseInt(size, 10)) };
}

const kinds: Record<string, DType> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b1: "bool",
  c8: "complex64",
  c16: "complex128",
};

function typeOf(descr: string): Pick<NpyHeader, "storedAs" | "dtype" | "bigEndian" | "itemBytes"> | null {
  if (descr.startsWith("["))
    return { storedAs: "record", dtype: "other", bigEndian: false, itemBytes: recordBytes(descr) };
  const parts = /^([<>=|]?)([a-zA-Z])(\d*)(\[.*\])?$/.exec(descr);
  if (!parts) return null;
  const [, order, kind, size = ""] = parts as unknown as [string, string, string, string];
  const bigEndian = order === ">";
  const dtype = Object.hasOwn(kinds, kind + size) ? kinds[kind + size]! : null;
  if (dtype) return { storedAs: descr, dtype, bigEndian, itemBytes: bytesFor(dtype, 1) };
  const length = Number(size || 0);
  if (kind === "S" || kind === "a") return { storedAs: descr, dtype: "string", bigEndian, itemBytes: length };
  if (kind === "U") return { storedAs: descr, dtype: "string", bigEndian, itemBytes: 4 * length };
  if ("OVMmfc".includes(kind)) return { storedAs: descr, dtype: "other", bigEndian, itemBytes: length };
  return null;
}

/** The sum of the fields that are plain; NaN where one is not, which fits no file. */
function recordBytes(descr: string): number {
  let bytes = 0;
  for (const [, type] of descr.matchAll(/,\s*['"]([<>=|]?[a-zA-Z]\d*)['"]\s*(?:,\s*\(\s*\d|\))/g))
    bytes += typeOf(type!)?.itemBytes ?? Number.NaN;
  return bytes;
}
