/** Layers of models that hold a graph: ONNX operations, TensorFlow.js graph models and Keras layers. */
import type { Layer } from "../../common/layers.js";
import type { GraphNode, StoredTensor } from "../formats/modelFile.js";
import { layerOf, type ModelContents } from "./layer.js";

export function graphLayers(model: ModelContents): Layer[] {
  const graph = new Graph(model);
  const layers: Layer[] = [];
  const outputs: string[] = [];
  for (const node of model.nodes) {
    const found = recognise(node, graph);
    if (!found) continue;
    const after = follow(node, found, graph);
    const { axes, kind, tensor, groups } = found;
    layers.push({
      name: node.name || tensor.name,
      ...layerOf(tensor, kind, axes),
      bias: found.bias?.name ?? after.bias?.name ?? null,
      activation: after.activation,
      plain: !after.unclear,
      signs: null,
      before: null,
      closed: false,
    });
    outputs.push(groups || after.unclear ? "" : after.output);
  }
  connect(model, graph, layers, outputs);
  return layers;
}

interface Found {
  tensor: StoredTensor;
  kind: "dense" | "conv";
  /** Input axis, unit axis. */
  axes: readonly [number, number];
  bias: StoredTensor | null;
  /** Units that see only some of the inputs. */
  groups: boolean;
  /** The value that the weights are applied to. */
  input: string;
  activation: string | null;
}

class Graph {
  readonly #tensors: Map<string, StoredTensor>;
  readonly #readers = new Map<string, GraphNode[]>();
  readonly #makers = new Map<string, GraphNode>();

  constructor({ tensors, nodes }: ModelContents) {
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    for (const node of nodes) {
      for (const output of node.outputs) this.#makers.set(output, node);
      for (const input of node.inputs) {
        const name = plain(input);
        const readers = this.#readers.get(name);
        if (readers) readers.push(node);
        else this.#readers.set(name, [node]);
      }
    }
  }

  /** The stored tensor behind a value, if nothing but its type was changed on the way. */
  tensor(value: string | undefined): StoredTensor | null {
    let name = plain(value ?? "");
    for (let steps = 0; steps < 8; steps++) {
      const tensor = this.#tensors.get(name);
      if (tensor) return tensor;
      const maker = this.#makers.get(name);
      if (!maker || !["DequantizeLinear", "Identity", "Cast"].includes(maker.operation)) return null;
      name = plain(maker.inputs[0] ?? "");
    }
    return null;
  }

  /** A weight of a Keras layer, whose full name may begin with the model's. */
  weightOf(layer: string, name: string): StoredTensor | null {
    const own = `${layer}/${name}`;
    return this.#tensors.get(own) ?? this.#bySuffix(own);
  }

  #suffixes: Map<string, StoredTensor> | null = null;

  #bySuffix(own: string): StoredTensor | null {
    if (!this.#suffixes) {
      this.#suffixes = new Map();
      for (const [name, tensor] of this.#tensors) this.#suffixes.set(name.split("/").slice(-2).join("/"), tensor);
    }
    return this.#suffixes.get(own.split("/").slice(-2).join("/")) ?? null;
  }

  readers(value: string): readonly GraphNode[] {
    return this.#readers.get(value) ?? [];
  }
}

/** TensorFlow's "name:0" and "^name". */
export function plain(value: string): string {
  return value.replace(/^\^|:\d+$/g, "");
}

function recognise(node: GraphNode, graph: Graph): Found | null {
  const { operation, inputs, attributes } = node;
  const found = (
    position: number,
    kind: "dense" | "conv",
    axes: readonly [number, number],
    more: Partial<Found> = {},
  ): Found | null => {
    const tensor = graph.tensor(inputs[position]);
    const rank = kind === "dense" ? tensor?.shape.length === 2 : (tensor?.shape.length ?? 0) >= 3;
    if (!tensor || !rank) return null;
    return { tensor, kind, axes, bias: null, groups: false, input: plain(inputs[0] ?? ""), activation: null, ...more };
  };
  const grouped = (attributes.group ?? 1) !== 1;
  switch (operation) {
    case "Gemm":
      // scaled by other factors than 1 it is another function of its weights
      if ((attributes.alpha ?? 1) !== 1 || (attributes.beta ?? 1) !== 1) return null;
      return found(1, "dense", attributes.transB ? [1, 0] : [0, 1], { bias: graph.tensor(inputs[2]) });
    case "Conv":
      return found(1, "conv", [1, 0], { bias: graph.tensor(inputs[2]), groups: grouped });
    case "ConvTranspose":
      return found(1, "conv", [0, 1], { bias: graph.tensor(inputs[2]), groups: grouped });
    case "MatMul":
    case "_FusedMatMul": {
      const fused = fusedOf(node, graph);
      return found(1, "dense", attributes.transpose_b ? [1, 0] : [0, 1], fused);
    }
    case "Conv2D":
    case "_FusedConv2D":
      return inputs.length > 1 ? found(1, "conv", [2, 3], fusedOf(node, graph)) : kerasLayer(node, graph);
    case "Dense":
    case "Conv1D":
    case "Conv3D":
      return kerasLayer(node, graph);
    default:
      return null;
  }
}

