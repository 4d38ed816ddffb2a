/**
 * The header of a safetensors file: names, types, shapes and byte ranges, all checked.
 * Source: https://github.com/huggingface/safetensors (README, "Format").
 */
import { isRecord, parseBoundedJson } from "./boundedJson.js";
import { bytesFor, type DType } from "./dtypes.js";
import { FormatError } from "./formatError.js";
import { checkName, elementsOf, maxTensors, shown } from "./modelFile.js";

/** What is wrong with a file, or with tensors that are to be written. */
export class SafetensorsError extends FormatError {
  override readonly name = "SafetensorsError";

  constructor(message: string, code = "badSafetensors", place?: string) {
    super(message, { code, place });
  }
}

export const metadataKey = "__metadata__";
export const prefixBytes = 8;
/** As the reference implementation has it. */
export const maxHeaderBytes = 100_000_000;

const dtypeNames: Record<string, DType> = {
  F32: "float32",
  F64: "float64",
  I32: "int32",
  I64: "int64",
  U8: "uint8",
  F16: "float16",
  BF16: "bfloat16",
  BOOL: "bool",
  I8: "int8",
  I16: "int16",
  U16: "uint16",
  U32: "uint32",
  U64: "uint64",
  F8_E4M3: "float8_e4m3fn",
  F8_E5M2: "float8_e5m2",
  F8_E4M3FNUZ: "float8_e4m3fnuz",
  F8_E5M2FNUZ: "float8_e5m2fnuz",
  F8_E8M0: "float8_e8m0",
  F6_E2M3: "float6_e2m3",
  F6_E3M2: "float6_e3m2",
  F4: "float4_e2m1",
  C64: "complex64",
};

export interface SafetensorsEntry {
  name: string;
  /** As the file has it, such as "BF16". */
  storedAs: string;
  dtype: DType;
  shape: number[];
  elements: number;
  /** Of the bytes after the header. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  metadata: Record<string, string>;
  /** In the header's order. */
  entries: SafetensorsEntry[];
}

/** @throws SafetensorsError when the file is too short for it */
export function headerLength(prefix: Uint8Array, fileBytes: number): number {
  if (fileBytes < prefixBytes)
    throw new SafetensorsError(
      `Too short for a safetensors file: ${fileBytes} bytes, the length of the header takes 8.`,
      "truncated",
    );
  const stated = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength).getBigUint64(0, true);
  if (stated > BigInt(Math.min(fileBytes - prefixBytes, maxHeaderBytes)))
    throw new SafetensorsError(
      `Not a safetensors file, or cut short: it states a header of ${stated} bytes, and ${fileBytes - prefixBytes} bytes follow.`,
      "truncated",
    );
  return Number(stated);
}

/**
 * Strict: every byte after the header belongs to exactly one tensor, and everything that the header states is checked.
 * @param dataBytes how many bytes follow the header
 * @throws SafetensorsError for anything else, never another error
 */
export function parseSafetensorsHeader(json: Uint8Array, dataBytes: number): SafetensorsHeader {
  const header = parseHeader(json);
  const metadata: Record<string, string> = Object.create(null);
  const entries: SafetensorsEntry[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === metadataKey) Object.assign(metadata, checkMetadata(entry));
    else entries.push(checkEntry(name, entry, dataBytes));
  }
  checkCover(entries, dataBytes);
  return { metadata, entries };
}

function parseHeader(json: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = parseBoundedJson(json, { depth: 3, entries: maxTensors + 1, values: 16 * maxTensors }, "Its header");
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new SafetensorsError(`Not a safetensors file: ${lowerFirst(error.message)}`, error.code);
  }
  if (!isRecord(header)) throw new SafetensorsError("Not a safetensors file: its header is not a JSON object.");
  return header;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function checkMetadata(entry: unknown): Record<string, string> {
  if (isRecord(entry) && Object.values(entry).every((value) => typeof value === "string"))
    return entry as Record<string, string>;
  throw new SafetensorsError(`${metadataKey} has to map names to strings.`);
}

function checkEntry(name: string, entry: unknown, dataBytes: number): SafetensorsEntry {
  const place = `Tensor ${shown(name)}`;
  const fail = (what: string, code?: string) => new SafetensorsError(`${place}: ${what}`, code, place);
  if (!isRecord(entry)) throw fail("its entry is not a JSON object.");
  const { dtype: storedAs, shape, data_offsets: offsets } = entry;
  if (typeof storedAs !== "string" || !Object.hasOwn(dtypeNames, storedAs))
    throw fail(
      `its dtype is ${JSON.stringify(storedAs)?.slice(0, 80)}; ${Object.keys(dtypeNames).join(", ")} can be read.`,
      "unknownType",
    );
  const dtype = dtypeNames[storedAs]!;
  if (!isSizes(shape)) throw fail("its shape is not a list of whole numbers.");
  if (!isSizes(offsets) || offsets.length !== 2) throw fail("its data_offsets are not two whole numbers.");
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataBytes)
    throw fail(
      `its bytes ${begin} to ${end} are not within the ${dataBytes} bytes of values. The file is damaged or cut short; copy or download it again.`,
      "truncated",
    );
  const elements = checkedElements(checkName(name), shape, dtype);
  const expected = bytesFor(dtype, elements);
  if (expected !== end - begin)
    throw fail(
      `${storedAs} of shape [${shape}] takes ${expected} bytes, its data_offsets hold ${end - begin}.`,
      "wrongSize",
    );
  return { name, storedAs, dtype, shape, elements, begin, end };
}

function checkedElements(name: string, shape: number[], dtype: DType): number {
  try {
    return elementsOf(shape, dtype, name);
  } catch (error) {
    throw error instanceof FormatError ? new SafetensorsError(error.message, error.code, error.place) : error;
  }
}

/** Neither gaps nor overlaps: two tensors on the same bytes, or bytes that nothing names, make a file ambiguous. */
function checkCover(entries: readonly SafetensorsEntry[], dataBytes: number): void {
  let at = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw new SafetensorsError(
        `Tensor ${shown(name)} begins at byte ${begin} of the values, expected was ${at}: ${begin < at ? "tensors overlap" : "there is a gap"}.`,
        "badOffsets",
        `Tensor ${shown(name)}`,
      );
    at = end;
  }
  if (at !== dataBytes)
    throw new SafetensorsError(
      `${dataBytes - at} bytes at the end belong to no tensor. The file is damaged; copy or download it again.`,
      "badOffsets",
    );
}

export function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
