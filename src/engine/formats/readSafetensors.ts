/** Lists the tensors of a safetensors file by its header alone; their values stream in later. */
import { type ByteSource, bytesOf } from "./byteSource.js";
import { decodeValues } from "./decodeValues.js";
import type { Model } from "./modelFile.js";
import { headerLength, parseSafetensorsHeader, prefixBytes } from "./safetensorsHeader.js";

/** @throws FormatError */
export async function readSafetensors(source: ByteSource): Promise<Model> {
  const length = headerLength(await source.read(0, Math.min(prefixBytes, source.size)), source.size);
  const start = prefixBytes + length;
  const { metadata, entries } = parseSafetensorsHeader(await source.read(prefixBytes, length), source.size - start);
  return {
    format: "safetensors",
    metadata,
    nodes: [],
    outputs: [],
    tensors: entries.map(({ name, dtype, shape, elements, begin, end }) => ({
      name,
      shape,
      dtype,
      storedAs: dtype,
      elements,
      bytes: end - begin,
      columnMajor: false,
      values: () => decodeValues(bytesOf(source, start + begin, end - begin), { name, dtype, elements }),
    })),
  };
}
