/** Whole files of every format, with golden counts, and what hostile ones come to. */
import { zipSync } from "fflate";
import { expect, test } from "vitest";
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
  varint,
} from "../../../test/support/modelFiles.js";
import { memorySource, type SiblingFiles } from "../formats/byteSource.js";
import { FormatError } from "../formats/formatError.js";
import { figuresOf, overviewOf } from "./inspectModel.js";
import { readModel } from "./openModel.js";

async function inspect(name: string, bytes: Uint8Array, folder: SiblingFiles = siblings()) {
  const model = await readModel(memorySource(name, bytes), folder);
  const { tensors } = overviewOf(model);
  const rows = [];
  for await (const figures of figuresOf(model.tensors, tensors)) rows.push({ ...tensors[rows.length]!, ...figures });
  return rows;
}

const counts = (rows: Awaited<ReturnType<typeof inspect>>) =>
  rows.map(({ name, dtype, shape, zeros, deadRows, deadColumns }) => [
    name,
    dtype,
    shape,
    zeros,
    deadRows,
    deadColumns,
  ]);

async function refusal(name: string, bytes: Uint8Array, folder: SiblingFiles = siblings()): Promise<FormatError> {
  const error = await inspect(name, bytes, folder).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(FormatError);
  return error as FormatError;
}

