import fc from "fast-check";
import { expect, test } from "vitest";
import { dealPlaces, type FiringPatterns, orderByCoFiring } from "./unitOrder.js";

/** One row per unit, an example a letter. */
function patterns(...rows: string[]): FiringPatterns {
  return { units: rows.length, words: 1, bits: Uint32Array.from(rows, (row) => Number.parseInt(row, 2)) };
}

test("units that fire on the same examples come to lie in one block, the most active block first", () => {
  const order = orderByCoFiring(
    patterns("0000", "0011", "1100", "0011", "1100", "1100", "0011", "1101", "0011", "0000", "0000", "0000"),
  );
  expect([...order.slice(0, 4)].sort((a, b) => a - b)).toEqual([2, 4, 5, 7]);
  expect([...order.slice(4, 8)].sort((a, b) => a - b)).toEqual([1, 3, 6, 8]);
  expect([...order.slice(8)]).toEqual([0, 9, 10, 11]);
});

test("an order holds every unit once, and so do the places", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 150 }), (rows) => {
      const order = orderByCoFiring({ units: rows.length, words: 1, bits: Uint32Array.from(rows) });
      const all = rows.map((_, unit) => unit);
      expect([...order].sort((a, b) => a - b)).toEqual(all);
      expect([...dealPlaces(order)].sort((a, b) => a - b)).toEqual(all);
    }),
  );
});

test("the most active panels go to the quarters in turn", () => {
  const places = dealPlaces(Int32Array.from({ length: 128 }, (_, unit) => unit));
  const panels = Array.from({ length: 8 }, (_, k) => places[k * 16]! / 16);
  expect(panels).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
});

test("a unit beside others that never fire keeps its block", () => {
  expect(orderByCoFiring(patterns("1", "0", "0", "0", "1"))).toHaveLength(5);
});
