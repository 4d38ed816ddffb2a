/** The operations of a TensorFlow.js model's topology, as far as it states them: a graph model's nodes, or a layers model's layers. */
import { isRecord } from "./boundedJson.js";
import type { GraphNode } from "./modelFile.js";

const maxNodes = 1 << 18;

export interface Topology {
  nodes: GraphNode[];
  /** What the model gives; where it does not say, every operation may. */
  outputs: string[];
}

/** Empty where there is none, or none of the known form: the weights can be read all the same. */
export function tfjsTopology(topology: unknown, signature: unknown): Topology {
  if (!isRecord(topology)) return { nodes: [], outputs: [] };
  if (Array.isArray(topology.node)) {
    const nodes = topology.node.slice(0, maxNodes).flatMap(graphNode);
    const stated = isRecord(signature) && isRecord(signature.outputs) ? Object.values(signature.outputs) : [];
    const outputs = stated.flatMap((output) =>
      isRecord(output) && typeof output.name === "string" ? [output.name] : [],
    );
    return { nodes, outputs: outputs.length > 0 ? outputs.map((name) => name.replace(/:\d+$/, "")) : all(nodes) };
  }
  const model = isRecord(topology.model_config) ? topology.model_config : topology;
  const layers = isRecord(model.config) ? model.config.layers : model.config;
  const nodes = Array.isArray(layers) ? layers.slice(0, maxNodes).flatMap(layerNode) : [];
  if (model.class_name === "Sequential") return { nodes: inSequence(nodes), outputs: all(nodes.slice(-1)) };
  const outputs = isRecord(model.config) ? inboundOf([model.config.output_layers]) : [];
  return { nodes, outputs: outputs.length > 0 ? outputs : all(nodes) };
}

const all = (nodes: readonly GraphNode[]) => nodes.flatMap((node) => node.outputs);

/** Layers of a sequential model read the one before. */
function inSequence(nodes: readonly GraphNode[]): GraphNode[] {
  return nodes.map((node, index) => ({ ...node, inputs: index > 0 ? nodes[index - 1]!.outputs : [] }));
}

function graphNode(node: unknown): GraphNode[] {
  if (!isRecord(node) || typeof node.op !== "string" || typeof node.name !== "string") return [];
  const inputs = Array.isArray(node.input) ? node.input.filter((name) => typeof name === "string") : [];
  const attributes: Record<string, number | string> = Object.create(null);
  for (const [name, value] of Object.entries(isRecord(node.attr) ? node.attr : {})) {
    if (isRecord(value) && typeof value.b === "boolean") attributes[name] = Number(value.b);
    const list = isRecord(value) && isRecord(value.list) && Array.isArray(value.list.s) ? value.list.s : [];
    if (name === "fused_ops") attributes[name] = list.map((op) => decoded(String(op))).join(",");
  }
  return [{ operation: node.op, name: node.name, inputs, outputs: [node.name], attributes }];
}

/** Texts of attributes are in base64. */
function decoded(text: string): string {
  try {
    return atob(text.slice(0, 256));
  } catch {
    return text.slice(0, 256);
  }
}

function layerNode(layer: unknown): GraphNode[] {
  if (!isRecord(layer) || typeof layer.class_name !== "string" || !isRecord(layer.config)) return [];
  const { config } = layer;
  const name = typeof config.name === "string" ? config.name : typeof layer.name === "string" ? layer.name : "";
  const attributes: Record<string, number | string> = Object.create(null);
  if (typeof config.activation === "string") attributes.activation = config.activation;
  return [{ operation: layer.class_name, name, inputs: inboundOf(layer.inbound_nodes), outputs: [name], attributes }];
}

/** [[["name", 0, 0, {}], …], …], as Keras 2 writes it. */
function inboundOf(inbound: unknown): string[] {
  if (!Array.isArray(inbound)) return [];
  return inbound
    .flatMap((call) => (Array.isArray(call) ? call.slice(0, 1000) : []))
    .flatMap((input) => (Array.isArray(input) && typeof input[0] === "string" ? [input[0]] : []));
}
