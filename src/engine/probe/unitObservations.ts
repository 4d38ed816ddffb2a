/** A tensor of activations, in which every unit has an output for each example, or for each of its positions. */
import type { LayerStatistics } from "../sparsity/layerStatistics.js";
import type { ActivationPoint } from "./activationPoints.js";

export interface UnitLayout {
  units: number;
  /** Observations whose units lie `step` apart, and themselves side by side; `blocks` of them, `pitch` apart. */
  blocks: number;
  side: number;
  pitch: number;
  step: number;
}

/**
 * What an axis of units means: of convolutions the second, of matrices the last. Where neither is known, ONNX's convention: the second, but
 * of three axes the last (examples, places, units).
 * @param shape the axis of the examples first
 * @param rows along the first axis that count
 * @returns null for what has no such axis
 */
export function unitLayout(
  shape: readonly number[],
  rows: number,
  unitsOf: ActivationPoint["unitsOf"],
): UnitLayout | null {
  if (shape.length < 2) return null;
  const last = shape.length - 1;
  const axis = unitsOf === "matrix" || (unitsOf === null && shape.length === 3) ? last : 1;
  const units = shape[axis]!;
  const side = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const blocks = shape.slice(1, axis).reduce((product, size) => product * size, rows);
  return units * side * blocks === 0 ? null : { units, blocks, side, pitch: units * side, step: side };
}

/** @param values of the whole tensor */
export function addObservations(
  statistics: LayerStatistics,
  values: Float32Array | Float64Array,
  { units, blocks, side, pitch, step }: UnitLayout,
): void {
  const place = Int32Array.from({ length: units }, (_, unit) => unit * step);
  if (side === 1) statistics.add({ values, pitch, place }, blocks);
  else
    for (let block = 0; block < blocks; block++)
      statistics.add({ values: values.subarray(block * pitch, (block + 1) * pitch), pitch: 1, place }, side);
}
