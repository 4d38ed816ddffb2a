/**
 * The safetensors format: a 64-bit little-endian header length, a JSON header (name → dtype, shape, byte range), then the values.
 * Source: https://github.com/huggingface/safetensors (README, "Format").
 */

const types = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} as const;

type TensorTypes = {
  F32: Float32Array;
  F64: Float64Array;
  I32: Int32Array;
  I64: BigInt64Array;
  U8: Uint8Array;
};
export type TensorType = keyof TensorTypes;

/** `data` is row-major and has as many values as the shape's product; an empty shape is one value. */
export type Tensor = { [T in TensorType]: { dtype: T; shape: number[]; data: TensorTypes[T] } }[TensorType];

/** By name, in the order of the file. */
export type Tensors = Record<string, Tensor>;

export interface SafetensorsFile {
  metadata: Record<string, string>;
  /** Copies, in the header's order; without a prototype, since names come from the file. */
  tensors: Tensors;
}

/** What is wrong with a file, or with tensors that are to be written. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

const metadataKey = "__metadata__";
const prefixBytes = 8;
/** As the reference implementation has it. */
const maxHeaderBytes = 100_000_000;

/**
 * The same bytes for the same input: tensors and metadata in the order of their keys, the header padded with spaces to a multiple of 8.
 * @throws SafetensorsError when a shape and its data do not agree, or a name is reserved
 */
export function encodeSafetensors(tensors: Tensors, metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header[metadataKey] = metadata;
  let size = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    if (name === metadataKey) throw new SafetensorsError(`A tensor cannot be named ${metadataKey}.`);
    if (!(data instanceof types[dtype])) throw new SafetensorsError(`${name}: its data is not an array of ${dtype}.`);
    if (elements(shape, name) !== data.length)
      throw new SafetensorsError(`${name}: its shape [${shape}] does not hold ${data.length} values.`);
    header[name] = { dtype, shape, data_offsets: [size, size + data.byteLength] };
    size += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(prefixBytes + headerBytes + size);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerBytes), true);
  out.fill(0x20, prefixBytes, prefixBytes + headerBytes);
  out.set(json, prefixBytes);
  let at = prefixBytes + headerBytes;
  for (const { data } of Object.values(tensors)) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}

/**
 * Strict: every byte after the header belongs to exactly one tensor, and everything that the header states is checked.
 * @throws SafetensorsError for anything else, never another error
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, start } = readHeader(bytes);
  const metadata: Record<string, string> = Object.create(null);
  const tensors: Tensors = Object.create(null);
  const ranges: { name: string; begin: number; end: number }[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === metadataKey) {
      Object.assign(metadata, checkMetadata(entry));
      continue;
    }
    const { dtype, shape, begin, end } = checkEntry(name, entry, bytes.length - start);
    tensors[name] = {
      dtype,
      shape,
      data: view(dtype, Uint8Array.from(bytes.subarray(start + begin, start + end))),
    } as Tensor;
    ranges.push({ name, begin, end });
  }
  checkCover(ranges, bytes.length - start);
  return { metadata, tensors };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < prefixBytes)
    throw new SafetensorsError(
      `Too short for a safetensors file: ${bytes.length} bytes, the length of the header takes 8.`,
    );
  const stated = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (stated > BigInt(Math.min(bytes.length - prefixBytes, maxHeaderBytes)))
    throw new SafetensorsError(
      `Not a safetensors file, or cut short: it states a header of ${stated} bytes, and ${bytes.length - prefixBytes} bytes follow.`,
    );
  const start = prefixBytes + Number(stated);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(prefixBytes, start)));
  } catch (error) {
    throw new SafetensorsError(`Not a safetensors file: its header is not JSON (${(error as Error).message}).`);
  }
  if (!isRecord(header)) throw new SafetensorsError("Not a safetensors file: its header is not a JSON object.");
  return { header, start };
}

function checkMetadata(entry: unknown): Record<string, string> {
  if (isRecord(entry) && Object.values(entry).every((value) => typeof value === "string"))
    return entry as Record<string, string>;
  throw new SafetensorsError(`${metadataKey} has to map names to strings.`);
}

function checkEntry(name: string, entry: unknown, dataBytes: number) {
  const fail = (what: string) => new SafetensorsError(`Tensor ${JSON.stringify(name)}: ${what}`);
  if (!isRecord(entry)) throw fail("its entry is not a JSON object.");
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(types, dtype))
    throw fail(`its dtype is ${JSON.stringify(dtype)}; ${Object.keys(types).join(", ")} can be read.`);
  if (!isSizes(shape)) throw fail("its shape is not a list of whole numbers.");
  if (!isSizes(offsets) || offsets.length !== 2) throw fail("its data_offsets are not two whole numbers.");
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataBytes)
    throw fail(`its bytes ${begin} to ${end} are not within the ${dataBytes} bytes of values; is the file cut short?`);
  const expected = elements(shape, name) * types[dtype as TensorType].BYTES_PER_ELEMENT;
  if (expected !== end - begin)
    throw fail(`${dtype} of shape [${shape}] takes ${expected} bytes, its data_offsets hold ${end - begin}.`);
  return { dtype: dtype as TensorType, shape, begin, end };
}

/** Neither gaps nor overlaps: two tensors on the same bytes, or bytes that nothing names, make a file ambiguous. */
function checkCover(ranges: { name: string; begin: number; end: number }[], dataBytes: number): void {
  let at = 0;
  for (const { name, begin, end } of ranges.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw new SafetensorsError(
        `Tensor ${JSON.stringify(name)} begins at byte ${begin} of the values, expected was ${at}: ${begin < at ? "tensors overlap" : "there is a gap"}.`,
      );
    at = end;
  }
  if (at !== dataBytes) throw new SafetensorsError(`${dataBytes - at} bytes at the end belong to no tensor.`);
}

function elements(shape: readonly number[], name: string): number {
  const product = shape.reduce((count, size) => count * size, 1);
  if (!isSizes(shape) || !Number.isSafeInteger(product))
    throw new SafetensorsError(`${name}: its shape is not a list of whole numbers that a file can hold.`);
  return product;
}

function view(dtype: TensorType, bytes: Uint8Array<ArrayBuffer>): Tensor["data"] {
  return new types[dtype](bytes.buffer);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
