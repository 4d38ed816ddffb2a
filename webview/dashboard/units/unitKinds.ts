/** What a unit's firing frequency makes of it on a set of n examples. */

export type UnitKind = "dead" | "rare" | "ordinary" | "alwaysOn";

export interface UnitKinds {
  kinds: UnitKind[];
  counts: Record<UnitKind, number>;
}

/** On how many of n examples a unit fires; frequencies come in single precision. */
export function firings(frequency: number, n: number): number {
  return Math.round(frequency * n);
}

/** @param rareThreshold null where the set is too small to tell rare from dead */
export function kindsOf(frequencies: ArrayLike<number>, n: number, rareThreshold: number | null): UnitKinds {
  const counts: Record<UnitKind, number> = { dead: 0, rare: 0, ordinary: 0, alwaysOn: 0 };
  const kinds = Array.from(frequencies, (frequency) => {
    const kind = kindOf(firings(frequency, n), n, rareThreshold);
    counts[kind]++;
    return kind;
  });
  return { kinds, counts };
}

function kindOf(count: number, n: number, rareThreshold: number | null): UnitKind {
  if (count === 0) return "dead";
  if (rareThreshold !== null && count < rareThreshold * n) return "rare";
  return count >= n ? "alwaysOn" : "ordinary";
}

/** Decades of firing frequency that ramp and histogram span, down from 1. */
export const decades = 4;

/** 10⁻⁴ → 0, 1 → 1, evenly in the logarithm; what is rarer is at 0. */
export function rampPosition(frequency: number): number {
  if (frequency <= 0) return 0;
  return Math.min(1, Math.max(0, 1 + Math.log10(frequency) / decades));
}
