/** What each tensor is to the network, and so whether its zeros count towards sparsity: spec in docs/inspector.md. */
import type { Layer } from "../../common/layers.js";
import type { TensorRole } from "../../common/tensors.js";
import { isInteger } from "../formats/dtypes.js";
import type { StoredTensor } from "../formats/modelFile.js";
import type { ModelContents } from "./layer.js";

/** Roles by tensor, in the model's order. @param layers of the same model */
export function rolesOf(model: ModelContents, layers: readonly Layer[]): TensorRole[] {
  const known = new Map<string, TensorRole>();
  for (const { weights, bias } of layers) {
    known.set(weights, "weight");
    if (bias !== null) known.set(bias, "bias");
  }
  const used = model.nodes.length > 0 ? usedAs(model) : null;
  return model.tensors.map((tensor) => known.get(tensor.name) ?? used?.get(tensor.name) ?? namedRole(model, tensor));
}

/** Written by Rectiscope: its metadata say what network it is of. */
export function isCheckpoint({ format, metadata }: Pick<ModelContents, "format" | "metadata">): boolean {
  return format === "safetensors" && "activation" in metadata && "sizes" in metadata && "signs" in metadata;
}

export function nameParts(name: string): { prefix: string; last: string } {
  const at = Math.max(name.lastIndexOf("."), name.lastIndexOf("/")) + 1;
  return { prefix: name.slice(0, at), last: name.slice(at) };
}

/** By name, shape and type alone. */
export function namedRole(model: Pick<ModelContents, "format" | "metadata">, tensor: StoredTensor): TensorRole {
  const { name, shape, dtype, storedAs } = tensor;
  const { last } = nameParts(name);
  if (isCheckpoint(model)) return last === "weights" ? "weight" : last === "biases" ? "bias" : "state";
  if (/(^|[._/-])(exp_avg|exp_avg_sq|momentum|velocity|optimizer|adam|m_|v_)/i.test(name)) return "state";
  if (/embed|(^|[._/])(wte|wpe|tok_emb|pos_emb|lookup)([._/]|$)/i.test(name)) return "embedding";
  if (/norm|(^|[._/])(bn|ln)\d*([._/]|_)|gamma|running_|moving_/i.test(name)) return "norm";
  if (/(^|[._/])(bias|biases|b|beta)(:\d+)?$/i.test(name) || /bias/i.test(last)) return "bias";
  const narrow = ["int8", "uint8", "int4", "uint4"].includes(dtype);
  const whole = isInteger(dtype) && !narrow && !/scale|→/.test(storedAs);
  if (shape.length < 2 || whole || dtype === "bool" || dtype === "string" || dtype === "other") return "other";
  return "weight";
}

const weightInputs: Record<string, readonly number[]> = {
  Gemm: [0, 1],
  MatMul: [0, 1],
  FusedMatMul: [0, 1],
  Einsum: [0, 1, 2],
  Conv: [1],
  ConvTranspose: [1],
  LSTM: [1, 2],
  GRU: [1, 2],
  RNN: [1, 2],
  QLinearConv: [3],
  QLinearMatMul: [0, 3],
  ConvInteger: [1],
  MatMulInteger: [0, 1],
  Attention: [1],
};

/** What changes only how a tensor is stored. */
const passedThrough = ["DequantizeLinear", "Identity", "Cast", "Transpose", "QuantizeLinear"];

/** By the operation of the main graph that reads it. What only subgraphs read is not in it, and told by its name. */
function usedAs(model: ModelContents): Map<string, TensorRole> {
  const roles = new Map<string, TensorRole>();
  if (model.format !== "onnx") return roles;
  const ranks = new Map(model.tensors.map(({ name, shape }) => [name, shape.length]));
  const sources = new Map<string, string>();
  const source = (name: string) => sources.get(name) ?? name;
  const read = new Set<string>();
  for (const { operation, inputs, outputs } of model.nodes) {
    if (passedThrough.includes(operation) && outputs[0] && inputs[0]) sources.set(outputs[0], source(inputs[0]));
    inputs.forEach((input, position) => {
      const name = source(input);
      const rank = ranks.get(name);
      if (rank === undefined) return;
      read.add(name);
      const role = roleIn(operation, position, rank);
      if (role && (role === "weight" || !roles.has(name))) roles.set(name, role);
    });
  }
  for (const name of read) if (!roles.has(name)) roles.set(name, "other");
  return roles;
}

const biasInputs: Record<string, number> = {
  Gemm: 2,
  Conv: 2,
  ConvTranspose: 2,
  QLinearConv: 8,
  LSTM: 3,
  GRU: 3,
  RNN: 3,
};

function roleIn(operation: string, position: number, rank: number): TensorRole | null {
  if (rank >= 2 && Object.hasOwn(weightInputs, operation) && weightInputs[operation]!.includes(position))
    return "weight";
  if (operation === "Gather" && position === 0 && rank === 2) return "embedding";
  if (/Normalization$/.test(operation) && position > 0) return "norm";
  return Object.hasOwn(biasInputs, operation) && biasInputs[operation] === position ? "bias" : null;
}
