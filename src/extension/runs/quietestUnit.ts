/** The unit of a layer that fires least: a dead one where there is one. */
import { loadUnitReader } from "../engine.js";

export interface QuietUnit {
  /** From 0; the first of several. */
  unit: number;
  dead: boolean;
}

/**
 * @param step of an evaluation on the validation set
 * @param layer from 1, with exact zeros
 * @returns null where the run folder has no record of the units
 */
export async function quietestUnit(folder: string, step: number, layer: number): Promise<QuietUnit | null> {
  const { readUnits } = await loadUnitReader();
  const layers = await readUnits(folder, step).catch(() => []);
  const frequencies = layers[layer - 1]?.firingFrequency;
  if (!frequencies || frequencies.length === 0) return null;
  let unit = 0;
  for (let u = 1; u < frequencies.length; u++) if ((frequencies[u] as number) < (frequencies[unit] as number)) unit = u;
  return { unit, dead: frequencies[unit] === 0 };
}
