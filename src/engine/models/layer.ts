/** What finding layers needs of a model, and what it makes of a tensor. */
import type { Layer } from "../../common/layers.js";
import type { Model, StoredTensor } from "../formats/modelFile.js";

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
