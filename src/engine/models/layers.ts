/**
 * Layers of a model, recognised from what its file says: from the graph where there is one, from names and shapes where there is none.
 * A layer is a matrix or a kernel with its bias and what comes after them; its units are the outputs or channels of the matrix.
 */
import type { Model, StoredTensor } from "../formats/modelFile.js";
import { graphLayers } from "./graphLayers.js";
import { namedLayers } from "./namedLayers.js";

export interface Layer {
  name: string;
  kind: "dense" | "conv";
  /** Names of tensors. */
  weights: string;
  bias: string | null;
  /** Of the weights' shape. */
  unitAxis: number;
  inputAxis: number;
  inputs: number;
  units: number;
  /** In lower case, such as "relu"; null where the file does not say. */
  activation: string | null;
  /** Nothing but the bias lies between the weights and the activation. */
  plain: boolean;
  /** The name of a tensor with a sign for each unit. */
  signs: string | null;
  /** The layer, by its index, whose units are this one's inputs, one by one; null where they are not, or it is not known. */
  before: number | null;
  /** What reads this layer's units are layers, and all of them are known: `before` names them. */
  closed: boolean;
}

export type ModelContents = Pick<Model, "format" | "metadata" | "tensors" | "nodes" | "outputs">;

/** In the order in which they compute, as far as the file tells. */
export function layersOf(model: ModelContents): Layer[] {
  return model.nodes.length > 0 ? graphLayers(model) : namedLayers(model);
}

/** Names of what gives 0 for anything that is not positive. */
export function isRectifier(activation: string | null): boolean {
  return activation !== null && ["relu", "rectifier", "relu6"].includes(activation);
}

/** @param unitAxis the units' */
export function layerOf(
  tensor: StoredTensor,
  kind: "dense" | "conv",
  [inputAxis, unitAxis]: readonly [number, number],
): Pick<Layer, "kind" | "weights" | "unitAxis" | "inputAxis" | "inputs" | "units"> {
  return {
    kind,
    weights: tensor.name,
    unitAxis,
    inputAxis,
    inputs: tensor.shape[inputAxis] ?? 0,
    units: tensor.shape[unitAxis] ?? 0,
  };
}
