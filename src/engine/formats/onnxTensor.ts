/** A TensorProto of ONNX, listed without its data. Source: onnx.proto3, message TensorProto. */
import { type ByteSource, bytesOf, checkRange, type SiblingFiles, siblingPath } from "./byteSource.js";
import { decodeValues } from "./decodeValues.js";
import { bytesFor, type DType } from "./dtypes.js";
import { FormatError } from "./formatError.js";
import { checkName, elementsOf, type StoredTensor, shown } from "./modelFile.js";
import { type Field, ProtobufReader, type Range, varintsAsBytes } from "./protobuf.js";

/** Indexed by TensorProto.DataType. */
const dataTypes: readonly (DType | null)[] = [
  null,
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
  "uint32",
  "uint64",
  "complex64",
  "complex128",
  "bfloat16",
  "float8_e4m3fn",
  "float8_e4m3fnuz",
  "float8_e5m2",
  "float8_e5m2fnuz",
  "uint4",
  "int4",
  "float4_e2m1",
  "float8_e8m0",
  "uint2",
  "int2",
];

const fields = { dims: 1, dataType: 2, segment: 3, strings: 6, name: 8, raw: 9, external: 13, location: 14 } as const;
const typedFields = [4, 5, 7, 10, 11];
const what = "an ONNX model";

/** The field that holds a type's values where they are not raw, and how it packs them. */
function typedField(dtype: DType): { number: number; packing: "fixed" | "varint"; bytesOfEach: number } {
  if (dtype === "float32" || dtype === "complex64") return { number: 4, packing: "fixed", bytesOfEach: 4 };
  if (dtype === "float64" || dtype === "complex128") return { number: 10, packing: "fixed", bytesOfEach: 8 };
  if (dtype === "int64") return { number: 7, packing: "varint", bytesOfEach: 8 };
  if (dtype === "uint32" || dtype === "uint64")
    return { number: 11, packing: "varint", bytesOfEach: bytesFor(dtype, 1) };
  return { number: 5, packing: "varint", bytesOfEach: bytesFor(dtype, 1) };
}

/** Where the values lie in another file. */
interface External {
  location: string;
  offset: number;
  length: number | null;
}

/** A tensor with what the whole model is checked by. */
export interface OnnxTensor extends StoredTensor {
  external: External | null;
}

/**
 * @param range the message
 * @throws FormatError when it cannot be what the format allows, or states more than it holds
 */
