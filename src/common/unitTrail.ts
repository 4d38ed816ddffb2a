/** Which units somebody looked at: what back and forward lead to, and what was remembered of it. */
import type { UnitPlace, UnitTrail } from "./unitPage.js";

/** Older steps are forgotten. */
const most = 50;

export function startTrail(here: UnitPlace): UnitTrail {
  return { back: [], here, ahead: [] };
}

export function visit(trail: UnitTrail, place: UnitPlace): UnitTrail {
  if (isSame(trail.here, place)) return trail;
  return { back: [...trail.back, trail.here].slice(-most), here: place, ahead: [] };
}

export function goBack(trail: UnitTrail): UnitTrail {
  const { back, here, ahead } = trail;
  const place = back.at(-1);
  return place ? { back: back.slice(0, -1), here: place, ahead: [...ahead, here] } : trail;
}

export function goAhead(trail: UnitTrail): UnitTrail {
  const { back, here, ahead } = trail;
  const place = ahead.at(-1);
  return place ? { back: [...back, here].slice(-most), here: place, ahead: ahead.slice(0, -1) } : trail;
}

/** @param kept anything: a page says what it remembers. @returns null for what is no trail */
export function trailOf(kept: unknown): UnitTrail | null {
  if (typeof kept !== "object" || kept === null) return null;
  const { back, here, ahead } = kept as Record<string, unknown>;
  const place = placeOf(here);
  if (!place) return null;
  return { back: placesOf(back), here: place, ahead: placesOf(ahead) };
}

/** @returns null for what names no unit */
export function placeOf(value: unknown): UnitPlace | null {
  if (typeof value !== "object" || value === null) return null;
  const { layer, unit } = value as Record<string, unknown>;
  return isCount(layer) && layer > 0 && isCount(unit) ? { layer, unit } : null;
}

/**
 * The dead unit after a place: in its layer, in the layers after it, then from the first on.
 * @param dead of each hidden layer its dead units, in their order
 * @returns null where there is no other
 */
export function nextDead({ layer, unit }: UnitPlace, dead: readonly (readonly number[])[]): UnitPlace | null {
  const places = dead.flatMap((units, l) => units.map((one) => ({ layer: l + 1, unit: one })));
  const others = places.filter((place) => !isSame(place, { layer, unit }));
  return (
    others.find((place) => place.layer > layer || (place.layer === layer && place.unit > unit)) ?? others[0] ?? null
  );
}

function placesOf(value: unknown): UnitPlace[] {
  if (!Array.isArray(value)) return [];
  return value.slice(-most).flatMap((one) => placeOf(one) ?? []);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isSame(a: UnitPlace, b: UnitPlace): boolean {
  return a.layer === b.layer && a.unit === b.unit;
}
