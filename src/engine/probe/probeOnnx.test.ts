import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { dist } from "../../../test/support/kernelModule.js";
import {
  externalData,
  field,
  floats,
  type InputParts,
  joined,
  type NodeParts,
  onnxFile,
  onnxTensorFile,
} from "../../../test/support/modelFiles.js";
import { experimentSchema } from "../../common/experiment.js";
import type { ExampleSet } from "../data/dataset.js";
import { openModel } from "../models/openModel.js";
import { Random } from "../network/random.js";
import { denseNetworkOf } from "./denseNetwork.js";
import { probeDense } from "./probeDense.js";
import { probeEvaluation } from "./probed.js";
import { probeOnnx } from "./probeOnnx.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-onnx-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const { evaluation: thresholds, network: anyNetwork } = experimentSchema.parse({
  dataset: { name: "mnist-sample" },
  network: { hidden: [1] },
  training: { learningRate: 1, epochs: 1 },
});

interface Case {
  tensors?: Uint8Array[];
  nodes: NodeParts[];
  output: string;
  input?: InputParts["shape"];
  type?: number;
  inputs?: InputParts[];
}

let files = 0;
function write({ tensors = [], nodes, output, input = [], type, inputs }: Case): string {
  const file = path.join(folder, `${++files}.onnx`);
  fs.writeFileSync(file, onnxFile(tensors, nodes, [output], inputs ?? [{ name: "x", shape: input, type }]));
  return file;
}

/** Examples of small whole numbers, on which no arithmetic rounds. */
function examples(values: number[][], labels: number[] = values.map(() => 0)): ExampleSet {
  const inputs = { kind: "floats" as const, values: Float32Array.from(values.flat()) };
  return { name: "valid", n: values.length, inputs, labels: Uint8Array.from(labels) };
}

interface Data {
  set: ExampleSet;
  imageShape?: [number, number];
  dimension?: number;
  classes?: number;
}

async function probed(file: string, { set, imageShape, classes = 10, ...more }: Data, told: number[] = []) {
  const model = await openModel(file);
  try {
    const dimension = more.dimension ?? (set.inputs.kind === "floats" ? set.inputs.values.length / set.n : 0);
    const dataset = { dimension, classes, imageShape: imageShape ?? null };
    const probe = await probeOnnx(file, model, dataset, set, dist, (done) => told.push(done));
    return { ...probe, evaluation: probeEvaluation(set, probe.layers, probe.answers, thresholds) };
  } finally {
    await model.close();
  }
}

const relu = (from: string, to: string): NodeParts => ({ operation: "Relu", inputs: [from], outputs: [to] });
const images: [number, number] = [2, 2];
const two = [
  [1, 2, -3, 0],
  [-1, 0, 0, 5],
];
const convolution = (input: InputParts["shape"], reshape: NodeParts[] = []): Case => ({
  tensors: [
    onnxTensorFile({ name: "k", dims: [3, 1, 1, 1], raw: floats(1, -1, 0) }),
    onnxTensorFile({ name: "b", dims: [3], raw: floats(0, 0, -1) }),
    onnxTensorFile({ name: "to", dims: [4], type: 7, raw: new Uint8Array(BigInt64Array.of(-1n, 1n, 2n, 2n).buffer) }),
  ],
  nodes: [
    ...reshape,
    { operation: "Conv", inputs: [reshape.length > 0 ? "r" : "x", "k", "b"], outputs: ["c"] },
    relu("c", "h"),
    { operation: "GlobalAveragePool", inputs: ["h"], outputs: ["p"] },
    { operation: "Flatten", inputs: ["p"], outputs: ["y"] },
  ],
  output: "y",
  input,
});