export async function readOnnxTensor(source: ByteSource, folder: SiblingFiles, range: Range): Promise<OnnxTensor> {
  const parts = await walk(source, range);
  const { name, dims: shape } = parts;
  const place = `Tensor ${shown(name)}`;
  const fail = (what: string, code: string, value?: unknown) =>
    new FormatError(`${place}: ${what}`, { code, place, value });
  const dtype = dataTypes[parts.dataType];
  if (!dtype) throw fail(`its data type ${parts.dataType} is not known.`, "unknownType", parts.dataType);
  if (parts.segmented) throw fail("it is stored in segments, which are not read. Export the model again.", "segments");
  const elements = elementsOf(shape, dtype, name);
  const bytes = bytesFor(dtype, elements);
  const external = parts.outside ? externalOf(parts.external, place) : null;
  const { number, packing, bytesOfEach } = typedField(dtype);
  const raw = parts.raw;
  if (dtype === "string") {
    if (!external && parts.strings !== elements)
      throw fail(`its shape [${shape}] takes ${elements} strings, and it holds ${parts.strings}.`, "wrongSize");
  } else if (external) {
    if (external.length !== null && external.length !== bytes)
      throw fail(
        `${dtype} of shape [${shape}] takes ${bytes} bytes, and its external data are ${external.length}.`,
        "wrongSize",
      );
  } else {
    const held = raw ? raw.end - raw.start : (parts.typed.get(number) ?? 0);
    // how many varints there are is known when they are read: each takes a byte at least
    const most = raw || packing === "fixed" ? held : held * bytesOfEach;
    if (bytes > most)
      throw fail(
        `${dtype} of shape [${shape}] takes ${bytes} bytes, and it holds ${held}. The file is damaged; export the model again.`,
        "wrongSize",
        held,
      );
  }
  const fixed = { name, dtype, elements };
  const stored = () => {
    if (external) return externalBytes(folder, external, bytes);
    if (raw) return bytesOf(source, raw.start, raw.end - raw.start);
    return typedBytes(source, range, { number, packing, bytesOfEach });
  };
  return {
    ...fixed,
    shape,
    storedAs: dtype,
    bytes,
    columnMajor: false,
    external,
    values: () => decodeValues(dtype === "string" ? nothing() : stored(), fixed),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* externalBytes(folder: SiblingFiles, { location, offset }: External, bytes: number) {
  const file = await folder.open(location);
  checkRange(file.name, file.size, offset, bytes);
  yield* bytesOf(file, offset, bytes);
}

interface Parts {
  name: string;
  dims: number[];
  dataType: number;
  segmented: boolean;
  raw: Range | null;
  strings: number;
  /** Payload bytes of the fields for typed values, by their numbers. */
  typed: Map<number, number>;
  outside: boolean;
  external: [string, string][];
}

async function walk(source: ByteSource, range: Range): Promise<Parts> {
  const reader = new ProtobufReader(source, what);
  const parts: Parts = {
    name: "",
    dims: [],
    dataType: 0,
    segmented: false,
    raw: null,
    strings: 0,
    typed: new Map(),
    outside: false,
    external: [],
  };
  for await (const field of reader.fields(range)) {
    const { number, wire } = field;
    if (number === fields.dims) await addDims(reader, field, parts.dims);
    else if (number === fields.dataType && wire === "varint") parts.dataType = field.low;
    else if (number === fields.segment) parts.segmented = true;
    else if (number === fields.strings && wire === "bytes") parts.strings++;
    else if (number === fields.name && wire === "bytes") parts.name = checkName(await reader.text(field));
    else if (number === fields.raw && wire === "bytes") parts.raw = { start: field.start, end: field.end };
    else if (number === fields.location && wire === "varint") parts.outside = field.low === 1;
    else if (number === fields.external && wire === "bytes") {
      if (parts.external.push(await readPair(reader, field)) > 64)
        throw reader.error(field.start, "a list of more than 64 notes on external data");
    } else if (typedFields.includes(number))
      parts.typed.set(number, (parts.typed.get(number) ?? 0) + (wire === "varint" ? 1 : field.end - field.start));
  }
  return parts;
}

async function addDims(reader: ProtobufReader, field: Field, dims: number[]): Promise<void> {
  const add = (low: number, high: number) => {
    // negative sizes have their highest bit set, and are turned down with all that is too large
    if (dims.push(high * 2 ** 32 + low) > 1024) throw reader.error(0, "a shape of more than 1024 axes");
  };
  if (field.wire === "varint") add(field.low, field.high);
  else if (field.wire === "bytes") {
    const bytes = await reader.bytes(field, 1 << 14);
    const pieces = varintsAsBytes(one(bytes), 8, () => reader.error(field.start, "a shape that is cut short"));
    for await (const piece of pieces) {
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
      for (let at = 0; at < piece.length; at += 8) add(view.getUint32(at, true), view.getUint32(at + 4, true));
    }
  } else throw reader.error(field.start, "a size that is not a whole number");
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A StringStringEntryProto. */
export async function readPair(reader: ProtobufReader, range: Range): Promise<[string, string]> {
  let [key, value] = ["", ""];
  for await (const field of reader.fields(range)) {
    if (field.wire !== "bytes") continue;
    if (field.number === 1) key = await reader.text(field);
    else if (field.number === 2) value = await reader.text(field);
  }
  return [key, value];
}

function externalOf(pairs: readonly [string, string][], place: string): External {
  const stated = new Map(pairs);
  const size = (key: string) => {
    const text = stated.get(key);
    if (text === undefined) return null;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw new FormatError(
      `${place}: the ${key} of its external data is ${JSON.stringify(text.slice(0, 80))}, not a whole number. Export the model again.`,
      { code: "badExternalData", place, value: text.slice(0, 80) },
    );
  };
  return {
    location: siblingPath(stated.get("location") ?? "", place),
    offset: size("offset") ?? 0,
    length: size("length"),
  };
}

async function* typedBytes(
  source: ByteSource,
  range: Range,
  { number, packing, bytesOfEach }: ReturnType<typeof typedField>,
): AsyncGenerator<Uint8Array> {
  const reader = new ProtobufReader(source, what);
  for await (const field of reader.fields(range)) {
    if (field.number !== number) continue;
    const cutShort = () => reader.error(range.start, "a number that is cut short", "truncated");
    if (field.wire === "varint") {
      if (packing === "fixed") throw cutShort();
      yield littleEndian(field.low, field.high, bytesOfEach);
      continue;
    }
    const stored = bytesOf(source, field.start, field.end - field.start);
    yield* packing === "varint" ? varintsAsBytes(stored, bytesOfEach, cutShort) : stored;
  }
}

function littleEndian(low: number, high: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, b) => (b < 4 ? low >>> (8 * b) : high >>> (8 * (b - 4))));
}
