/** Layers of files that hold tensors only: by the names that PyTorch, Keras, Flax and Rectiscope itself give. */
import type { Layer } from "../../common/layers.js";
import type { StoredTensor } from "../formats/modelFile.js";
import { layerOf, type ModelContents } from "./layer.js";
import { isCheckpoint, namedRole, nameParts } from "./roles.js";

export function namedLayers(model: ModelContents): Layer[] {
  const tensors = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const own = isCheckpoint(model);
  const layers: Layer[] = [];
  for (const tensor of model.tensors) {
    if (namedRole(model, tensor) !== "weight") continue;
    const { prefix, last } = nameParts(tensor.name);
    const bias = biasOf(tensors, prefix, last, tensor);
    const axes = axesOf(tensor, last, bias);
    if (!axes) continue;
    const signs = tensors.get(`${prefix}signs`);
    layers.push({
      name: prefix.replace(/[./]$/, "") || tensor.name,
      ...layerOf(tensor, tensor.shape.length > 2 ? "conv" : "dense", axes),
      bias: bias?.name ?? null,
      activation: null,
      plain: own,
      signs: own && signs ? signs.name : null,
      before: null,
      closed: false,
    });
  }
  if (own) chain(layers, model.metadata.activation ?? null);
  return layers;
}

/** A checkpoint's layers follow each other, and say what they compute. */
function chain(layers: Layer[], activation: string | null): void {
  layers.forEach((layer, index) => {
    const previous = layers[index - 1];
    const isLast = index === layers.length - 1;
    layer.activation = isLast ? "softmax" : activation;
    if (previous?.units === layer.inputs) layer.before = index - 1;
    layer.closed = !isLast && layers[index + 1]?.inputs === layer.units;
  });
}

const biasNames: Record<string, string[]> = {
  weight: ["bias"],
  weights: ["biases", "bias"],
  kernel: ["bias"],
  w: ["b"],
};

function biasOf(
  tensors: ReadonlyMap<string, StoredTensor>,
  prefix: string,
  last: string,
  { shape }: StoredTensor,
): StoredTensor | null {
  const suffix = /:\d+$/.exec(last)?.[0] ?? "";
  for (const name of biasNames[last.replace(/:\d+$/, "").toLowerCase()] ?? []) {
    const bias = tensors.get(prefix + name + suffix) ?? tensors.get(prefix + name.toUpperCase() + suffix);
    if (bias && bias.shape.length === 1 && shape.includes(bias.elements)) return bias;
  }
  return null;
}

/** [input axis, unit axis] by convention: kernels have the units last, weights of PyTorch first. The bias decides where it can. */
function axesOf({ shape }: StoredTensor, last: string, bias: StoredTensor | null): [number, number] | null {
  const name = last.replace(/:\d+$/, "").toLowerCase();
  const rank = shape.length;
  if (!Object.hasOwn(biasNames, name)) return null;
  const unitsLast: [number, number] = [rank - 2, rank - 1];
  const unitsFirst: [number, number] = [1, 0];
  const usual = name === "weight" ? unitsFirst : unitsLast;
  const fits = ([, unit]: [number, number]) => !bias || shape[unit] === bias.elements;
  return [usual, unitsFirst, unitsLast].find(fits) ?? null;
}
