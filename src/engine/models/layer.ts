/** A layer: a matrix or a kernel with its bias and what comes after them; its units are the outputs or channels of the matrix. */
import type { Model, StoredTensor } from "../formats/modelFile.js";

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
