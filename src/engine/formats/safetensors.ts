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
