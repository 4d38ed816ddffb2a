import { describe, expect, it } from "vitest";
import { itemWindow, scrollTo } from "./itemWindow.js";
import { grouped, searcher, sorted } from "./rows.js";

const rows = [
  { name: "layer10.weight", zeros: 3, layer: 1 },
  { name: "layer2.weight", zeros: null, layer: 0 },
  { name: "other", zeros: 9, layer: null },
  { name: "layer2.bias", zeros: 3, layer: 0 },
];
type Row = (typeof rows)[number];
const columns = [
  { id: "name", value: ({ name }: Row) => name },
  { id: "zeros", value: ({ zeros }: Row) => zeros },
];
const namesOf = (some: readonly Row[]) => some.map(({ name }) => name);

describe("sorted", () => {
  it("keeps the file's order unless a column is chosen that there is", () => {
    expect(sorted(rows, columns, null)).toEqual(rows);
    expect(sorted(rows, columns, { column: "gone", descending: true })).toEqual(rows);
  });

  it("puts what has no figure last, whichever way, and equal rows in the file's order", () => {
    const up = sorted(rows, columns, { column: "zeros", descending: false });
    expect(namesOf(up)).toEqual(["layer10.weight", "layer2.bias", "other", "layer2.weight"]);
    const down = sorted(rows, columns, { column: "zeros", descending: true });
    expect(namesOf(down)).toEqual(["other", "layer10.weight", "layer2.bias", "layer2.weight"]);
  });

  it("counts in names", () => {
    const up = sorted(rows, columns, { column: "name", descending: false });
    expect(namesOf(up)).toEqual(["layer2.bias", "layer2.weight", "layer10.weight", "other"]);
  });
});

it("finds every word, in any order and case", () => {
  const has = searcher(" WEIGHT layer2 ");
  expect(rows.filter(({ name }) => has(name)).map(({ name }) => name)).toEqual(["layer2.weight"]);
  expect(rows.every(({ name }) => searcher("")(name))).toBe(true);
});

it("groups by layer, what belongs to none last", () => {
  const items = grouped(rows, ({ layer }) => layer);
  expect(items.map((item) => ("group" in item ? item.group.layer : item.row.name))).toEqual([
    0,
    "layer2.weight",
    "layer2.bias",
    1,
    "layer10.weight",
    null,
    "other",
  ]);
});

describe("itemWindow", () => {
  it("holds what is in sight, and never more than there is", () => {
    for (const [count, scrolled, room] of [
      [0, 0, 300],
      [3, 0, 300],
      [65_536, 0, 300],
      [65_536, 800_000, 300],
      [65_536, 65_536 * 24, 300],
      [5, 10_000, 300],
    ] as const) {
      const { first, end } = itemWindow(count, 24, scrolled, room);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      expect(end - first).toBeLessThan(40);
      for (let at = 0; at < count; at += 1) {
        const inSight = at * 24 < scrolled + room && (at + 1) * 24 > scrolled;
        if (inSight && (at < first || at >= end)) throw new Error(`${at} is in sight and not drawn`);
      }
    }
  });

  it("scrolls no further than it has to", () => {
    expect(scrollTo(3, 20, 0, 100)).toBe(0);
    expect(scrollTo(5, 20, 0, 100)).toBe(20);
    expect(scrollTo(2, 20, 60, 100)).toBe(40);
  });
});
