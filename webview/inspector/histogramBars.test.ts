import { expect, it } from "vitest";
import { barsPath, histogramBars, powersShown, zeroBarPath } from "./histogramBars.js";

const middle = powersShown;

it("has zeros in the middle, and magnitudes growing outwards on both sides", () => {
  const bars = histogramBars({
    zeros: 4,
    histogram: {
      negative: [[-1, 2]],
      positive: [
        [-2, 3],
        [0, 5],
      ],
    },
  });
  expect(bars?.top).toBe(0);
  expect(bars?.counts).toHaveLength(2 * powersShown + 1);
  expect(bars?.counts[middle]).toBe(4);
  expect(bars?.counts.at(-1)).toBe(5);
  expect(bars?.counts.at(-3)).toBe(3);
  expect(bars?.counts[1]).toBe(2);
});

it("loses no value, however small or large", () => {
  const negative: [number, number][] = [
    [-1074, 1],
    [-30, 2],
  ];
  const positive: [number, number][] = [
    [-20, 8],
    [1023, 4],
  ];
  const bars = histogramBars({ zeros: 0, histogram: { negative, positive } });
  expect(bars?.counts.reduce((sum, count) => sum + count, 0)).toBe(15);
  expect(bars?.counts[middle - 1]).toBe(3);
  expect(bars?.counts[middle + 1]).toBe(8);
});

it("of zeros alone is a bar; of nothing there is none", () => {
  const none = { negative: [], positive: [] };
  const bars = histogramBars({ zeros: 9, histogram: none })!;
  expect(barsPath(bars, 75, 16)).toBe("");
  expect(zeroBarPath(bars, 75, 16)).toBe("M36 16v-16h2.5v16z");
  expect(histogramBars({ zeros: 0, histogram: none })).toBeNull();
});
