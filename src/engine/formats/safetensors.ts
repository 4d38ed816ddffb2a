/**
 * The safetensors format: a 64-bit little-endian header length, a JSON header (name → dtype, shape, byte range), then the values.
 * Source: https://github.com/huggingface/safetensors (README, "Format").
 */

import {
  headerLength,
  isSizes,
  metadataKey,
  parseSafetensorsHeader,
  prefixBytes,
  SafetensorsError,
} from "./safetensorsHeader.js";

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

/** A tensor whose values come in pieces, in their order; a piece is valid until the next is asked for. */
export interface TensorInPieces {
  dtype: TensorType;
  shape: number[];
  pieces(): Iterable<Tensor["data"]> | AsyncIterable<Tensor["data"]>;
}

/**
 * The same bytes for the same input: tensors and metadata in the order of their keys, the header padded with spaces to a multiple of 8.
 * @throws SafetensorsError when a shape and its data do not agree, or a name is reserved
 */
export function encodeSafetensors(tensors: Tensors, metadata: Record<string, string>): Uint8Array {
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    checkData(name, dtype, data);
    if (elements(shape, name) !== data.length) throw wrongLength(name, shape, data.length);
  }
  const { header, size } = encodeHeader(tensors, metadata);
  const out = new Uint8Array(header.length + size);
  out.set(header);
  let at = header.length;
  for (const { data } of Object.values(tensors)) {
    out.set(bytesIn(data), at);
    at += data.byteLength;
  }
  return out;
}

/** The same file piece by piece. */
export async function* safetensorsPieces(
  tensors: Record<string, Tensor | TensorInPieces>,
  metadata: Record<string, string>,
): AsyncGenerator<Uint8Array> {
  yield encodeHeader(tensors, metadata).header;
  for (const [name, tensor] of Object.entries(tensors)) {
    let length = 0;
    for await (const piece of "data" in tensor ? [tensor.data] : tensor.pieces()) {
      checkData(name, tensor.dtype, piece);
      length += piece.length;
      yield bytesIn(piece);
    }
    if (length !== elements(tensor.shape, name)) throw wrongLength(name, tensor.shape, length);
  }
}

/** @returns what comes before the values, and how many bytes these take */
function encodeHeader(
  tensors: Record<string, Pick<Tensor, "dtype" | "shape">>,
  metadata: Record<string, string>,
): { header: Uint8Array; size: number } {
  const entries: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) entries[metadataKey] = metadata;
  let size = 0;
  for (const [name, { dtype, shape }] of Object.entries(tensors)) {
    if (name === metadataKey) throw new SafetensorsError(`A tensor cannot be named ${metadataKey}.`);
    const end = size + elements(shape, name) * types[dtype].BYTES_PER_ELEMENT;
    entries[name] = { dtype, shape, data_offsets: [size, end] };
    size = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(prefixBytes + headerBytes).fill(0x20, prefixBytes);
  new DataView(header.buffer).setBigUint64(0, BigInt(headerBytes), true);
  header.set(json, prefixBytes);
  return { header, size };
}

function bytesIn({ buffer, byteOffset, byteLength }: Tensor["data"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function checkData(name: string, dtype: TensorType, data: Tensor["data"]): void {
  if (!(data instanceof types[dtype])) throw new SafetensorsError(`${name}: its data is not an array of ${dtype}.`);
}

function wrongLength(name: string, shape: readonly number[], length: number): SafetensorsError {
  return new SafetensorsError(`${name}: its shape [${shape}] does not hold ${length} values.`);
}

/**
 * Strict: every byte after the header belongs to exactly one tensor, and everything that the header states is checked.
 * @throws SafetensorsError for anything else, never another error
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const start = prefixBytes + headerLength(bytes, bytes.length);
  const { metadata, entries } = parseSafetensorsHeader(bytes.subarray(prefixBytes, start), bytes.length - start);
  const tensors: Tensors = Object.create(null);
  for (const { name, storedAs, shape, begin, end } of entries) {
    if (!Object.hasOwn(types, storedAs))
      throw new SafetensorsError(
        `Tensor ${JSON.stringify(name)}: its dtype is ${JSON.stringify(storedAs)}; ${Object.keys(types).join(", ")} can be read.`,
      );
    const dtype = storedAs as TensorType;
    const data = view(dtype, Uint8Array.from(bytes.subarray(start + begin, start + end)));
    tensors[name] = { dtype, shape, data } as Tensor;
  }
  return { metadata, tensors };
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