describe("a convolution of three channels: x, −x and a dead one", () => {
  test("a unit is a channel, and every position of every example counts", async () => {
    const { layers, evaluation, answers, inputShape, leftOut } = await probed(write(convolution(["N", 1, 2, 2])), {
      set: examples(two, [1, 0]),
      imageShape: images,
      classes: 3,
    });
    expect(inputShape).toEqual([1, 2, 2]);
    expect(leftOut).toEqual([]);
    const [{ statistics, activation, weightNorm }] = layers as [(typeof layers)[0]];
    expect(activation).toBe("relu");
    expect(weightNorm).toBeCloseTo(Math.SQRT2, 12);
    expect(statistics.n).toBe(8);
    expect([...statistics.firings]).toEqual([3, 2, 0]);
    expect([...statistics.sums]).toEqual([8, 4, 0]);
    expect([...statistics.maxima]).toEqual([5, 3, 0]);
    expect([...statistics.activeHistogram]).toEqual([3, 5, 0, 0]);
    expect(evaluation.layers[0]).toEqual({
      sparsity: 19 / 24,
      nearZero: null,
      dead: 1,
      dying: null,
      dormant: 1,
      rare: null,
      alwaysOn: 0,
      activeUnits: { mean: 5 / 8, p10: 0, p50: 1, p90: 1 },
      meanActivation: 0.5,
      weightNorm,
      gradientNorm: null,
      updateRatio: null,
    });
    // means of the channels: (¾, ¾, 0) and (1¼, ¼, 0); the first of two equal ones is taken
    expect(answers.errors).toBe(1);
    const loss = (logits: number[], label: number) =>
      Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[label]!;
    expect(answers.lossSum).toBeCloseTo(loss([0.75, 0.75, 0], 1) + loss([1.25, 0.25, 0], 0), 6);
  });

  test.each([
    ["2 × 2 × 1, as TensorFlow has it", ["N", 2, 2, 1], [2, 2, 1]],
    ["4 numbers", [null, 4], [4]],
    ["sizes that are open", ["N", 1, null, "width"], [1, 2, 2]],
    ["one example at a time", [1, 1, 2, 2], [1, 2, 2]],
  ] as const)("%s: the same numbers in another shape", async (_, input, inputShape) => {
    const reshape = { operation: "Reshape", inputs: ["x", "to"], outputs: ["r"] };
    const found = await probed(write(convolution(input, [reshape])), { set: examples(two), imageShape: images });
    expect(found.inputShape).toEqual(inputShape);
    expect([...found.layers[0]!.statistics.firings]).toEqual([3, 2, 0]);
  });

  test.each([
    ["any number of examples", "N"],
    ["seven at a time, the last batch filled up", 7],
    ["one at a time", 1],
  ])("%s: all are counted once, in order", async (_, size) => {
    const random = Random.stream(3, "probe");
    const values = Array.from({ length: 250 }, () => Array.from({ length: 4 }, () => random.below(9) - 4));
    const told: number[] = [];
    const { layers } = await probed(
      write(convolution([size, 1, 2, 2])),
      { set: examples(values), imageShape: images },
      told,
    );
    const { statistics } = layers[0]!;
    expect(statistics.n).toBe(1000);
    const count = (fires: (value: number) => boolean) => values.flat().filter(fires).length;
    expect([...statistics.firings]).toEqual([count((v) => v > 0), count((v) => v < 0), 0]);
    expect(told.at(-1)).toBe(250);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });
});

/** x·W + b, then something, then V. */
function dense(operation: string, more: string[] = [], tensors: Uint8Array[] = [], after: NodeParts[] = []): Case {
  return {
    tensors: [
      onnxTensorFile({ name: "W", dims: [2, 3], raw: floats(1, 0, 8, 0, 1, 0) }),
      onnxTensorFile({ name: "V", dims: [3, 2], raw: floats(1, 0, 0, 1, 0, 0) }),
      ...tensors,
    ],
    nodes: [
      { operation: "MatMul", inputs: ["x", "W"], outputs: ["a"] },
      { operation, inputs: ["a", ...more], outputs: ["h"] },
      ...after,
      { operation: "MatMul", inputs: [after.at(-1)?.outputs[0] ?? "h", "V"], outputs: ["y"] },
    ],
    output: "y",
    input: ["N", 2],
  };
}

