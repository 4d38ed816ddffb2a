/** Two models side by side: which tensors are in both, what changed in them, and which units died or came back. */
import type { Layer, LayerStructure } from "./layers.js";
import type { TensorDescription, TensorFigures } from "./tensors.js";

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
  const units = structure && before && compareUnits(before, structure);
  if (!units) return [];
  const comparison: LayerComparison = { name, died: [], revived: [], deadInBoth: [] };
  units.forEach((fate, unit) => {
    if (fate === unitFates.died) comparison.died.push(unit);
    else if (fate === unitFates.revived) comparison.revived.push(unit);
    else if (fate === unitFates.deadInBoth) comparison.deadInBoth.push(unit);
  });
  return [comparison];
}

/** What became of a unit between two files; 0 where it was and is alive. */
export const unitFates = { died: 1, revived: 2, deadInBoth: 3 } as const;

/** Null where the layers do not have the same number of units. */
export function compareUnits(before: LayerStructure, after: LayerStructure): Uint8Array | null {
  if (before.length !== after.length) return null;
  return after.map((reasons, unit) => {
    const was = before[unit]! > 0;
    if (reasons > 0) return was ? unitFates.deadInBoth : unitFates.died;
    return was ? unitFates.revived : 0;
  });
}
