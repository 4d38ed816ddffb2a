/** Small model files of every format, made without the code that reads them. */
import { zipSync } from "fflate";
import { type ByteSource, memorySource, type SiblingFiles } from "../../src/engine/formats/byteSource.js";
import { FormatError } from "../../src/engine/formats/formatError.js";

const utf8 = new TextEncoder();

export function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function floats(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** @param header as an object, or as the text itself */
export function safetensorsFile(header: object | string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = utf8.encode(typeof header === "string" ? header : JSON.stringify(header));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(json.length), true);
  return joined(prefix, json, data);
}

export function npyFile(
  descr: string,
  shape: string,
  data: Uint8Array,
  { fortran = false, version = 1 } = {},
): Uint8Array {
  const order = fortran ? "True" : "False";
  const text = utf8.encode(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return joined([0x93, ...utf8.encode("NUMPY"), version, 0], length, text, data);
}

export function npzFile(arrays: Record<string, Uint8Array>, level: 0 | 6 = 6): Uint8Array {
  const files = Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]);
  return zipSync(Object.fromEntries(files), { level });
}

export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** A field of protobuf: a number becomes a varint, all else bytes. */
export function field(number: number, value: number | bigint | string | Uint8Array): Uint8Array {
  if (typeof value === "number" || typeof value === "bigint") return joined(varint(number << 3), varint(value));
  const bytes = typeof value === "string" ? utf8.encode(value) : value;
  return joined(varint((number << 3) | 2), varint(bytes.length), bytes);
}

export interface TensorParts {
  name: string;
  dims: readonly (number | bigint)[];
  /** TensorProto.DataType; 1 is float32. */
  type?: number;
  raw?: Uint8Array;
  /** More fields, such as those with typed or external data. */
  more?: Uint8Array;
}

export function onnxTensorFile({ name, dims, type = 1, raw, more = new Uint8Array() }: TensorParts): Uint8Array {
  const fields = dims.map((size) => field(1, size));
  return joined(...fields, field(2, type), field(8, name), raw ? field(9, raw) : [], more);
}

export interface NodeParts {
  operation: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Record<string, number>;
}

export function onnxFile(
  tensors: readonly Uint8Array[],
  nodes: readonly NodeParts[] = [],
  outputs: readonly string[] = [],
  inputs: readonly InputParts[] = [],
): Uint8Array {
  const graph = joined(
    ...nodes.map((node) => field(1, onnxNode(node))),
    field(2, "graph"),
    ...tensors.map((tensor) => field(5, tensor)),
    ...inputs.map((input) => field(11, onnxInput(input))),
    ...outputs.map((name) => field(12, field(1, name))),
  );
  return joined(field(1, 8), field(2, "test"), field(7, graph), field(8, field(2, 17)));
}

export interface InputParts {
  name: string;
  /** A name stands for a size that is not fixed; null where none is stated. */
  shape: readonly (number | string | null)[];
  /** TensorProto.DataType; 1 is float32. */
  type?: number;
}

function onnxInput({ name, shape, type = 1 }: InputParts): Uint8Array {
  const dimension = (size: number | string | null) =>
    field(1, size === null ? new Uint8Array() : field(typeof size === "number" ? 1 : 2, size));
  const tensor = joined(field(1, type), field(2, joined(...shape.map(dimension))));
  return joined(field(1, name), field(2, field(1, tensor)));
}

function onnxNode({ operation, inputs, outputs, attributes = {} }: NodeParts): Uint8Array {
  return joined(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, operation),
    ...Object.entries(attributes).map(([name, value]) =>
      field(5, joined(field(1, name), field(3, value), field(20, 2))),
    ),
  );
}

export function externalData(entries: Record<string, string>): Uint8Array {
  const pairs = Object.entries(entries).map(([key, value]) => field(13, joined(field(1, key), field(2, value))));
  return joined(...pairs, field(14, 1));
}

export function jsonFile(value: unknown): Uint8Array {
  return utf8.encode(JSON.stringify(value));
}

/** Files in memory, beside a model in memory. */
export function siblings(files: Record<string, Uint8Array> = {}): SiblingFiles {
  return {
    async open(path): Promise<ByteSource> {
      const bytes = Object.hasOwn(files, path) ? files[path] : undefined;
      if (!bytes) throw new FormatError(`${path} is not there`, { code: "missing" });
      return memorySource(path, bytes);
    },
  };
}
