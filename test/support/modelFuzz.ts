/** Damages model files at random and reads them whole: each has to be read or turned down, whatever was done to it. */

import { compareModels } from "../../src/common/compareModels.js";
import { memorySource, type SiblingFiles } from "../../src/engine/formats/byteSource.js";
import { FormatError } from "../../src/engine/formats/formatError.js";
import { figuresOf, overviewOf } from "../../src/engine/models/inspectModel.js";
import { readModel } from "../../src/engine/models/openModel.js";
import { structuresOf } from "../../src/engine/models/structure.js";
import {
  externalData,
  field,
  floats,
  joined,
  jsonFile,
  npyFile,
  npzFile,
  onnxFile,
  onnxTensorFile,
  safetensorsFile,
  siblings,
} from "./modelFiles.js";

const matrix = npyFile("'<f4'", "(2, 3)", floats(0, 1, 2, -0, 3, 4));
const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const weights = onnxTensorFile({ name: "W", dims: [2, 3], raw: floats(0, 1, 2, 0, 0, 0) });
const typed = onnxTensorFile({ name: "t", dims: [3], type: 6, more: field(5, Uint8Array.of(0, 128, 1, 7)) });
const packedFloats = onnxTensorFile({ name: "b", dims: [2], more: field(4, floats(1, 0)) });
const outside = onnxTensorFile({
  name: "x",
  dims: [2],
  more: externalData({ location: "data.bin", offset: "4", length: "8" }),
});
const nodes = [
  { operation: "Gemm", inputs: ["in", "W", "b"], outputs: ["h"], attributes: { transB: 1 } },
  { operation: "Relu", inputs: ["h"], outputs: ["a"] },
];
const manifest = (weightsManifest: object[]) => ({ format: "layers-model", modelTopology: {}, weightsManifest });
const shards = siblings({ "data.bin": floats(1, 2, 0, 0, 5, 6), "b.bin": Uint8Array.of(0, 1, 2, 3) });

/** Good files of each format. */
const seeds: Record<string, Uint8Array[]> = {
  "a.safetensors": [
    safetensorsFile(
      { __metadata__: { a: "b" }, "l.weight": entry("F32", [2, 2], 0, 16), "l.bias": entry("BF16", [2], 16, 20) },
      joined(floats(0, 1, 0, 0), [0, 0, 1, 1]),
    ),
    safetensorsFile(
      { a: entry("F8_E4M3", [3], 0, 3), b: entry("I64", [1], 3, 11), c: entry("F4", [3], 11, 13) },
      new Uint8Array(13),
    ),
  ],
  "a.npy": [
    matrix,
    npyFile("'>i2'", "(2, 2)", Uint8Array.of(0, 0, 0, 1, 0, 2, 0, 0), { fortran: true }),
    npyFile("[('a', '<f4'), ('b', '<i2')]", "(2,)", new Uint8Array(12), { version: 2 }),
  ],
  "a.npz": [npzFile({ a: matrix, b: npyFile("'|b1'", "()", Uint8Array.of(1)) }), npzFile({ a: matrix }, 0)],
  "a.onnx": [onnxFile([weights, packedFloats], nodes, ["a"]), onnxFile([typed, outside])],
  "a.pb": [weights, typed, packedFloats],
  "model.json": [
    jsonFile(
      manifest([
        {
          paths: ["data.bin"],
          weights: [
            { name: "d/kernel", shape: [2, 2], dtype: "float32" },
            { name: "d/bias", shape: [2], dtype: "float32" },
          ],
        },
      ]),
    ),
    jsonFile([
      {
        paths: ["b.bin"],
        weights: [{ name: "q", shape: [4], dtype: "float32", quantization: { dtype: "uint8", scale: 0.5, min: -1 } }],
      },
    ]),
  ],
};

export const fuzzedFiles = Object.keys(seeds);

/** How the inputs were dealt with. */
export interface FuzzCounts {
  inputs: number;
  read: number;
  turnedDown: number;
}

/**
 * @param name one of fuzzedFiles: it says which reader
 * @throws what a reader should not have thrown, with the input in its message
 */
export async function fuzz(name: string, inputs: number, seed: number): Promise<FuzzCounts> {
  const random = seeded(seed);
  const counts: FuzzCounts = { inputs: 0, read: 0, turnedDown: 0 };
  for (; counts.inputs < inputs; counts.inputs++) {
    const bytes = damaged(seeds[name]!, random);
    try {
      await readWhole(name, bytes, shards);
      counts.read++;
    } catch (error) {
      if (!(error instanceof FormatError))
        throw new Error(`${name} ${Buffer.from(bytes).toString("base64")}: ${(error as Error)?.stack}`);
      counts.turnedDown++;
    }
  }
  return counts;
}

/** Everything that the command line and the editor do with a file. */
export async function readWhole(name: string, bytes: Uint8Array, folder: SiblingFiles): Promise<void> {
  const model = await readModel(memorySource(name, bytes), folder);
  const overview = overviewOf(model);
  for await (const figures of figuresOf(model.tensors, overview.tensors)) {
    if (figures.zeros > figures.nearZero) throw new Error("more zeros than near zeros");
  }
  await structuresOf(model, overview.layers);
  const side = { tensors: overview.tensors.map((tensor) => ({ ...tensor, figures: null })), layers: [] };
  compareModels(side, side);
}

const telling = [0, 1, 2, 127, 128, 255];
const numbers = [
  "0",
  "-1",
  "1e999",
  "4294967296",
  "9007199254740993",
  "0.5",
  "null",
  "[]",
  "{}",
  '"x"',
  '"../x"',
  "18446744073709551615",
];

/** One of the files, with up to four changes. */
export function damaged(files: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (n: number) => Math.floor(random() * n);
  let bytes = Uint8Array.from(files[below(files.length)]!);
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(bytes.length);
    const kind = below(8);
    if (kind === 0) bytes = bytes.slice(0, at);
    else if (kind === 1) bytes = joined(bytes.subarray(0, at), bytes.subarray(at + 1 + below(8))) as typeof bytes;
    else if (kind === 2) bytes = joined(bytes.subarray(0, at), bytes.subarray(below(bytes.length))) as typeof bytes;
    else if (kind === 3) bytes[at] = telling[below(telling.length)]!;
    else if (kind === 4) bytes = withNumber(bytes, numbers[below(numbers.length)]!, random);
    else if (kind === 5) bytes.fill(255, at, at + below(9));
    else bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
  }
  return bytes;
}

/** One of the numbers in a text, replaced. */
function withNumber(bytes: Uint8Array, number: string, random: () => number): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(bytes).toString("latin1");
  const found = [...text.matchAll(/\d+/g)];
  const match = found[Math.floor(random() * found.length)];
  if (!match) return Uint8Array.from(bytes);
  const changed = text.slice(0, match.index) + number + text.slice(match.index + match[0].length);
  return Uint8Array.from(Buffer.from(changed, "latin1"));
}

/** mulberry32: a run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