describe("activations", () => {
  const set = examples([
    [-1, 2],
    [1, 0],
    [0.5, 9],
  ]);
  const scalar = (name: string, value: number) => onnxTensorFile({ name, dims: [], raw: floats(value) });

  test("a Clip from 0 on has exact zeros, another has none", async () => {
    const rectified = await probed(write(dense("Clip", ["low", "high"], [scalar("low", 0), scalar("high", 6)])), {
      set,
    });
    expect(rectified.layers[0]).toMatchObject({ activation: "clip", exact: true });
    expect([...rectified.layers[0]!.statistics.firings]).toEqual([2, 2, 2]);
    expect([...rectified.layers[0]!.statistics.maxima]).toEqual([1, 6, 6]);
    const other = await probed(write(dense("Clip", ["low", "high"], [scalar("low", -1), scalar("high", 6)])), { set });
    expect(other.evaluation.layers[0]).toMatchObject({ sparsity: null, dead: null, nearZero: 1 / 9 });
  });

  test.each([
    ["LeakyRelu", "leaky relu", (x: number) => (x < 0 ? 0.01 * x : x)],
    ["Tanh", "tanh", Math.tanh],
    ["Sigmoid", "sigmoid", (x: number) => 1 / (1 + Math.exp(-x))],
    ["Softplus", "softplus", (x: number) => Math.log1p(Math.exp(x))],
    ["Elu", "elu", (x: number) => (x < 0 ? Math.expm1(x) : x)],
  ])("%s has none, and its outputs are the formula's", async (operation, activation, formula) => {
    const { layers, evaluation } = await probed(write(dense(operation)), { set });
    expect(layers[0]).toMatchObject({ activation, exact: false });
    const inputs = [
      [-1, 1, 0.5],
      [2, 0, 9],
      [-8, 8, 4],
    ];
    inputs.forEach((unit, j) => {
      const sum = unit.map(formula).reduce((a, b) => a + b, 0);
      expect(layers[0]!.statistics.sums[j]).toBeCloseTo(sum, 4);
    });
    expect(evaluation.layers[0]).toMatchObject({ sparsity: null, dead: null, rare: null, alwaysOn: null });
  });

  test("x × sigmoid(x) is one activation", async () => {
    const swish = dense("Sigmoid", [], [], [{ operation: "Mul", inputs: ["a", "h"], outputs: ["s"] }]);
    const { layers } = await probed(write(swish), { set });
    expect(layers.map(({ activation }) => activation)).toEqual(["silu"]);
    expect(layers[0]!.statistics.maxima[1]).toBeCloseTo(9, 2);
  });

  test("places in a sequence are positions, and units the columns", async () => {
    const { layers, inputShape } = await probed(
      write({
        tensors: [onnxTensorFile({ name: "W", dims: [2, 3], raw: floats(1, -1, 0, 0, 0, 0) })],
        nodes: [{ operation: "MatMul", inputs: ["x", "W"], outputs: ["a"] }, relu("a", "h")],
        output: "h",
        input: ["N", 2, 2],
      }),
      { set: examples(two), imageShape: images },
    );
    expect(inputShape).toEqual([2, 2]);
    expect(layers[0]!.statistics.n).toBe(4);
    expect([...layers[0]!.statistics.firings]).toEqual([1, 2, 0]);
  });

  test("what is not ordered by examples is left out, and said", async () => {
    const model = dense("Relu");
    const nodes: NodeParts[] = [
      ...model.nodes,
      { operation: "ReduceSum", inputs: ["a"], outputs: ["t"], attributes: { keepdims: 0 } },
      relu("t", "u"),
    ];
    const { layers, leftOut } = await probed(write({ ...model, nodes }), { set });
    expect(layers.map(({ name }) => name)).toEqual(["h"]);
    expect(leftOut).toEqual([{ name: "u", reason: "its outputs of shape [] are not ordered by examples" }]);
  });

  test("an output that is an activation itself; probabilities; float64", async () => {
    const model = dense("Relu", [], [], []);
    const last: NodeParts = { operation: "Softmax", inputs: ["y"], outputs: ["z"] };
    const { answers } = await probed(write({ ...model, nodes: [...model.nodes, last], output: "z" }), {
      set,
      classes: 2,
    });
    // logits (0, 2), (1, 0), (½, 9), and all labels are the first class
    expect(answers.errors).toBe(2);
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    expect(answers.lossSum).toBeCloseTo(softplus(2) + softplus(-1) + softplus(8.5), 4);
    const ends = await probed(write({ ...model, nodes: model.nodes.slice(0, 2), output: "h" }), { set, classes: 3 });
    expect([...ends.layers[0]!.statistics.firings]).toEqual([2, 2, 2]);
    expect(ends.answers).toMatchObject({ lossSum: null, errors: 3 });
    const doubles = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
    const double = await probed(
      write({
        tensors: [onnxTensorFile({ name: "W", dims: [2, 1], type: 11, raw: doubles(1, 0) })],
        nodes: [{ operation: "MatMul", inputs: ["x", "W"], outputs: ["a"] }, relu("a", "h")],
        output: "h",
        input: ["N", 2],
        type: 11,
      }),
      { set },
    );
    expect([...double.layers[0]!.statistics.firings]).toEqual([2]);
  });
});

