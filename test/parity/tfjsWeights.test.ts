/** Quantised and plain weights as TensorFlow.js itself decodes them, and as our reader streams them. */
import { io, type Tensor } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { memorySource } from "../../src/engine/formats/byteSource.js";
import { readModel } from "../../src/engine/models/openModel.js";
import { jsonFile, siblings } from "../support/modelFiles.js";

type Specs = io.WeightsManifestEntry[];

const quantised = (dtype: "uint8" | "uint16", scale: number, min: number) => ({ dtype, scale, min });
const specs = [
  { name: "plain", shape: [2, 3], dtype: "float32" },
  { name: "eight", shape: [256], dtype: "float32", quantization: quantised("uint8", 0.1, -12.8) },
  // a zero that rounding makes, or does not
  { name: "odd", shape: [256], dtype: "float32", quantization: quantised("uint8", 0.0037, -0.0037 * 77) },
  { name: "sixteen", shape: [300], dtype: "float32", quantization: quantised("uint16", 0.0001, -3.2768) },
  { name: "whole", shape: [256], dtype: "int32", quantization: quantised("uint8", 0.3, -5) },
  { name: "halves", shape: [500], dtype: "float32", quantization: { dtype: "float16" } },
  { name: "flags", shape: [7], dtype: "bool" },
  { name: "counts", shape: [4], dtype: "int32" },
] as unknown as Specs;
const sizes: Record<string, number> = {
  plain: 24,
  eight: 256,
  odd: 256,
  sixteen: 600,
  whole: 256,
  halves: 1000,
  flags: 7,
  counts: 16,
};

test("every weight decodes to the same values", async () => {
  const bytes = new Uint8Array(Object.values(sizes).reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const { name } of specs) {
    const size = sizes[name]!;
    for (let i = 0; i < size; i++) bytes[at + i] = name === "flags" ? i % 2 : (i * (name === "eight" ? 1 : 37)) & 255;
    at += size;
  }
  const theirs = io.decodeWeights(bytes.buffer, specs) as Record<string, Tensor>;
  const manifest = [{ paths: ["a.bin", "b.bin"], weights: specs }];
  const folder = siblings({ "a.bin": bytes.subarray(0, 333), "b.bin": bytes.subarray(333) });
  const { tensors } = await readModel(memorySource("model.json", jsonFile(manifest)), folder);
  expect(tensors.map(({ name }) => name)).toEqual(specs.map(({ name }) => name));
  for (const { name, values } of tensors) {
    const ours: number[] = [];
    for await (const piece of values()) ours.push(...piece);
    expect(ours, name).toEqual([...theirs[name]!.dataSync()].map(Number));
  }
});
