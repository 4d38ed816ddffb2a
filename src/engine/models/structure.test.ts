/** Layers that are recognised, units that are dead by their weights alone, and what changed between two models. */
import { describe, expect, it, test } from "vitest";
import { field, floats, jsonFile, onnxFile, onnxTensorFile, siblings } from "../../../test/support/modelFiles.js";
import { compareModels } from "../../common/compareModels.js";
import { deadReasons } from "../../common/layers.js";
import { memorySource } from "../formats/byteSource.js";
import { encodeSafetensors } from "../formats/safetensors.js";
import { figuresOf, overviewOf } from "./inspectModel.js";
import { layersOf } from "./layers.js";
import { readModel } from "./openModel.js";
import { structuresOf } from "./structure.js";

const { incoming, bound, outgoing } = deadReasons;

const f32 = (shape: number[], ...values: number[]) => ({
  dtype: "F32" as const,
  shape,
  data: Float32Array.from(values),
});

/** 2 inputs, 4 rectifiers, 3 rectifiers, 2 classes. */
function checkpoint(signs: number[] = [1, 1, 1, 1], changed: { bias?: number } = {}) {
  return encodeSafetensors(
    {
      // unit 0 is fed nothing and its bias is 0; unit 1 is fed nothing and its bias is positive; nothing reads unit 2
      "layer1.weights": f32([2, 4], 0, 0, 1, 1, 0, 0, 1, -1),
      "layer1.biases": f32([4], changed.bias ?? 0, 1, 0, 0),
      "layer1.signs": f32([4], ...signs),
      // unit 0 has only negative weights and a negative bias; unit 1 the same with a positive one
      "layer2.weights": f32([4, 3], -1, -1, 1, -2, -1, 1, 0, 0, 0, -1, -1, 1),
      "layer2.biases": f32([3], -1, 1, 0),
      "layer2.signs": f32([3], 1, 1, 1),
      "layer3.weights": f32([3, 2], 1, 1, 1, 1, 1, 1),
      "layer3.biases": f32([2], 0, 0),
    },
    { activation: "rectifier", sizes: "2,4,3,2", signs: "none" },
  );
}

async function opened(name: string, bytes: Uint8Array, files: Record<string, Uint8Array> = {}) {
  return readModel(memorySource(name, bytes), siblings(files));
}

async function deadUnits(name: string, bytes: Uint8Array, files: Record<string, Uint8Array> = {}) {
  const model = await opened(name, bytes, files);
  return (await structuresOf(model, layersOf(model))).map((structure) => structure && [...structure]);
}

describe("a checkpoint", () => {
  it("is a chain of layers, its optimizer's state is none", async () => {
    const model = await opened("best.safetensors", checkpoint());
    expect(
      layersOf(model).map(({ name, inputs, units, activation, before }) => [name, inputs, units, activation, before]),
    ).toEqual([
      ["layer1", 2, 4, "rectifier", null],
      ["layer2", 4, 3, "rectifier", 0],
      ["layer3", 3, 2, "softmax", 1],
    ]);
  });

  it("shows units without input, without readers, and below zero for all that rectifiers can give", async () => {
    expect(await deadUnits("a.safetensors", checkpoint())).toEqual([[incoming, 0, outgoing, 0], [bound, 0, 0], null]);
  });

  it("minds the signs: flipped units give what is not positive", async () => {
    const structures = await deadUnits("a.safetensors", checkpoint([-1, -1, -1, -1]));
    expect(structures[1]).toEqual([0, 0, bound]);
  });

  it("is compared with another: which units died, which came back", async () => {
    const side = async (bytes: Uint8Array) => {
      const model = await opened("a.safetensors", bytes);
      const { layers, tensors } = overviewOf(model);
      const structures = await structuresOf(model, layers);
      const rows = [];
      for await (const figures of figuresOf(model.tensors, tensors)) rows.push({ ...tensors[rows.length]!, figures });
      return { tensors: rows, layers: layers.map(({ name }, l) => ({ name, structure: structures[l]! })) };
    };
    const [alive, dead] = [await side(checkpoint(undefined, { bias: 0.5 })), await side(checkpoint())];
    expect(compareModels(alive, dead).layers[0]).toEqual({ name: "layer1", died: [0], revived: [], deadInBoth: [2] });
    expect(compareModels(dead, alive).layers[0]).toMatchObject({ died: [], revived: [0] });
    const { tensors } = compareModels(alive, { ...dead, tensors: dead.tensors.slice(1) });
    expect(tensors.find(({ name }) => name === "layer1.biases")).toMatchObject({ change: "same kind", zeros: 1 });
    expect(tensors.find(({ name }) => name === "layer1.weights")).toMatchObject({ change: "removed", zeros: null });
  });
});

