import { describe, expect, test } from "vitest";
import { floats, type NodeParts, onnxFile, onnxTensorFile, siblings } from "../../../test/support/modelFiles.js";
import { experimentSchema } from "../../common/experiment.js";
import { memorySource } from "../formats/byteSource.js";
import { readOnnx } from "../formats/onnx.js";
import { denseNetworkOf } from "./denseNetwork.js";

const { network: config } = experimentSchema.parse({
  dataset: { name: "mnist-sample" },
  network: { hidden: [4, 3] },
  training: { learningRate: 1, epochs: 1 },
});
const matrix = (name: string, rows: number, columns: number) =>
  onnxTensorFile({ name, dims: [rows, columns], raw: floats(...Array.from({ length: rows * columns }, (_, k) => k)) });
const vector = (name: string, units: number) =>
  onnxTensorFile({ name, dims: [units], raw: floats(...Array.from({ length: units }, () => 1)) });
const tensors = [
  ...[matrix("W", 5, 4), matrix("V", 4, 3), matrix("U", 3, 2), matrix("S", 4, 4)],
  ...[vector("b", 4), vector("c", 3), vector("five", 5), vector("d", 2)],
];
const node = (operation: string, inputs: string, outputs: string, attributes = {}): NodeParts => ({
  operation,
  inputs: inputs.split(" "),
  outputs: outputs.split(" "),
  attributes,
});
const first = [node("MatMul", "x W", "m"), node("Add", "m b", "a"), node("Relu", "a", "h")];
const second = [node("Gemm", "h V c", "e"), node("Relu", "e", "g")];
const last = [node("Gemm", "g U d", "y")];

async function networkOf(nodes: NodeParts[], outputs = ["y"]) {
  const bytes = onnxFile(tensors, nodes, outputs, [{ name: "x", shape: ["N", 5] }]);
  return denseNetworkOf(await readOnnx(memorySource("net.onnx", bytes), siblings()), config);
}

describe("the engine that trains takes", () => {
  test.each([
    ["a chain of matrices, biases and rectifiers", [...first, ...second, ...last], ["y"]],
    ["with a softmax", [...first, ...second, node("Gemm", "g U d", "z"), node("Softmax", "z", "y")], ["y"]],
    ["of inputs that are flattened first", [node("Flatten", "i", "x"), ...first, ...second, ...last], ["y"]],
  ])("%s", async (_, nodes, outputs) => {
    expect(await networkOf(nodes, outputs)).toMatchObject({
      shape: { inputs: 5, hidden: [4, 3], classes: 2, activation: "rectifier", signs: "none" },
      unitsFrom: "model",
    });
  });
});

describe("and leaves to ONNX Runtime", () => {
  test.each([
    ["inputs that are changed first", [node("Sub", "i five", "x"), ...first, ...second, ...last], /Sub/],
    ["inputs that go through an activation", [node("Relu", "i", "x"), ...first, ...second, ...last], /Relu/],
    ["inputs that are normalised by a bias", [node("Add", "i five", "x"), ...first, ...second, ...last], /Add/],
    [
      "two activations in a row",
      [...first, node("Tanh", "h", "t"), node("Gemm", "t V c", "e"), node("Relu", "e", "g"), ...last],
      /more than|not follow/,
    ],
    [
      "another bias after the activation",
      [...first, node("Add", "h b", "q"), node("Gemm", "q V c", "e"), node("Relu", "e", "g"), ...last],
      /Add/,
    ],
    [
      "a skip connection",
      [
        ...first,
        node("MatMul", "h S", "s"),
        node("Relu", "s", "r"),
        node("Add", "h r", "j"),
        node("Gemm", "j V c", "e"),
        node("Relu", "e", "g"),
        ...last,
      ],
      /joins several/,
    ],
    [
      "units of several kinds",
      [...first, node("Gemm", "h V c", "e"), node("Tanh", "e", "g"), ...last],
      /different units/,
    ],
    [
      "units that it does not have",
      [
        node("MatMul", "x W", "m"),
        node("LeakyRelu", "m", "h"),
        node("Gemm", "h V c", "e"),
        node("LeakyRelu", "e", "g"),
        ...last,
      ],
      /leaky relu/,
    ],
    ["no activation between two matrices", [node("MatMul", "x W", "h"), ...second, ...last], /different units/],
    [
      "outputs that go through an activation",
      [...first, ...second, node("Gemm", "g U d", "z"), node("Sigmoid", "z", "y")],
      /outputs are sigmoid/,
    ],
    [
      "a matrix of the outputs themselves",
      [...first, ...second, node("Gemm", "g U d", "z"), node("Exp", "z", "y")],
      /Exp/,
    ],
    [
      "a matrix that is read the other way round",
      [node("Gemm", "x W b", "a", { transA: 1 }), node("Relu", "a", "h"), ...second, ...last],
      /transposes/,
    ],
    ["no hidden layer", [node("MatMul", "x W", "y")], /no hidden layer/],
  ])("%s", async (_, nodes, why) => {
    expect(await networkOf(nodes)).toEqual({ why: expect.stringMatching(why) });
  });

  test("several outputs, of which hidden units may be one", async () => {
    expect(await networkOf([...first, ...second, ...last], ["y", "h"])).toEqual({ why: "it has 2 outputs" });
  });
});
