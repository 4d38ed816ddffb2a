import { describe, expect, it } from "vitest";
import { boxOf, layoutMap, movedPlace, placeAt } from "./mapLayout.js";

describe("layoutMap", () => {
  it.each([1, 2, 12, 500, 1000, 5000, 65_536])("holds %d units within any width", (units) => {
    for (const width of [272, 560, 900, 1300])
      for (const ratio of [1, 1.25, 2]) {
        const layout = layoutMap(units, width, 210, ratio);
        expect(layout.width).toBeLessThanOrEqual(width);
        expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(units);
        expect(layout.columns * (layout.rows - 1)).toBeLessThan(units);
        expect(Number.isInteger(layout.pitch)).toBe(true);
        expect(layout.gap).toBeLessThan(layout.pitch);
      }
  });

  it("gives a single unit a cell that can be seen, and a thousand as much as fits", () => {
    expect(layoutMap(1, 560, 210, 1)).toMatchObject({ columns: 1, rows: 1, pitch: 20 });
    expect(layoutMap(1000, 560, 210, 1).pitch).toBe(10);
  });

  it("keeps five thousand cells readable, growing downwards where it is narrow", () => {
    expect(layoutMap(5000, 560, 210, 1).pitch).toBe(5);
    const narrow = layoutMap(5000, 296, 210, 2);
    expect(narrow.pitch).toBe(10);
    expect(narrow.height).toBeGreaterThan(210);
  });
});

describe("places", () => {
  const layout = layoutMap(1000, 560, 210, 2);

  it("finds the cell at the middle of each box", () => {
    for (const place of [0, 1, 55, 56, 999]) {
      const { left, top, size } = boxOf(layout, place);
      expect(placeAt(layout, 1000, left + size / 2, top + size / 2)).toBe(place);
    }
  });

  it("finds none beside the cells", () => {
    const beyond = boxOf(layout, 1000);
    expect(placeAt(layout, 1000, beyond.left + 1, beyond.top + 1)).toBeNull();
    expect(placeAt(layout, 1000, -1, 3)).toBeNull();
    expect(placeAt(layout, 1000, layout.width + 30, 3)).toBeNull();
  });
});

describe("movedPlace", () => {
  const grid = { columns: 10 };
  const move = (place: number, key: string, control = false) => movedPlace(grid, 95, place, key, control);

  it("moves by cells, rows and pages and stays on the map", () => {
    expect([move(0, "ArrowLeft"), move(9, "ArrowRight"), move(94, "ArrowRight")]).toEqual([0, 10, 94]);
    expect([move(3, "ArrowUp"), move(23, "ArrowUp"), move(23, "ArrowDown")]).toEqual([3, 13, 33]);
    expect([move(88, "ArrowDown"), move(93, "ArrowDown")]).toEqual([94, 93]);
    expect([move(23, "PageDown"), move(23, "PageUp"), move(60, "PageDown")]).toEqual([73, 3, 94]);
  });

  it("goes to the ends of the row, and with Control of the map", () => {
    expect([move(23, "Home"), move(23, "End"), move(92, "End")]).toEqual([20, 29, 94]);
    expect([move(23, "Home", true), move(23, "End", true)]).toEqual([0, 94]);
    expect(move(23, "x")).toBeNull();
  });
});
