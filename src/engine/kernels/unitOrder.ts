/**
 * Which units lie side by side in memory. A step costs by blocks of four units of which one is active: units that fire on the same
 * examples, put into the same block, leave more blocks empty.
 */
import { panelColumns, quarterPanels } from "./panelLayout.js";

/** On which examples each unit of a layer fires: a row of bits per unit. */
export interface FiringPatterns {
  units: number;
  /** Words of 32 examples in a row. */
  words: number;
  /** [units × words] */
  bits: Uint32Array;
}

const blockUnits = 4;

/** Every unit at the place of its number. */
export function inOrder(units: number): Int32Array {
  return Int32Array.from({ length: units }, (_, j) => j);
}

/**
 * The units, most active blocks first. A block begins with the most active unit that is left, and is joined by those that fire most
 * often together with one of it; of equals, by the first.
 */
export function orderByCoFiring({ units, words, bits }: FiringPatterns): Int32Array {
  const row = (unit: number) => bits.subarray(unit * words, (unit + 1) * words);
  const counts = Int32Array.from({ length: units }, (_, unit) => row(unit).reduce((sum, word) => sum + ones(word), 0));
  const left = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const blocks: { members: number[]; active: number }[] = [];
  const union = new Uint32Array(words);
  while (left.length > 0) {
    const members: number[] = [];
    union.fill(0);
    while (members.length < blockUnits && left.length > 0) {
      const at = members.length === 0 ? 0 : bestPartner(union, left, counts, bits, words);
      const unit = left.splice(at, 1)[0]!;
      members.push(unit);
      row(unit).forEach((word, w) => {
        union[w]! |= word;
      });
    }
    blocks.push({ members, active: union.reduce((sum, word) => sum + ones(word), 0) });
  }
  const full = blocks.filter(({ members }) => members.length === blockUnits).sort((a, b) => b.active - a.active);
  // a block that is not full must be the last: the others would be cut at other places
  return Int32Array.from(
    [...full, ...blocks.filter(({ members }) => members.length < blockUnits)].flatMap(({ members }) => members),
  );
}

/** Place in `left` of the unit that fires together with the union most often. */
function bestPartner(union: Uint32Array, left: number[], counts: Int32Array, bits: Uint32Array, words: number): number {
  let best = -1;
  let at = 0;
  for (let k = 0; k < left.length; k++) {
    const unit = left[k]!;
    // nor can any unit after it fire more often than that
    if (counts[unit]! <= best) break;
    let together = 0;
    for (let w = 0; w < words; w++) together += ones(union[w]! & bits[unit * words + w]!);
    if (together > best) {
      best = together;
      at = k;
    }
  }
  return at;
}

/**
 * Where each unit of an order goes: [units]. The most active panels are dealt to the quarters in turn, so that each quarter, which is
 * one thread's, has as much to do.
 */
export function dealPlaces(order: Int32Array): Int32Array {
  const units = order.length;
  const panels = quarterPanels(units);
  const places = new Int32Array(units);
  let next = 0;
  for (let turn = 0; next < units; turn++)
    for (let quarter = 0; quarter + 1 < panels.length; quarter++) {
      const panel = panels[quarter]! + turn;
      if (panel >= panels[quarter + 1]!) continue;
      const end = Math.min(units, (panel + 1) * panelColumns);
      for (let place = panel * panelColumns; place < end; place++) places[order[next++]!] = place;
    }
  return places;
}

/** Number of one bits. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
