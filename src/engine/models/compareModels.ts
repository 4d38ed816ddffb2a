/** Two models side by side: which tensors are in both, what changed in them, and which units died or came back. */
import type { TensorDescription, TensorFigures } from "../../common/tensors.js";
import type { Layer } from "./layer.js";
import type { LayerStructure } from "./structure.js";

export interface Side {
  tensors: readonly (TensorDescription & { figures: TensorFigures | null })[];
  /** Layers by name; null where dead units are not defined. */
  layers: readonly (Pick<Layer, "name"> & { structure: LayerStructure | null })[];
}

export type TensorChange = "added" | "removed" | "reshaped" | "retyped" | "same kind";

export interface TensorComparison {
  name: string;
  change: TensorChange;
  /** Indices into the sides' tensors. */
  before: number | null;
  after: number | null;
  /** Figures of the second minus those of the first; null where one is missing or not counted. */
  zeros: number | null;
  norm: number | null;
}

export interface LayerComparison {
  name: string;
  /** Numbers of units. */
  died: number[];
  revived: number[];
  deadInBoth: number[];
}

export interface ModelComparison {
  tensors: TensorComparison[];
  /** Layers of the same name and number of units, whose dead units are known on both sides. */
  layers: LayerComparison[];
}

/** In the order of the second, then what only the first has. Of tensors with the same name the last counts. */
export function compareModels(before: Side, after: Side): ModelComparison {
  const earlier = new Map(before.tensors.map((tensor, index) => [tensor.name, index]));
  const later = new Map(after.tensors.map((tensor, index) => [tensor.name, index]));
  const tensors: TensorComparison[] = [];
  for (const [name, index] of later) tensors.push(compareTensor(name, before, after, earlier.get(name) ?? null, index));
  for (const [name, index] of earlier)
    if (!later.has(name)) tensors.push(compareTensor(name, before, after, index, null));
  const first = new Map(before.layers.map(({ name, structure }) => [name, structure]));
  return { tensors, layers: after.layers.flatMap((layer) => compareLayer(layer, first.get(layer.name) ?? null)) };
}

function compareTensor(
  name: string,
  sideBefore: Side,
  sideAfter: Side,
  before: number | null,
  after: number | null,
): TensorComparison {
  const one = before === null ? null : sideBefore.tensors[before]!;
  const other = after === null ? null : sideAfter.tensors[after]!;
  const [a, b] = [one?.figures, other?.figures];
  const both = a?.counted && b?.counted;
  return {
    name,
    change: changeOf(one, other),
    before,
    after,
    zeros: both ? b.zeros - a.zeros : null,
    norm: both ? b.norm - a.norm : null,
  };
}

function changeOf(before: TensorDescription | null, after: TensorDescription | null): TensorChange {
  if (!before) return "added";
  if (!after) return "removed";
  if (before.shape.join() !== after.shape.join()) return "reshaped";
  return before.storedAs === after.storedAs ? "same kind" : "retyped";
}

function compareLayer({ name, structure }: Side["layers"][number], before: LayerStructure | null): LayerComparison[] {
  if (!structure || before?.length !== structure.length) return [];
  const comparison: LayerComparison = { name, died: [], revived: [], deadInBoth: [] };
  structure.forEach((reasons, unit) => {
    const was = before[unit]! > 0;
    if (reasons > 0) (was ? comparison.deadInBoth : comparison.died).push(unit);
    else if (was) comparison.revived.push(unit);
  });
  return [comparison];
}
