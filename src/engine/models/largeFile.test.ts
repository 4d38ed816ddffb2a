/** A file of 2 GB that is not there: what listing it reads, and how large the pieces are that its values come in. */
import { expect, test } from "vitest";
import { onnxFile, onnxTensorFile, safetensorsFile, siblings, varint } from "../../../test/support/modelFiles.js";
import type { ByteSource } from "../formats/byteSource.js";
import { readModel } from "./openModel.js";

const count = 200;
const tensorBytes = 10 * 2 ** 20;

/** Zeros wherever there is nothing else. */
function sparse(name: string, size: number, parts: [number, Uint8Array][]) {
  const read = { bytes: 0, largest: 0 };
  const source: ByteSource = {
    name,
    size,
    async read(offset, length) {
      read.bytes += length;
      read.largest = Math.max(read.largest, length);
      const out = new Uint8Array(length);
      for (const [at, bytes] of parts) {
        const from = Math.max(offset, at);
        const to = Math.min(offset + length, at + bytes.length);
        if (to > from) out.set(bytes.subarray(from - at, to - at), from - offset);
      }
      return out;
    },
  };
  return { source, read };
}

test("safetensors: the header, and nothing else", async () => {
  const entries = Array.from({ length: count }, (_, i) => [
    `layers.${i}.weight`,
    { dtype: "BF16", shape: [1024, 5120], data_offsets: [i * tensorBytes, (i + 1) * tensorBytes] },
  ]);
  const head = safetensorsFile(Object.fromEntries(entries));
  const { source, read } = sparse("a.safetensors", head.length + count * tensorBytes, [[0, head]]);
  expect(source.size).toBeGreaterThan(2e9);
  const { tensors } = await readModel(source, siblings());
  expect(tensors).toHaveLength(count);
  expect(read.bytes).toBe(head.length);
  for await (const piece of tensors[count - 1]!.values()) expect(piece.byteLength).toBeLessThan(2 ** 22);
  expect(read.largest).toBeLessThan(2 ** 20);
});

test("ONNX: the data are skipped", async () => {
  const template = onnxTensorFile({ name: "w", dims: [1024, 2560], raw: new Uint8Array(0) });
  // the last two bytes are the tag and the length of the raw data
  const head = [...template.slice(0, -1), ...varint(tensorBytes)];
  const tensor = Uint8Array.from([0x2a, ...varint(head.length + tensorBytes), ...head]);
  const graphBytes = count * (tensor.length + tensorBytes);
  const start = Uint8Array.from([...onnxFile([]).slice(0, 2), 0x3a, ...varint(graphBytes)]);
  const parts: [number, Uint8Array][] = [[0, start]];
  for (let i = 0; i < count; i++) parts.push([start.length + i * (tensor.length + tensorBytes), tensor]);
  const { source, read } = sparse("a.onnx", start.length + graphBytes, parts);
  expect(source.size).toBeGreaterThan(2e9);
  const { tensors } = await readModel(source, siblings());
  expect(tensors).toHaveLength(count);
  expect(tensors[7]).toMatchObject({ name: "w", shape: [1024, 2560], dtype: "float32" });
  expect(read.bytes).toBeLessThan(count * 2 ** 16);
});
