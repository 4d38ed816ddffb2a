import { describe, expect, it } from "vitest";
import { binCounts, binValues, roundMarks } from "./evenBins.js";
import { binFrequencies, frequencyBinCount, frequencyRange } from "./frequencyBins.js";
import { kindsOf, rampPosition } from "./unitKinds.js";
import { orderUnits } from "./unitOrder.js";

describe("kindsOf", () => {
  const frequencies = Float32Array.from([0, 0.0001, 0.0009, 0.001, 0.5, 1]);

  it("tells dead, rare, ordinary and always on apart, by counts as the engine does", () => {
    const { kinds, counts } = kindsOf(frequencies, 10_000, 1e-3);
    expect(kinds).toEqual(["dead", "rare", "rare", "ordinary", "ordinary", "alwaysOn"]);
    expect(counts).toEqual({ dead: 1, rare: 2, ordinary: 2, alwaysOn: 1 });
  });

  it("knows nothing rare where rare is not defined", () => {
    expect(kindsOf(frequencies, 10_000, null).counts).toMatchObject({ rare: 0, ordinary: 4 });
  });
});

it("places frequencies on four decades", () => {
  expect([0, 1e-9, 1e-4, 1e-2, 1].map(rampPosition)).toEqual([0, 0, 0, 0.5, 1]);
});

it("orders by frequency, ties by position", () => {
  expect([...orderUnits([0, 0.5, 1, 0.5], "frequency")]).toEqual([2, 1, 3, 0]);
  expect([...orderUnits([0, 0.5, 1, 0.5], "position")]).toEqual([0, 1, 2, 3]);
});

describe("binFrequencies", () => {
  it("keeps dead and rare apart, and counts every unit once", () => {
    const frequencies = Float32Array.from([0, 0, 0.0005, 0.001, 0.1, 0.1, 1]);
    const found = binFrequencies(frequencies, kindsOf(frequencies, 10_000, 1e-3), 10_000, true);
    expect([found.dead, found.rare]).toEqual([2, 1]);
    expect(found.bins.reduce((sum, count) => sum + count)).toBe(4);
    expect([found.bins[8], found.bins[24], found.bins[frequencyBinCount - 1]]).toEqual([1, 2, 1]);
  });

  it("puts what is rarer than the scale into its first bin, where rare is not defined", () => {
    const frequencies = [1e-6];
    const found = binFrequencies(frequencies, kindsOf(frequencies, 1_000_000, null), 1_000_000, false);
    expect([found.rare, found.bins[0]]).toEqual([null, 1]);
  });

  it("spans 10⁻⁴ to 1", () => {
    expect(frequencyRange(0)[0]).toBeCloseTo(1e-4, 10);
    expect(frequencyRange(frequencyBinCount - 1)[1]).toBe(1);
    expect(frequencyRange(8)[0]).toBeCloseTo(1e-3, 10);
  });
});

describe("binValues", () => {
  it("counts every finite value once, the largest in the last bin", () => {
    const bins = binValues([0, 1, 2, 4, Number.NaN], 4);
    expect(bins).toEqual({ low: 0, high: 4, counts: [1, 1, 1, 1] });
  });

  it("gives a single value some width, and nothing nothing", () => {
    expect(binValues([3, 3], 3)).toMatchObject({ low: 2.85, counts: [0, 2, 0] });
    expect(binValues([0], 2)).toMatchObject({ low: -0.5, high: 0.5 });
    expect(binValues([], 3)).toBeNull();
  });
});

describe("binCounts", () => {
  it("keeps single counts while they fit", () => {
    expect(binCounts([0, 0, 5, 0, 7, 0], 10)).toEqual({ low: 2, high: 5, width: 1, counts: [5, 0, 7] });
  });

  it("merges neighbours into whole widths and loses none", () => {
    const histogram = Array.from({ length: 1001 }, (_, active) => (active >= 203 && active <= 407 ? 2 : 0));
    const bins = binCounts(histogram, 40);
    expect(bins?.width).toBe(6);
    expect(bins?.counts.length).toBeLessThanOrEqual(41);
    expect(bins?.counts.reduce((sum, count) => sum + count)).toBe(410);
    expect((bins?.low ?? 0) % 6).toBe(0);
  });

  it("has nothing to say of no examples", () => {
    expect(binCounts([0, 0, 0], 4)).toBeNull();
  });
});

it("marks round values", () => {
  expect(roundMarks(0, 1000, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(roundMarks(-0.13, 0.21, 4)).toEqual([-0.1, 0, 0.1, 0.2]);
  expect(roundMarks(5, 5, 4)).toEqual([5]);
});
