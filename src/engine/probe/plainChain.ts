/** Whether a graph is nothing but a chain of dense layers with their biases and activations: then Rectiscope's engine computes the same. */

import type { Layer } from "../../common/layers.js";
import type { GraphNode } from "../formats/modelFile.js";
import { activations, plain } from "../models/graphLayers.js";
import type { ModelContents } from "../models/layer.js";

const dense = ["Gemm", "MatMul", "_FusedMatMul", "Dense"];
const biases = ["Add", "AddV2", "BiasAdd"];
const neutral = ["Identity", "InputLayer", "Placeholder"];
const reshaping = ["Flatten", "Reshape", "Squeeze"];
const constants = ["Const", "Constant"];
const stored = ["DequantizeLinear", "Identity", "Cast", ...reshaping];
const maxSteps = 10_000;

/**
 * Walks back from the only output, so that nothing that changes it can be missed.
 * @param layers of the same model
 * @returns null where it is a chain, else what is not
 */
export function whyNotAChain(model: ModelContents, layers: readonly Layer[]): string | null {
  const path = pathToOutput(model);
  if (typeof path === "string") return path;
  const biased: number[] = [];
  const activated: number[] = [];
  let layer = -1;
  for (const node of path) {
    const { operation } = node;
    if (dense.includes(operation)) {
      if (node.attributes.transA || node.attributes.transpose_a) return `${nameOf(node)} transposes its input`;
      layer++;
      biased.push(0);
      activated.push(0);
    } else if (layer < 0 && (neutral.includes(operation) || reshaping.includes(operation))) continue;
    else if (layer >= 0 && biases.includes(operation) && !activated[layer]) biased[layer]!++;
    else if (layer >= 0 && (Object.hasOwn(activations, operation) || operation === "Activation")) activated[layer]!++;
    else if (operation !== "Identity") return `${nameOf(node)} is a ${operation}`;
  }
  if (layers.length === 0 || layers.length !== layer + 1) return "not all of its layers are dense";
  for (const [l, { kind, plain: isPlain, before, bias }] of layers.entries()) {
    if (kind !== "dense" || !isPlain) return `${layers[l]!.name} is not a plain dense layer`;
    if (l > 0 && before !== l - 1) return `${layers[l]!.name} does not follow the layer before it`;
    if (biased[l]! > 1 || activated[l]! > 1 || (biased[l] === 1 && bias === null))
      return `${layers[l]!.name} is followed by more than a bias and an activation`;
  }
  return null;
}

/** From the input on; or why there is no single path. */
function pathToOutput({ tensors, nodes, outputs }: ModelContents): GraphNode[] | string {
  if (outputs.length !== 1) return `it has ${outputs.length} outputs`;
  const names = new Set(tensors.map(({ name }) => name));
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [plain(name), node] as const)));
  const isConstant = (name: string, depth = 0): boolean => {
    if (names.has(name)) return true;
    const maker = makers.get(name);
    if (!maker || depth > 8) return false;
    if (constants.includes(maker.operation)) return true;
    return stored.includes(maker.operation) && maker.inputs.every((input) => isConstant(plain(input), depth + 1));
  };
  const path: GraphNode[] = [];
  let value = plain(outputs[0]!);
  for (let steps = 0; steps < maxSteps; steps++) {
    const node = makers.get(value);
    if (!node) return path.reverse();
    path.push(node);
    const sources = node.inputs.map(plain).filter((name) => name !== "" && !isConstant(name));
    if (sources.length === 0) return path.reverse();
    if (sources.length > 1) return `${nameOf(node)} joins several values`;
    value = sources[0]!;
  }
  return "it is too long";
}

function nameOf({ name, operation }: GraphNode): string {
  return JSON.stringify((name || operation).slice(0, 120));
}
