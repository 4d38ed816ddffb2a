/** What is known of a layer's units: structurally dead ones, or what became of them between two files. */
import { compareUnits } from "../../src/common/compareModels.js";
import { deadReasons, type Layer, type LayerStructure } from "../../src/common/layers.js";
import type { UnitKind } from "../dashboard/units/unitKinds.js";
import { t } from "../shared/l10n.js";
import { integer } from "../shared/numbers.js";
import type { InspectorModel } from "./model.js";

/** How a unit is drawn, and by which words. */
export interface UnitMark {
  kind: UnitKind;
  /** "{0} dead", with a count. */
  counted(count: string): string;
}

export interface LayerMarks {
  layer: Layer;
  /** Mark of each unit, by its place in `legend`, from 1; 0 for none. Null where there is no such figure; undefined where it is to come. */
  marks: ArrayLike<number> | null | undefined;
  /** Why a unit is dead, where that is known. */
  structure: LayerStructure | null;
}

export const deadLegend: readonly UnitMark[] = [
  { kind: "dead", counted: (count) => t("{0} structurally dead", count) },
];

export const comparedLegend: readonly UnitMark[] = [
  { kind: "dead", counted: (count) => t("{0} died", count) },
  { kind: "alwaysOn", counted: (count) => t("{0} came back", count) },
  { kind: "rare", counted: (count) => t("{0} dead in both", count) },
];

/** Of every layer, in the file's order; of two files those of the later one. */
export function layerMarks(model: InspectorModel, swapped: boolean): LayerMarks[] {
  if (!model.comparing) {
    const [side] = model.sides;
    return (side?.layers ?? []).map((layer, l) => {
      const structure = side!.structures[l];
      return {
        layer,
        structure: structure ?? null,
        marks: structure?.map((reasons) => Number(reasons > 0)) ?? structure,
      };
    });
  }
  const [first, second] = model.ordered(swapped);
  const before = new Map(first.layers.map(({ name }, l) => [name, first.structures[l]]));
  return second.layers.map((layer, l) => {
    const structure = second.structures[l];
    const earlier = before.has(layer.name) ? before.get(layer.name) : null;
    const marks = structure && earlier ? compareUnits(earlier, structure) : undefined;
    const known = structure !== undefined && earlier !== undefined;
    return { layer, structure: structure ?? null, marks: marks ?? (known ? null : undefined) };
  });
}

/** How many units have each mark of the legend. */
export function countMarks(marks: ArrayLike<number>, legend: readonly UnitMark[]): number[] {
  const counts = legend.map(() => 0);
  for (let unit = 0; unit < marks.length; unit++) if (marks[unit]! > 0) counts[marks[unit]! - 1]!++;
  return counts;
}

/** "3 structurally dead"; of several only those that there are, and at most so many. */
export function marksText(marks: ArrayLike<number>, legend: readonly UnitMark[], most = legend.length): string {
  const counts = countMarks(marks, legend);
  const parts = legend.flatMap(({ counted }, m) => (counts[m]! > 0 ? [counted(integer(counts[m]!))] : []));
  return parts.length > 0 ? parts.slice(0, most).join(", ") : legend[0]!.counted(integer(0));
}

/** Each reason that a unit is dead for. */
export function reasonTexts(reasons: number): string[] {
  return [
    ...(reasons & deadReasons.incoming ? [t("All its incoming weights are zero, and its bias is at most 0.")] : []),
    ...(reasons & deadReasons.bound ? [t("Whatever its inputs are, its pre-activation is at most 0.")] : []),
    ...(reasons & deadReasons.outgoing ? [t("No layer after it has a weight for it.")] : []),
  ];
}
