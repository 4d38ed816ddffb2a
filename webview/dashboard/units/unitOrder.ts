/** In which order the map shows the units. */
import type { UnitOrder } from "../viewState.js";

/** Unit indices in the order shown: as they are numbered, or the ones that fire most first, the dead last. */
export function orderUnits(frequencies: ArrayLike<number>, order: UnitOrder): Uint32Array {
  const units = Uint32Array.from({ length: frequencies.length }, (_, unit) => unit);
  if (order === "frequency") units.sort((a, b) => (frequencies[b] as number) - (frequencies[a] as number) || a - b);
  return units;
}
