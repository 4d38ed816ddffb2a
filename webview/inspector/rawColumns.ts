/** The fields of copies and exports: stable names in English, raw values. */
import type { TensorFigures } from "../../src/common/tensors.js";
import { isDifferent } from "./columns.js";
import type { ComparedRow, TensorRow } from "./model.js";
import type { RawColumn } from "./tables.js";

/** @param layerName of the layer that a tensor belongs to */
export function rawTensorColumns(layerName: (layer: number | null) => string | null): RawColumn<TensorRow>[] {
  const figure = (name: string, of: (figures: TensorFigures) => number | null): RawColumn<TensorRow> => ({
    name,
    value: ({ figures }) => (figures?.counted ? of(figures) : null),
  });
  return [
    { name: "name", value: ({ name }) => name },
    { name: "role", value: ({ role }) => role },
    { name: "layer", value: ({ layer }) => layerName(layer) },
    { name: "shape", value: ({ shape }) => shape.join("x") },
    { name: "dtype", value: ({ dtype }) => dtype },
    { name: "storedAs", value: ({ storedAs }) => storedAs },
    { name: "elements", value: ({ elements }) => elements },
    { name: "bytes", value: ({ bytes }) => bytes },
    figure("zeros", ({ zeros }) => zeros),
    figure("nearZero", ({ nearZero }) => nearZero),
    figure("norm", ({ norm }) => norm),
    figure("min", ({ min }) => min),
    figure("max", ({ max }) => max),
    figure("notNumbers", ({ notNumbers }) => notNumbers),
    figure("infinite", ({ infinite }) => infinite),
    figure("deadRows", ({ deadRows }) => deadRows),
    figure("deadColumns", ({ deadColumns }) => deadColumns),
    ...[0, 1, 2, 3, 4].map((zeros) =>
      figure(`groupsOfFourWith${zeros}Zeros`, ({ groupsOfFour }) => groupsOfFour?.[zeros] ?? null),
    ),
  ];
}

export const rawComparedColumns: readonly RawColumn<ComparedRow>[] = [
  { name: "name", value: ({ name }) => name },
  {
    name: "change",
    value: (row) => (row.change === "same kind" ? (isDifferent(row) ? "values" : "none") : row.change),
  },
  { name: "shapeBefore", value: ({ earlier }) => earlier?.shape.join("x") ?? null },
  { name: "shapeAfter", value: ({ later }) => later?.shape.join("x") ?? null },
  { name: "storedAsBefore", value: ({ earlier }) => earlier?.storedAs ?? null },
  { name: "storedAsAfter", value: ({ later }) => later?.storedAs ?? null },
  { name: "elementsBefore", value: ({ earlier }) => earlier?.elements ?? null },
  { name: "elementsAfter", value: ({ later }) => later?.elements ?? null },
  { name: "zerosBefore", value: ({ earlier }) => (earlier?.figures?.counted ? earlier.figures.zeros : null) },
  { name: "zerosAfter", value: ({ later }) => (later?.figures?.counted ? later.figures.zeros : null) },
  { name: "normBefore", value: ({ earlier }) => (earlier?.figures?.counted ? earlier.figures.norm : null) },
  { name: "normAfter", value: ({ later }) => (later?.figures?.counted ? later.figures.norm : null) },
];
