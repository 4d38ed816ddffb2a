import { describe, expect, it } from "vitest";
import type { TrainLine } from "../../../src/common/run.js";
import { align, thin } from "./columns.js";
import { placeLabels } from "./endLabels.js";
import { decadeScale, type Limits, shareScale, smallShareScale } from "./scales.js";

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

describe("thin", () => {
  it("leaves few lines as they are", () => {
    const lines = [line(1, 1), line(2, 2)];
    expect(thin(lines, 2)).toEqual(lines);
  });

  it("takes means weighted by examples, at the group's end", () => {
    const [first] = thin([line(1, 1, 100), line(2, 4, 300), line(3, 0), line(4, 0)], 2);
    expect(first).toMatchObject({ step: 2, n: 400, loss: 3.25 });
    expect(first?.layers[0]?.sparsity).toBeCloseTo(0.5);
  });

  it("does not change full groups while lines arrive", () => {
    const lines = Array.from({ length: 12 }, (_, i) => line(i, i));
    const earlier = thin(lines.slice(0, 9), 4);
    expect(earlier.map(({ step }) => step)).toEqual([3, 7, 8]);
    expect(thin(lines, 4).slice(0, 2)).toEqual(earlier.slice(0, 2));
  });

  it("keeps undefined sparsity undefined", () => {
    const none = line(1, 1);
    none.layers = [{ sparsity: null, gradientNorm: 1 }];
    expect(thin([none, line(2, 2)], 1)[0]?.layers[0]?.sparsity).toBeNull();
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

function line(step: number, loss: number, n = 100): TrainLine {
  return {
    kind: "train",
    step,
    epoch: step,
    set: "train",
    n,
    loss,
    error: 0,
    layers: [{ sparsity: 0.5, gradientNorm: 1 }],
  };
}
