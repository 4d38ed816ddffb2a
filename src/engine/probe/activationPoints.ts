/** The activations of an ONNX graph: where its units' outputs can be seen, and what is known of them from the graph alone. */
import type { GraphNode } from "../formats/modelFile.js";
import { activations } from "../models/graphLayers.js";
import type { ModelContents } from "../models/layer.js";

export interface ActivationPoint {
  /** The value that holds the outputs. */
  value: string;
  name: string;
  activation: string;
  /** Whether the units can be exactly zero; or the value that says so: the lower bound of a Clip, which is to be 0. */
  exact: boolean | { lowerBound: string };
  /** What the units are the outputs of: channels of a convolution (axis 1), or columns of a matrix (the last axis). */
  unitsOf: "convolution" | "matrix" | null;
  /** The tensor of its weights. */
  weights: string | null;
}

/** Those that layers are recognised by, and others. */
const names: Record<string, string> = {
  ...activations,
  ThresholdedRelu: "thresholded relu",
  Celu: "celu",
  Softsign: "softsign",
  Mish: "mish",
  Erf: "erf",
  FastGelu: "gelu",
  QuickGelu: "quick gelu",
};
/** 0 for a whole range of what comes in. */
const exactlyZero = ["Relu", "Relu6", "ThresholdedRelu", "HardSigmoid", "HardSwish"];
/** Where the model answers, not where it hides its units. */
const answers = ["Softmax", "LogSoftmax"];

const convolutions = ["Conv", "ConvTranspose", "QLinearConv", "ConvInteger", "FusedConv"];
const matrices = ["Gemm", "MatMul", "FusedMatMul", "MatMulInteger", "QLinearMatMul", "FusedGemm"];
/** Those whose second input is their weights as they are. */
const plainWeights = ["Conv", "ConvTranspose", "FusedConv", "Gemm", "MatMul", "FusedMatMul", "FusedGemm"];
/** What leaves units where they are. */
const unitwise =
  /^(Add|Sub|Mul|Div|Sum|Identity|Dropout|Cast|\w*Normalization|\w*Pool|DequantizeLinear|QuantizeLinear|Pad|Resize|Concat)$/;
const maxSteps = 256;

/** Of the main graph, in the file's order; those in subgraphs are not seen. */
export function activationPoints(model: ModelContents): ActivationPoint[] {
  const makers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const readers = new Map<string, GraphNode[]>();
  for (const node of model.nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input)?.slice(0, 1) ?? []), node]);
  const tensors = new Set(model.tensors.map(({ name }) => name));
  const onlyReader = (value: string | undefined) => {
    const found = readers.get(value ?? "") ?? [];
    return found.length === 1 ? found[0] : undefined;
  };
  const isConstant = (value: string) => tensors.has(value) || makers.get(value)?.operation === "Constant";
  const ends = new Set<GraphNode>();
  return model.nodes.flatMap((node) => {
    const { operation, inputs, outputs, name } = node;
    const [output = ""] = outputs;
    if (!Object.hasOwn(names, operation) || answers.includes(operation) || output === "") return [];
    if (ends.has(node)) return [];
    const whole = wholeOf(node, onlyReader, isConstant);
    if (whole) ends.add(whole.end);
    const clip = [node, whole?.end].find((part) => part?.operation === "Clip");
    return {
      value: whole?.end.outputs[0] ?? output,
      name: name || output,
      activation: whole?.activation ?? names[operation]!,
      exact: clip ? clipped(clip) : exactlyZero.includes(operation),
      ...originOf(inputs[0] ?? "", makers, tensors),
    };
  });
}

/**
 * Activations that exporters write as several operations: min(max(x, 0), 6), x × sigmoid(x), and x × (1 + erf(x ÷ √2)) ÷ 2 in either
 * order.
 * @returns where they end
 */
function wholeOf(
  { operation, inputs, outputs }: GraphNode,
  onlyReader: (value: string | undefined) => GraphNode | undefined,
  isConstant: (value: string) => boolean,
): { activation: string; end: GraphNode } | null {
  const next = onlyReader(outputs[0]);
  if (operation === "Relu") return next?.operation === "Clip" ? { activation: "clipped relu", end: next } : null;
  if (operation === "Sigmoid")
    return next?.operation === "Mul" && next.inputs.includes(inputs[0] ?? "")
      ? { activation: "silu", end: next }
      : null;
  if (operation !== "Erf") return null;
  const product = next?.operation === "Add" ? onlyReader(next.outputs[0]) : undefined;
  if (product?.operation !== "Mul") return null;
  const half = onlyReader(product.outputs[0]);
  return { activation: "gelu", end: half?.operation === "Mul" && half.inputs.some(isConstant) ? half : product };
}

/** From 0 on. */
function clipped({ inputs, attributes }: GraphNode): ActivationPoint["exact"] {
  if (inputs[1]) return { lowerBound: inputs[1] };
  return attributes.min === 0;
}

/** The convolution or matrix that a value comes from, by the shortest way. */
function originOf(
  value: string,
  makers: ReadonlyMap<string, GraphNode>,
  tensors: ReadonlySet<string>,
): Pick<ActivationPoint, "unitsOf" | "weights"> {
  const waiting = [value];
  const seen = new Set(waiting);
  for (let at = 0; at < waiting.length && at < maxSteps; at++) {
    const maker = makers.get(waiting[at]!);
    if (!maker) continue;
    const { operation, inputs } = maker;
    const unitsOf = convolutions.includes(operation) ? "convolution" : matrices.includes(operation) ? "matrix" : null;
    // with a sum before it, the weights would be of one of its parts
    const ownWeights = at === waiting.length - 1 && plainWeights.includes(operation) && tensors.has(inputs[1] ?? "");
    if (unitsOf) return { unitsOf, weights: ownWeights ? inputs[1]! : null };
    if (!unitwise.test(operation) && !Object.hasOwn(names, operation)) continue;
    for (const input of inputs)
      if (makers.has(input) && !seen.has(input)) {
        seen.add(input);
        waiting.push(input);
      }
  }
  return { unitsOf: null, weights: null };
}