test("external data come from the model's folder", async () => {
  const model = dense("Relu");
  fs.writeFileSync(path.join(folder, "w.bin"), floats(-1, 0, 8, 0, 1, 0));
  const outside = onnxTensorFile({ name: "W", dims: [2, 3], more: externalData({ location: "w.bin" }) });
  const file = write({ ...model, tensors: [outside, ...model.tensors!.slice(1)] });
  const { layers } = await probed(file, { set: examples([[-1, 0]]) });
  expect([...layers[0]!.statistics.firings]).toEqual([1, 0, 0]);
});

describe("the engine that trains and ONNX Runtime", () => {
  function mlp(random: () => number): Case {
    const sizes = [36, 50, 30, 10];
    const layers = sizes.slice(1).map((units, l) => ({ inputs: sizes[l]!, units }));
    return {
      tensors: layers.flatMap(({ inputs, units }, l) => [
        onnxTensorFile({
          name: `W${l}`,
          dims: [inputs, units],
          raw: floats(...Array.from({ length: inputs * units }, random)),
        }),
        onnxTensorFile({ name: `b${l}`, dims: [units], raw: floats(...Array.from({ length: units }, random)) }),
      ]),
      nodes: layers.flatMap((_, l) => [
        { operation: "Gemm", inputs: [l === 0 ? "x" : `h${l - 1}`, `W${l}`, `b${l}`], outputs: [`a${l}`] },
        ...(l < 2 ? [relu(`a${l}`, `h${l}`)] : []),
      ]),
      output: "a2",
      input: ["N", 36],
    };
  }
  async function both(file: string, set: ExampleSet) {
    const model = await openModel(file);
    const network = denseNetworkOf(model, anyNetwork);
    if ("why" in network) throw new Error(network.why);
    const own = await probeDense(file, model, network, { dimension: 36, classes: 10 }, set, dist, () => {});
    await model.close();
    return { own, other: await probed(file, { set }) };
  }

  test("agree exactly where nothing rounds", async () => {
    const random = Random.stream(5, "whole");
    const file = write(mlp(() => random.below(7) - 3));
    const values = Array.from({ length: 333 }, () => Array.from({ length: 36 }, () => random.below(5) - 2));
    const { own, other } = await both(
      file,
      examples(
        values,
        values.map(() => random.below(10)),
      ),
    );
    for (const [l, { statistics, weightNorm }] of own.layers.entries()) {
      const { statistics: same, weightNorm: norm } = other.layers[l]!;
      expect(same).toEqual(statistics);
      expect(norm).toBeCloseTo(weightNorm!, 4);
    }
    expect(other.answers.errors).toBe(own.answers.errors);
  });

  test("and to one output in a thousand where sums round", async () => {
    const random = Random.stream(6, "rounded");
    const file = write(mlp(() => (random.uniform() - 0.5) / 2));
    const values = Array.from({ length: 500 }, () => Array.from({ length: 36 }, () => random.uniform()));
    const { own, other } = await both(
      file,
      examples(
        values,
        values.map(() => random.below(10)),
      ),
    );
    for (const [l, { statistics }] of own.layers.entries()) {
      const off = statistics.firings.reduce(
        (sum, count, j) => sum + Math.abs(count - other.layers[l]!.statistics.firings[j]!),
        0,
      );
      expect(off).toBeLessThanOrEqual((500 * statistics.units) / 1000);
      statistics.sums.forEach((sum, j) => {
        expect(other.layers[l]!.statistics.sums[j]! / 500).toBeCloseTo(sum / 500, 5);
      });
    }
    expect(other.answers.lossSum! / 500).toBeCloseTo(own.answers.lossSum! / 500, 4);
  });
});