function fusedOf({ inputs, attributes }: GraphNode, graph: Graph): Partial<Found> {
  const steps = typeof attributes.fused_ops === "string" ? attributes.fused_ops.split(",").filter(Boolean) : [];
  const activation = steps.find((step) => Object.hasOwn(activations, step));
  return {
    bias: steps.includes("BiasAdd") ? graph.tensor(inputs[2]) : null,
    activation: activation ? activations[activation]! : null,
  };
}

function kerasLayer({ name, operation, inputs, attributes }: GraphNode, graph: Graph): Found | null {
  const tensor = graph.weightOf(name, "kernel");
  if (!tensor || tensor.shape.length < 2) return null;
  const rank = tensor.shape.length;
  const { activation } = attributes;
  return {
    tensor,
    kind: operation === "Dense" ? "dense" : "conv",
    axes: [rank - 2, rank - 1],
    bias: graph.weightOf(name, "bias"),
    groups: false,
    input: plain(inputs[0] ?? ""),
    activation: typeof activation === "string" && activation !== "linear" ? activation : null,
  };
}

/** Operations that are activations, and what they are called here. */
export const activations: Record<string, string> = {
  Relu: "relu",
  ReLU: "relu",
  Relu6: "relu6",
  Clip: "clip",
  LeakyRelu: "leaky relu",
  LeakyReLU: "leaky relu",
  PRelu: "prelu",
  PReLU: "prelu",
  Elu: "elu",
  ELU: "elu",
  Selu: "selu",
  Gelu: "gelu",
  Sigmoid: "sigmoid",
  HardSigmoid: "hard sigmoid",
  HardSwish: "hard swish",
  Tanh: "tanh",
  Softplus: "softplus",
  Softmax: "softmax",
  LogSoftmax: "log softmax",
};

/** What changes no unit into another, and no zero into anything else. */
const neutral = [
  "Identity",
  "Dropout",
  "MaxPool",
  "AveragePool",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "Cast",
  "InputLayer",
];

interface After {
  bias: StoredTensor | null;
  activation: string | null;
  /** The value that later layers read. */
  output: string;
  /** Something between changes what the bias says, such as a normalisation. */
  unclear: boolean;
}

/** The bias and the activation that follow a matrix, as long as each has one reader only. */
function follow(node: GraphNode, found: Found, graph: Graph): After {
  const after: After = {
    bias: null,
    activation: found.activation,
    output: plain(node.outputs[0] ?? ""),
    unclear: false,
  };
  for (let steps = 0; steps < 8 && after.activation === null; steps++) {
    const readers = graph.readers(after.output);
    const next = readers[0];
    if (readers.length !== 1 || !next) return after;
    if (Object.hasOwn(activations, next.operation)) after.activation = activations[next.operation]!;
    else if (next.operation === "Activation") after.activation = String(next.attributes.activation ?? "unknown");
    else if (["Add", "AddV2", "BiasAdd"].includes(next.operation) && !found.bias && !after.bias) {
      const bias = next.inputs.map((input) => graph.tensor(input)).find(Boolean);
      if (!bias || bias.elements !== found.tensor.shape[found.axes[1]]) return { ...after, unclear: true };
      after.bias = bias;
    } else if (/BatchNorm/.test(next.operation)) after.unclear = true;
    else if (!neutral.includes(next.operation)) return after;
    after.output = plain(next.outputs[0] ?? "");
  }
  return after;
}

/** Which layer reads which, through operations that leave units as they are. */
function connect(model: ModelContents, graph: Graph, layers: Layer[], outputs: readonly string[]): void {
  const readersOf = new Map<string, number[]>();
  let index = 0;
  for (const node of model.nodes) {
    const found = recognise(node, graph);
    if (!found) continue;
    const readers = readersOf.get(found.input);
    if (found.groups) index++;
    else if (readers) readers.push(index++);
    else readersOf.set(found.input, [index++]);
  }
  const given = new Set(model.outputs);
  layers.forEach((layer, l) => {
    if (!outputs[l]) return;
    const next = nextLayers(outputs[l], graph, readersOf, given);
    for (const reader of next?.layers ?? []) if (layers[reader]!.inputs === layer.units) layers[reader]!.before = l;
    layer.closed =
      next !== null && next.layers.length > 0 && next.layers.every((reader) => layers[reader]!.inputs === layer.units);
  });
}

/** A value that more operations read is not followed. */
const maxReaders = 1000;

/** Null where something else reads the units as well. */
function nextLayers(
  value: string,
  graph: Graph,
  readersOf: ReadonlyMap<string, readonly number[]>,
  given: ReadonlySet<string>,
): { layers: number[] } | null {
  const layers: number[] = [];
  const waiting = [value];
  const seen = new Set<string>();
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (seen.has(name)) continue;
    if (seen.size > 64) return null;
    seen.add(name);
    if (given.has(name)) return null;
    const readers = readersOf.get(name) ?? [];
    if (graph.readers(name).length > maxReaders) return null;
    layers.push(...readers);
    const others = graph.readers(name).length - readers.length;
    const passed = graph.readers(name).filter((node) => neutral.includes(node.operation));
    if (others !== passed.length) return null;
    waiting.push(...passed.map((node) => plain(node.outputs[0] ?? "")));
  }
  return { layers };
}
