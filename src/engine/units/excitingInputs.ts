/** Whether what a unit listens to is dead, by the share of its weights. */
import type { NetworkArrays } from "../network/networkArrays.js";
import { breathing } from "./breathing.js";
import type { ExcitingInputs } from "./causeOfDeath.js";
import type { LayerRecord } from "./layerRecord.js";

/**
 * Looks at the weights through which the unit below could make the unit fire: those of its output's sign.
 * @param signs of the layer below; null where it flips none
 * @param units whose inputs are looked at, all of them dead
 * @returns by unit; a unit without such weights is not in it
 */
export async function excitingInputs(
  arrays: NetworkArrays,
  signs: Float32Array | null,
  below: LayerRecord,
  layer: LayerRecord,
  units: readonly number[],
): Promise<Map<number, ExcitingInputs>> {
  const dead = isDead(below);
  const deadCount = dead.reduce((sum, one) => sum + one, 0);
  const all = new Float64Array(units.length);
  const before = new Float64Array(units.length);
  const by = new Float64Array(units.length);
  const last = units.map((unit) => layer.lastFiredStep[unit]!);
  let i = 0;
  const breathe = breathing();
  for await (const rows of arrays.rows(layer.layer - 1, "weights")) {
    await breathe();
    for (let at = 0; at < rows.length; at += layer.units, i++) {
      const sign = signs?.[i] ?? 1;
      const died = below.lastFiredStep[i]!;
      for (let k = 0; k < units.length; k++) {
        const weight = rows[at + units[k]!]! * sign;
        if (!(weight > 0)) continue;
        all[k]! += weight;
        if (dead[i] === 0) continue;
        if (died < last[k]! || died < 0) before[k]! += weight;
        if (died <= last[k]!) by[k]! += weight;
      }
    }
  }
  return new Map(
    units.flatMap((unit, k) => {
      if (all[k] === 0) return [];
      const found = {
        layer: below.layer,
        units: below.units,
        dead: deadCount,
        diedBefore: before[k]! / all[k]!,
        diedBy: by[k]! / all[k]!,
      };
      return [[unit, found] as const];
    }),
  );
}

/** 1 for units that fired on no example of the last evaluation. */
export function isDead({ columns, units }: LayerRecord): Uint8Array {
  const frequencies = columns.firingFrequency.at(-1) as ArrayLike<number>;
  return Uint8Array.from({ length: units }, (_, j) => Number(frequencies[j] === 0));
}