describe("what cannot be probed: the model, what it wants, what it is given, and what to do", () => {
  const set = examples(two);
  const data = { set, imageShape: images };
  const failing: [string, string, Case, string, RegExp][] = [
    [
      "another size",
      "inputShape",
      convolution(["N", 1, 3, 3]),
      "x",
      /\[N, 1, 3, 3\] as its input "x".*4 numbers \(2 × 2\).*Name a config/,
    ],
    ["colours", "inputShape", convolution(["N", 3, 2, 2]), "x", /\[N, 3, 2, 2\]/],
    [
      "a shape that could be read in two ways",
      "inputShape",
      convolution(["N", null, null, null]),
      "x",
      /sizes of its input fixed/,
    ],
    [
      "whole numbers",
      "inputShape",
      {
        nodes: [{ operation: "Cast", inputs: ["x"], outputs: ["a"], attributes: { to: 1 } }, relu("a", "h")],
        output: "h",
        input: ["N", 4],
        type: 7,
      },
      "x",
      /wants int64/,
    ],
    [
      "two inputs",
      "inputShape",
      {
        nodes: [{ operation: "Add", inputs: ["x", "z"], outputs: ["a"] }, relu("a", "h")],
        output: "h",
        inputs: [
          { name: "x", shape: ["N", 4] },
          { name: "z", shape: ["N", 4] },
        ],
      },
      "x,z",
      /takes 2 inputs \("x", "z"\)/,
    ],
    [
      "no activations",
      "noActivations",
      { nodes: [{ operation: "Neg", inputs: ["x"], outputs: ["y"] }], output: "y", input: ["N", 4] },
      "",
      /Relu or Tanh/,
    ],
  ];
  test.each(failing)("%s", async (_, code, model, key, message) => {
    const file = write(model);
    const error = await probed(file, data).catch((error: unknown) => error);
    expect(error).toMatchObject({ code, input: true, file, message: expect.stringMatching(message) });
    if (key) expect(error).toMatchObject({ key });
  });

  test("operations that do not exist, graphs that do not fit together, weights that are no numbers", async () => {
    const unknown = write({
      nodes: [{ operation: "Frobnicate", inputs: ["x"], outputs: ["a"] }, relu("a", "h")],
      output: "h",
      input: ["N", 4],
    });
    await expect(probed(unknown, data)).rejects.toMatchObject({
      code: "runtime",
      input: true,
      message: expect.stringMatching(/Frobnicate/),
    });
    const misfit = write({ ...dense("Relu"), input: ["N", 4] });
    await expect(probed(misfit, data)).rejects.toMatchObject({ code: "runtime" });
    const nan = write({
      ...dense("Relu"),
      tensors: [
        onnxTensorFile({ name: "W", dims: [2, 3], raw: floats(Number.NaN, 0, 0, 0, 0, 0) }),
        onnxTensorFile({ name: "V", dims: [3, 2], raw: floats(0, 0, 0, 0, 0, 0) }),
      ],
    });
    await expect(probed(nan, { set: examples([[1, 1]]) })).rejects.toMatchObject({ code: "nonFinite", key: "h" });
  });

  test("data outside of the folder", async () => {
    const outside = onnxTensorFile({ name: "W", dims: [2, 3], more: externalData({ location: "gone.bin" }) });
    const file = write({ ...dense("Relu"), tensors: [outside] });
    await expect(probed(file, { set: examples([[1, 1]]) })).rejects.toThrow(/gone\.bin cannot be read/);
    // in a place where the listing does not look, the runtime itself has nothing that it could read
    const hidden = joined(
      field(1, "value"),
      field(5, onnxTensorFile({ name: "", dims: [2, 3], more: externalData({ location: "../../../../etc/passwd" }) })),
      field(20, 4),
    );
    const node = joined(field(2, "W"), field(4, "Constant"), field(5, hidden));
    const bytes = fs.readFileSync(
      write({
        ...dense("Relu"),
        tensors: [onnxTensorFile({ name: "V", dims: [3, 2], raw: floats(0, 0, 0, 0, 0, 0) })],
      }),
    );
    const graphFirst = path.join(folder, "hidden.onnx");
    fs.writeFileSync(graphFirst, joined(field(7, field(1, node)), bytes));
    await expect(probed(graphFirst, { set: examples([[1, 1]]) })).rejects.toMatchObject({ code: "runtime" });
  });
});