const entry = (dtype: string, shape: readonly number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

test("safetensors: −0 is a zero, NaN is not; rows and columns of matrices only", async () => {
  const data = floats(0, 1, -0, Number.NaN, 0, -0, 0, 0);
  const file = safetensorsFile({ m: entry("F32", [4, 2], 0, 32) }, data);
  expect(counts(await inspect("a.safetensors", file))).toEqual([["m", "float32", [4, 2], 6, 2, 1]]);
  const flat = safetensorsFile({ v: entry("F32", [8], 0, 32) }, data);
  expect(counts(await inspect("a.safetensors", flat))).toEqual([["v", "float32", [8], 6, null, null]]);
});

test.each([
  ["F16", 2, [0, 0, 0, 0x80, 1, 0, 0, 0x7e], 2],
  ["BF16", 2, [0, 0, 0, 0x80, 1, 0, 0xc0, 0x7f], 2],
  ["F8_E4M3", 1, [0, 0x80, 1, 0x7f], 2],
  ["F8_E5M2", 1, [0, 0x80, 1, 0x7d], 2],
  ["F8_E4M3FNUZ", 1, [0, 0x80, 1, 0], 2], // 0x80 is its NaN
  ["I8", 1, [0, 0x80, 1, 0], 2],
  ["BOOL", 1, [0, 1, 2, 0], 2],
  ["I64", 8, [...new Array(8).fill(0), 0, 0, 0, 0, 0, 0, 0, 0x80, ...new Array(8).fill(0), 1, 0, 0, 0, 0, 0, 0, 0], 2],
  ["C64", 8, [...floats(0, -0, 0, 1, 1, 0, Number.NaN, 0)], 1],
  ["F8_E8M0", 1, [0, 0x80, 1, 255], 0],
])("%s", async (dtype, size, bytes, zeros) => {
  const file = safetensorsFile({ t: entry(dtype, [4], 0, 4 * size) }, Uint8Array.from(bytes));
  expect((await inspect("a.safetensors", file))[0]).toMatchObject({ zeros, elements: 4 });
});

test("two four-bit numbers a byte, the lower first, the last one alone", async () => {
  const file = safetensorsFile({ t: entry("F4", [3], 0, 2) }, Uint8Array.of(0x80, 0x02));
  expect((await inspect("a.safetensors", file))[0]).toMatchObject({ zeros: 2, elements: 3, max: 1 });
});

test("figures: near zero includes zeros, the norm leaves out what is not finite, the histogram is by powers of two", async () => {
  const data = floats(0, 0.0005, 3, -4, Number.POSITIVE_INFINITY, Number.NaN);
  const [row] = await inspect("a.safetensors", safetensorsFile({ v: entry("F32", [6], 0, 24) }, data));
  expect(row).toMatchObject({ zeros: 1, nearZero: 2, notNumbers: 1, infinite: 1, min: -4, max: 3 });
  expect(row?.norm).toBeCloseTo(5, 6);
  expect(row?.histogram).toEqual({
    negative: [[2, 1]],
    positive: [
      [-11, 1],
      [1, 1],
    ],
  });
});

test("groups of four lie along the inputs: PyTorch's last axis, a kernel's first", async () => {
  const data = floats(0, 0, 1, 1, 0, 1, 1, 1);
  const torch = safetensorsFile({ "l.weight": entry("F32", [2, 4], 0, 32) }, data);
  expect((await inspect("a.safetensors", torch))[0]).toMatchObject({ groupsOfFour: [0, 1, 1, 0, 0], role: "weight" });
  const kernel = safetensorsFile({ "l.kernel": entry("F32", [4, 2], 0, 32) }, data);
  expect((await inspect("a.safetensors", kernel))[0]).toMatchObject({ groupsOfFour: [0, 1, 1, 0, 0] });
  const conv = safetensorsFile({ "c.weight": entry("F32", [1, 4, 2], 0, 32) }, data);
  expect((await inspect("a.safetensors", conv))[0]).toMatchObject({ groupsOfFour: [0, 1, 1, 0, 0] });
});

test("npy in Fortran's order: rows stay rows", async () => {
  const columns = floats(0, 0, 1, 0, 0, 0); // [[0, 1, 0], [0, 0, 0]]
  const rows = await inspect("a.npy", npyFile("'<f4'", "(2, 3)", columns, { fortran: true }));
  expect(counts(rows)).toEqual([["a", "float32", [2, 3], 5, 1, 2]]);
});

test("npy and npz: big-endian, scalars, texts and records", async () => {
  const big = npyFile("'>f4'", "(2,)", Uint8Array.of(0x80, 0, 0, 0, 0x3f, 0x80, 0, 0), { version: 3 });
  const scalar = npyFile("'<f8'", "()", new Uint8Array(8));
  const record = npyFile("[('a', '<f4'), ('b', '<i2')]", "(2,)", new Uint8Array(12), { version: 2 });
  const rows = await inspect(
    "a.npz",
    npzFile({ big, scalar, text: npyFile("'<U1'", "(1,)", new Uint8Array(4)), record }),
  );
  expect(counts(rows)).toEqual([
    ["big", "float32", [2], 1, null, null],
    ["scalar", "float64", [], 1, null, null],
    ["text", "string", [1], 0, null, null],
    ["record", "other", [2], 0, null, null],
  ]);
  expect(rows.map(({ counted }) => counted)).toEqual([true, true, false, false]);
});

test("ONNX: raw, typed packed and unpacked, and external data", async () => {
  const raw = onnxTensorFile({ name: "raw", dims: [2, 2], raw: floats(0, 1, 0, 0) });
  const packed = onnxTensorFile({ name: "packed", dims: [3], type: 3, more: field(5, Uint8Array.of(0, 1, 0)) });
  const negative = onnxTensorFile({ name: "negative", dims: [2], type: 3, more: joined(field(5, -1n), field(5, 0)) });
  const half = onnxTensorFile({ name: "half", dims: [2], type: 10, more: field(5, Uint8Array.of(0, 0x80, 0x80, 2)) });
  const outside = onnxTensorFile({
    name: "outside",
    dims: [2],
    more: externalData({ location: "./w/data.bin", offset: "4", length: "8" }),
  });
  const folder = siblings({ "w/data.bin": floats(5, 0, 1) });
  expect(counts(await inspect("a.onnx", onnxFile([raw, packed, negative, half, outside]), folder))).toEqual([
    ["raw", "float32", [2, 2], 3, 1, 1],
    ["packed", "int8", [3], 2, null, null],
    ["negative", "int8", [2], 1, null, null],
    ["half", "float16", [2], 2, null, null],
    ["outside", "float32", [2], 1, null, null],
  ]);
});

test("ONNX: what the graph dequantises counts as dequantised: by tensor, along an axis, in blocks", async () => {
  const q = onnxTensorFile({ name: "q", dims: [2, 4], type: 2, raw: Uint8Array.of(128, 0, 128, 1, 3, 128, 3, 3) });
  const scale = (name: string, n: number) =>
    onnxTensorFile({ name, dims: n === 1 ? [] : [n], raw: floats(...new Array(n).fill(0.5)) });
  const zero = (dims: number[], ...values: number[]) =>
    onnxTensorFile({ name: "z", dims, type: 2, raw: Uint8Array.from(values) });
  const file = (s: Uint8Array, z: Uint8Array, attributes: Record<string, number>) =>
    onnxFile([q, s, z], [{ operation: "DequantizeLinear", inputs: ["q", "s", "z"], outputs: ["w"], attributes }]);
  const zeros = async (bytes: Uint8Array) => (await inspect("a.onnx", bytes))[0]?.zeros;
  expect(await zeros(file(scale("s", 1), zero([], 128), {}))).toBe(3);
  expect(await zeros(file(scale("s", 2), zero([2], 128, 3), { axis: 0 }))).toBe(5);
  const blocks = onnxTensorFile({ name: "s", dims: [2, 2], raw: floats(1, 1, 1, 1) });
  expect(await zeros(file(blocks, zero([2, 2], 0, 1, 128, 3), { axis: 1, block_size: 2 }))).toBe(1 + 1 + 1 + 2);
  expect(await zeros(onnxFile([q]))).toBe(1);
});

test("TensorFlow.js: shards, quantised to whole numbers and to halves, after texts, and a bare manifest", async () => {
  const weights = [
    { name: "d/kernel", shape: [2, 2], dtype: "float32", quantization: { dtype: "uint8", scale: 0.1, min: -0.2 } },
    { name: "text", shape: [2], dtype: "string" },
    { name: "d/bias", shape: [2], dtype: "float32", quantization: { dtype: "float16" } },
    { name: "flag", shape: [1], dtype: "bool" },
  ];
  const bytes = joined([0, 2, 2, 255], [1, 0, 0, 0, 65, 0, 0, 0, 0], [0, 0, 0, 0x3c], [0]);
  const folder = siblings({ "1.bin": bytes.subarray(0, 3), "2.bin": bytes.subarray(3) });
  const manifest = [{ paths: ["1.bin", "2.bin"], weights }];
  const expected = [
    ["d/kernel", "float32", [2, 2], 2, 0, 0],
    ["text", "string", [2], 0, null, null],
    ["d/bias", "float32", [2], 1, null, null],
    ["flag", "bool", [1], 1, null, null],
  ];
  expect(counts(await inspect("model.json", jsonFile({ weightsManifest: manifest }), folder))).toEqual(expected);
  expect(counts(await inspect("weights_manifest.json", jsonFile(manifest), folder))).toEqual(expected);
});

test("biases, norms and embeddings are told from weights", async () => {
  const names = [
    "h.0.mlp.weight",
    "h.0.mlp.bias",
    "ln_f.weight",
    "wte.weight",
    "model.embed_tokens.weight",
    "bn1.running_mean",
  ];
  const shapes = [[2, 2], [2], [2], [2, 2], [2, 2], [2]];
  let at = 0;
  const header = Object.fromEntries(
    names.map((name, i) => {
      const bytes = 4 * shapes[i]!.reduce((a, b) => a * b, 1);
      at += bytes;
      return [name, entry("F32", shapes[i]!, at - bytes, at)];
    }),
  );
  const rows = await inspect("a.safetensors", safetensorsFile(header, new Uint8Array(at)));
  expect(rows.map(({ role }) => role)).toEqual(["weight", "bias", "norm", "embedding", "embedding", "norm"]);
});

const matrix = npyFile("'<f4'", "(2, 2)", floats(1, 2, 3, 4));
const good: [string, Uint8Array][] = [
  ["a.safetensors", safetensorsFile({ a: entry("F32", [2], 0, 8) }, floats(1, 2))],
  ["a.npy", matrix],
  ["a.npz", npzFile({ a: matrix })],
  ["a.onnx", onnxFile([onnxTensorFile({ name: "a", dims: [2], raw: floats(1, 2) })])],
  ["a.pb", onnxTensorFile({ name: "a", dims: [2], raw: floats(1, 2) })],
];

test.each(good)("%s, cut off at every byte, is turned down or lists nothing that is not there", async (name, bytes) => {
  expect(await inspect(name, bytes)).toHaveLength(1);
  let turnedDown = 0;
  for (let length = 0; length < bytes.length; length++) {
    const read = await inspect(name, bytes.slice(0, length)).catch((error: unknown) => {
      expect(error).toBeInstanceOf(FormatError);
      turnedDown++;
      return [];
    });
    for (const { elements, zeros } of read) expect([elements, zeros]).not.toEqual([2, 2]);
  }
  // what follows the last tensor of a protobuf may be missing without harm
  expect(turnedDown).toBeGreaterThan(0.8 * bytes.length);
});

test.each([
  ["a header of 2⁶³ bytes", "a.safetensors", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b), "truncated"],
  [
    "overlapping tensors",
    "a.safetensors",
    safetensorsFile({ a: entry("U8", [2], 0, 2), b: entry("U8", [2], 1, 3) }, new Uint8Array(3)),
    "badOffsets",
  ],
  [
    "a shape that overflows",
    "a.safetensors",
    safetensorsFile({ a: entry("U8", [2 ** 40, 2 ** 40, 0], 0, 0) }),
    "badShape",
  ],
  ["deep JSON", "a.safetensors", safetensorsFile("[".repeat(1e6)), "jsonTooLarge"],
  ["10⁶ tensors", "a.safetensors", safetensorsFile(`{${'"a":{},'.repeat(1e6)}"b":{}}`), "tooManyTensors"],
  ["deep JSON in a model.json", "model.json", new TextEncoder().encode("[".repeat(1e6)), "jsonTooLarge"],
  ["JSON without weights", "model.json", jsonFile({ a: 1 }), "noManifest"],
  ["a negative size", "a.onnx", onnxFile([onnxTensorFile({ name: "a", dims: [-1n], raw: floats(1) })]), "badShape"],
  [
    "sizes that overflow",
    "a.onnx",
    onnxFile([onnxTensorFile({ name: "a", dims: [2n ** 32n, 2n ** 32n] })]),
    "badShape",
  ],
  [
    "more than it holds",
    "a.onnx",
    onnxFile([onnxTensorFile({ name: "a", dims: [2 ** 30], raw: floats(1) })]),
    "wrongSize",
  ],
  [
    "an unknown type",
    "a.onnx",
    onnxFile([onnxTensorFile({ name: "a", dims: [1], type: 99, raw: floats(1) })]),
    "unknownType",
  ],
  ["no graph", "a.onnx", field(1, 8), "noGraph"],
  ["nothing", "a.onnx", new Uint8Array(), "noGraph"],
  ["groups in groups", "a.onnx", new Uint8Array(1e6).fill(0x0b), "badProtobuf"],
  ["a pickle", "a.npy", npyFile("'|O'", "(1,)", new Uint8Array(4)), null],
  ["a header in other words", "a.npy", npyFile("__import__('os')", "(1,)", new Uint8Array(4)), "badNpy"],
  ["a shape of text", "a.npy", npyFile("'<f4'", "('x',)", new Uint8Array(4)), "badNpy"],
  [
    "a shape that overflows npy",
    "a.npy",
    npyFile("'<f4'", "(9007199254740993, 9007199254740993)", new Uint8Array(4)),
    "badShape",
  ],
  ["an index of shards", "model.safetensors.index.json", jsonFile({ weight_map: { a: "b.safetensors" } }), "isIndex"],
  ["an archive of something else", "a.pt", zipSync({ "archive/data.pkl": new Uint8Array(3) }), "unknownFormat"],
  ["what is no model", "a.txt", new TextEncoder().encode("hello"), "unknownFormat"],
])("%s", async (_, name, bytes, code) => {
  if (code === null) expect((await inspect(name, bytes))[0]).toMatchObject({ counted: false });
  else expect((await refusal(name, bytes)).code).toBe(code);
});