describe("an ONNX graph", () => {
  const tensors = [
    onnxTensorFile({ name: "W1", dims: [3, 2], raw: floats(0, 0, 1, 1, 1, 1) }),
    onnxTensorFile({ name: "b1", dims: [3], raw: floats(0, 0, 0) }),
    onnxTensorFile({ name: "W2", dims: [3, 2], raw: floats(1, 1, 0, 0, 1, 1) }),
  ];
  const nodes = [
    { operation: "Gemm", inputs: ["x", "W1", "b1"], outputs: ["h"], attributes: { transB: 1 } },
    { operation: "Relu", inputs: ["h"], outputs: ["a"] },
    { operation: "MatMul", inputs: ["a", "W2"], outputs: ["y"] },
  ];

  it("gives layers with bias and activation; unread units are dead only where nothing else can read them", async () => {
    expect(await deadUnits("a.onnx", onnxFile(tensors, nodes, ["y"]))).toEqual([[incoming, outgoing, 0], null]);
    expect((await deadUnits("a.onnx", onnxFile(tensors, nodes, ["y", "a"])))[0]).toEqual([incoming, 0, 0]);
    const another = [...nodes, { operation: "ReduceSum", inputs: ["a"], outputs: ["s"] }];
    expect((await deadUnits("a.onnx", onnxFile(tensors, another, ["y", "s"])))[0]).toEqual([incoming, 0, 0]);
  });

  it("says nothing where a normalisation or a factor comes between, nor for units that are no rectifiers", async () => {
    const normalised = [
      nodes[0]!,
      { operation: "BatchNormalization", inputs: ["h", "b1", "b1", "b1", "b1"], outputs: ["n"] },
      { operation: "Relu", inputs: ["n"], outputs: ["a"] },
      nodes[2]!,
    ];
    expect(await deadUnits("a.onnx", onnxFile(tensors, normalised, ["y"]))).toEqual([null, null]);
    const tanh = nodes.map((node) => (node.operation === "Relu" ? { ...node, operation: "Tanh" } : node));
    expect(await deadUnits("a.onnx", onnxFile(tensors, tanh, ["y"]))).toEqual([null, null]);
  });

  it("tells what a tensor is by what reads it, and by its name where only a subgraph does", async () => {
    const graph = [
      ...nodes,
      { operation: "Gather", inputs: ["table", "x"], outputs: ["g"] },
      { operation: "Add", inputs: ["g", "shift.weight"], outputs: ["z"] },
    ];
    const more = ["table", "shift.weight", "inner.weight"].map((name) =>
      onnxTensorFile({ name, dims: [1, 2], raw: floats(1, 1) }),
    );
    const { tensors: described } = overviewOf(await opened("a.onnx", onnxFile([...tensors, ...more], graph, ["y"])));
    expect(described.map(({ name, role }) => [name, role])).toEqual([
      ["W1", "weight"],
      ["b1", "bias"],
      ["W2", "weight"],
      ["table", "embedding"],
      ["shift.weight", "other"],
      ["inner.weight", "weight"],
    ]);
  });

  it("adds what MatMul leaves to an Add", async () => {
    const split = [
      { operation: "MatMul", inputs: ["x", "W2"], outputs: ["h"] },
      { operation: "Add", inputs: ["h", "b"], outputs: ["p"] },
      { operation: "Relu", inputs: ["p"], outputs: ["y"] },
    ];
    const bias = onnxTensorFile({ name: "b", dims: [2], more: field(4, floats(0, 1)) });
    const model = await opened("a.onnx", onnxFile([tensors[2]!, bias], split, ["y"]));
    expect(layersOf(model)).toMatchObject([{ bias: "b", activation: "relu", inputs: 3, units: 2 }]);
  });
});

test("Keras layers: kernels of convolutions by channel, and what follows by name", async () => {
  const weights = [
    { name: "c/kernel", shape: [1, 1, 2, 3], dtype: "float32" },
    { name: "c/bias", shape: [3], dtype: "float32" },
    { name: "d/kernel", shape: [1, 1, 3, 1], dtype: "float32" },
  ];
  const layer = (name: string, activation: string, before: string) => ({
    class_name: "Conv2D",
    config: { name, activation },
    inbound_nodes: [[[before, 0, 0, {}]]],
  });
  const config = { layers: [layer("c", "relu", "in"), layer("d", "linear", "c")], output_layers: [["d", 0, 0]] };
  const json = {
    modelTopology: { model_config: { class_name: "Functional", config } },
    weightsManifest: [{ paths: ["w.bin"], weights }],
  };
  const data = floats(0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0);
  expect(await deadUnits("model.json", jsonFile(json), { "w.bin": data })).toEqual([[incoming, 0, outgoing], null]);
});
