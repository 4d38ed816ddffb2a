import { describe, expect, it } from "vitest";
import { align } from "./columns.js";
import { placeLabels } from "./endLabels.js";
import { decadeScale, type Limits, linearScale, shareScale, signedScale, smallShareScale } from "./scales.js";

describe("align", () => {
  it("unites the epochs, leaving out what a curve does not have and hiding what is not finite", () => {
    const columns = align([
      { epochs: [1, 2, 3], values: [0.1, Number.NaN, 0.3] },
      { epochs: [0, 2], values: [5, null] },
    ]);
    expect(columns).toEqual([
      [0, 1, 2, 3],
      [undefined, 0.1, null, 0.3],
      [5, undefined, null, undefined],
    ]);
  });
});

describe("scales", () => {
  it("encloses errors and losses in 1s and 3s of decades", () => {
    expect(decadeScale.limits(0.018, 2.3)).toEqual([0.01, 3]);
    expect(decadeScale.limits(0.03, 0.3)).toEqual([0.03, 0.3]);
    expect(decadeScale.marks([0.01, 3], 8)).toEqual([0.01, 0.03, 0.1, 0.3, 1, 3]);
    expect(decadeScale.marks([0.01, 3], 4)).toEqual([0.01, 0.1, 1]);
  });

  it.each([
    [0, 0.5],
    [0, 0],
    [null, null],
    [1, 1],
    [1e-12, 5],
  ] as [number | null, number | null][])("gives usable decades for %s…%s", (low, high) => {
    const [bottom, top] = decadeScale.limits(low, high);
    expect(bottom).toBeGreaterThan(0);
    expect(top).toBeGreaterThan(bottom);
    expect(top / bottom).toBeLessThan(1e8);
  });

  it("encloses other figures in round numbers, signed ones with 0 among them", () => {
    expect([linearScale.limits(0.02, 2.3), linearScale.limits(0, 0), linearScale.limits(null, null)]).toEqual([
      [0, 2.5],
      [0, 1],
      [0, 1],
    ]);
    expect([signedScale.limits(-0.013, 0.021), signedScale.limits(0.3, 0.4), signedScale.limits(0, 0)]).toEqual([
      [-0.015, 0.025],
      [0, 0.4],
      [-1, 1],
    ]);
    expect(linearScale.marks([0, 2.5], 6)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
    expect(signedScale.marks([-0.015, 0.025], 5)).toEqual([-0.01, 0, 0.01, 0.02]);
  });

  it("shows sparsity up to 100 %, and small shares from 0", () => {
    expect(shareScale.limits(0.49, 0.96)).toEqual([0.4, 1]);
    expect(shareScale.limits(-1e-17, 0.96)).toEqual([0, 1]);
    expect(shareScale.limits(0.99, 1)).toEqual([0.8, 1]);
    expect(shareScale.limits(0.02, 0.058)).toEqual([0, 0.06]);
    expect(smallShareScale.limits(0, 0)).toEqual([0, 0.01]);
    expect(smallShareScale.limits(0, 0.013)).toEqual([0, 0.02]);
  });

  it.each([[[0.4, 1]], [[0, 1]], [[0.8, 1]], [[0, 0.01]], [[0, 0.06]], [[0, 0.02]]] as [Limits][])(
    "marks %j from end to end",
    (limits) => {
      const marks = shareScale.marks(limits, 5);
      expect(marks.length).toBeLessThanOrEqual(5);
      expect(marks[0]).toBe(limits[0]);
      expect(marks.at(-1)).toBeCloseTo(limits[1]);
    },
  );
});

describe("placeLabels", () => {
  const labels = (...ys: number[]) => ys.map((y, i) => ({ text: `layer ${i + 1}`, y }));

  it("moves labels apart and keeps them inside, in the order of their lines", () => {
    const placed = placeLabels(labels(10, 12, 98, 99, 99), 0, 100, 14);
    expect(placed.map((label) => label.at)).toEqual([10, 24, 72, 86, 100]);
  });

  it("thins out what does not fit, keeping the last and the one asked for", () => {
    const many = labels(...Array.from({ length: 20 }, (_, i) => i * 5));
    const placed = placeLabels(many, 0, 100, 14, 4);
    expect(placed.length).toBeLessThanOrEqual(8);
    const shown = placed.map((label) => label.text);
    expect(shown).toContain("layer 20");
    expect(shown).toContain("layer 5");
    for (const label of placed) expect(label.at >= 0 && label.at <= 100).toBe(true);
  });
});