test.each(["../x", "/etc/passwd", "a/../../x", "..\\x", "http://x/y", "C:\\x", "", "a\0b"])(
  "a path that leaves the folder is not opened: %j",
  async (location) => {
    const opened: string[] = [];
    const folder: SiblingFiles = { open: async (path) => Promise.reject(new Error(String(opened.push(path)))) };
    const tensor = onnxTensorFile({ name: "a", dims: [1], more: externalData({ location }) });
    expect((await refusal("a.onnx", onnxFile([tensor]), folder)).code).toBe("pathOutside");
    const manifest = [{ paths: [location], weights: [{ name: "a", shape: [1], dtype: "float32" }] }];
    expect((await refusal("model.json", jsonFile(manifest), folder)).code).toBe("pathOutside");
    expect(opened).toEqual([]);
  },
);

test("zip bombs: an entry that states more than its bytes can be, one that unpacks to more, and entries within each other", async () => {
  const zeros = npyFile("'|u1'", "(1000000,)", new Uint8Array(1_000_000));
  const honest = npzFile({ a: zeros });
  expect((await inspect("a.npz", honest))[0]).toMatchObject({ zeros: 1_000_000 });
  const central = Buffer.from(honest).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  const stating = (bytes: number) => {
    const changed = honest.slice();
    new DataView(changed.buffer).setUint32(central + 24, bytes, true);
    return changed;
  };
  expect((await refusal("a.npz", stating(4_000_000_000))).code).toBe("zipBomb");
  expect((await refusal("a.npz", stating(100))).code).toMatch(/zipBomb|truncated|wrongSize/);
  const twice = npzFile({ a: matrix, b: matrix }, 0);
  const second = Buffer.from(twice).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  new DataView(twice.buffer, twice.byteOffset).setUint32(second + 42, 0, true);
  expect((await refusal("a.npz", twice)).code).toBe("badOffsets");
});

test("10⁶ initialisers end in an error, not in memory", async () => {
  const tensor = field(5, onnxTensorFile({ name: "a", dims: [0] }));
  const graph = new Uint8Array(tensor.length * 1_000_000);
  for (let at = 0; at < graph.length; at += tensor.length) graph.set(tensor, at);
  const file = joined(field(1, 8), [58], varint(graph.length), graph);
  expect((await refusal("a.onnx", file)).code).toBe("tooManyTensors");
});
