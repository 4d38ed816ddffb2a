/** Everything that is shown about a model's tensors, as it is found out: descriptions at once, then figures tensor by tensor. */
import type { Layer } from "../../common/layers.js";
import type { TensorDescription, TensorFigures } from "../../common/tensors.js";
import type { StoredTensor } from "../formats/modelFile.js";
import { tensorStatistics } from "../sparsity/tensorStatistics.js";
import type { ModelContents } from "./layer.js";
import { layersOf } from "./layers.js";
import { rolesOf } from "./roles.js";

/** A model's tensors with what each is to the network, in the file's order. */
export interface ModelOverview {
  layers: Layer[];
  tensors: TensorDescription[];
}

export function overviewOf(model: ModelContents): ModelOverview {
  const layers = layersOf(model);
  const roles = rolesOf(model, layers);
  const inLayer = new Map(
    layers.flatMap((layer, l) => [layer.weights, layer.bias, layer.signs].map((name) => [name, l])),
  );
  const inputAxes = new Map(layers.map(({ weights, inputAxis }) => [weights, inputAxis]));
  return {
    layers,
    tensors: model.tensors.map(({ name, shape, dtype, storedAs, elements, bytes }, index) => ({
      name,
      shape: [...shape],
      dtype,
      storedAs,
      elements,
      bytes,
      role: roles[index]!,
      layer: inLayer.get(name) ?? null,
      inputAxis: inputAxes.get(name) ?? null,
    })),
  };
}

/**
 * Figures of every tensor, one after the other.
 * @throws FormatError when a tensor's values cannot be read
 */
export async function* figuresOf(
  tensors: readonly StoredTensor[],
  descriptions: readonly TensorDescription[],
): AsyncGenerator<TensorFigures> {
  for (const [index, tensor] of tensors.entries()) yield tensorStatistics(tensor, descriptions[index]!.inputAxis);
}
