/** ONNX models that harm whoever runs them. Each takes 36 numbers an example, and gives as many rectified ones. */
import { field, floats, joined, type NodeParts, onnxFile, onnxTensorFile } from "./modelFiles.js";

const relu: NodeParts = { operation: "Relu", inputs: ["a"], outputs: ["h"] };
const input = [{ name: "x", shape: ["N", 36] }];
const whole = (name: string, ...values: bigint[]) =>
  onnxTensorFile({ name, dims: [values.length], type: 7, raw: new Uint8Array(BigInt64Array.from(values).buffer) });

/** A loop of 2⁶⁰ turns. */
export function endlessModel(): Uint8Array {
  const value = (name: string, type: number, shape = field(2, new Uint8Array())) =>
    joined(field(1, name), field(2, field(1, joined(field(1, type), shape))));
  const anyShape = new Uint8Array();
  const pass = (from: string, to: string) => field(1, joined(field(1, from), field(2, to), field(4, "Identity")));
  const body = joined(
    pass("on", "go"),
    pass("v", "w"),
    field(2, "body"),
    ...[value("i", 7), value("on", 9), value("v", 1, anyShape)].map((given) => field(11, given)),
    ...[value("go", 9), value("w", 1, anyShape)].map((given) => field(12, given)),
  );
  const attribute = joined(field(1, "body"), field(6, body), field(20, 5));
  const loop = joined(
    ...["turns", "", "x"].map((name) => field(1, name)),
    field(2, "a"),
    field(4, "Loop"),
    field(5, attribute),
  );
  const graph = field(7, field(1, loop));
  return joined(
    graph,
    onnxFile(
      [onnxTensorFile({ name: "turns", dims: [], type: 7, raw: new Uint8Array(BigInt64Array.of(1n << 60n).buffer) })],
      [relu],
      ["h"],
      input,
    ),
  );
}

/** A sum of 2²⁸ zeros, which take a GiB, on the way. */
export function greedyModel(): Uint8Array {
  return onnxFile(
    [whole("many", 1n << 28n), onnxTensorFile({ name: "zero", dims: [], raw: floats(0) })],
    [
      { operation: "ConstantOfShape", inputs: ["many"], outputs: ["zeros"] },
      { operation: "ReduceSum", inputs: ["zeros"], outputs: ["sum"], attributes: { keepdims: 0 } },
      { operation: "Add", inputs: ["x", "sum"], outputs: ["a"] },
      relu,
    ],
    ["h"],
    input,
  );
}
