/** The figures on a layer small enough to count by hand. */
import { expect, test } from "vitest";
import { emptyHistory } from "../kernels/referenceKernels.js";
import { type FigureSettings, layerFigures, meanSparsity } from "./layerFigures.js";
import { LayerStatistics } from "./layerStatistics.js";
import { unitStatistics } from "./unitStatistics.js";
import { WeightNorms } from "./weightNorms.js";

const position = {
  step: 30,
  stepsPerEpoch: 5,
  examplesPerEpoch: 50,
  gradientNorm: 3,
  updateNorm: 1.5,
  weightNorm: 6,
};
const settings: FigureSettings = {
  activation: "rectifier",
  rareThreshold: 0.5,
  dormantThreshold: 0.025,
  dyingWindow: 100,
};

/** Four examples, five units: always on, often, once, never, tiny. */
const outputs = Float32Array.from(
  [
    [2, -1, 0, 0, 0.001],
    [2, -1, 0, 0, 0],
    [2, 0, 0, 0, 0.001],
    [2, -1, 5, 0, 0],
  ].flat(),
);

function statistics(): LayerStatistics {
  const result = new LayerStatistics(5);
  // in two parts, from rows that are wider than the layer and hold the units in an order of their own
  const place = Int32Array.of(3, 0, 4, 1, 2);
  const wide = new Float32Array(4 * 8).fill(9);
  for (let b = 0; b < 4; b++) for (let j = 0; j < 5; j++) wide[b * 8 + place[j]!] = outputs[b * 5 + j]!;
  result.add({ values: wide, pitch: 8, place }, 3);
  result.add({ values: wide.subarray(3 * 8), pitch: 8, place }, 1);
  return result;
}

test("sparsity, dead, dormant, rare, always on, active units and mean", () => {
  const history = emptyHistory(5);
  history.lastFiredStep.set([30, 25, 20, -1, 30]);
  const figures = layerFigures(statistics(), history, position, settings);
  expect(figures.sparsity).toBeCloseTo(10 / 20, 12);
  expect(figures.dead).toBe(1);
  // not fired in the last 100 examples, 10 steps: units 3 (at step 20) and 4 (never)
  expect(figures.dying).toBe(2);
  // mean |h| by unit: 2, .75, 1.25, 0, .0005; their mean .8; a share of .025 is .02
  expect(figures.dormant).toBe(2);
  // n = 4 ≥ 2 ÷ 0.5; unit 3 fires on 1 of 4 examples
  expect(figures.rare).toBe(1);
  expect(figures.alwaysOn).toBe(1);
  expect(figures.activeUnits).toEqual({ mean: 10 / 4, p10: 2, p50: 2, p90: 3 });
  expect(figures.meanActivation).toBeCloseTo((8 - 3 + 5 + 0.002) / 20, 6);
  expect(figures.nearZero).toBeNull();
  expect(figures).toMatchObject({ weightNorm: 6, gradientNorm: 3, updateRatio: 0.25 });
});

test("dying is null before training has lasted one window, rare is null on a set that is too small", () => {
  const figures = layerFigures(
    statistics(),
    emptyHistory(5),
    { ...position, step: 9 },
    { ...settings, rareThreshold: 0.4 },
  );
  expect(figures.dying).toBeNull();
  expect(figures.rare).toBeNull();
});

test("units without exact zeros have a near-zero share, and no sparsity: null, not 0", () => {
  const figures = layerFigures(statistics(), emptyHistory(5), position, { ...settings, activation: "tanh" });
  expect(figures).toMatchObject({
    sparsity: null,
    dead: null,
    dying: null,
    rare: null,
    alwaysOn: null,
    activeUnits: null,
  });
  // ten zeros; 0.001 as a single-precision number is a little above 0.001
  expect(figures.nearZero).toBeCloseTo(10 / 20, 12);
  expect(meanSparsity([figures])).toBeNull();
});

test("a network's sparsity is the mean over its layers", () => {
  expect(meanSparsity([{ sparsity: 0.5 }, { sparsity: 0.9 }])).toBeCloseTo(0.7, 12);
});

test("per unit: frequency, mean, maximum and weight norms", () => {
  const [layer, above] = [new WeightNorms(2, 5), new WeightNorms(5, 2)];
  // however many rows come at a time
  layer.add(Float32Array.from([3, 0, 0, 0, 0, 4, 1, 0, 0, 0]));
  for (const rows of [
    [6, 8],
    [0, 1, 0, 0],
    [0, 0, 0, 0],
  ])
    above.add(Float32Array.from(rows));
  expect([layer.whole, above.whole]).toEqual([Math.sqrt(26), Math.sqrt(101)]);
  const units = unitStatistics(statistics(), emptyHistory(5), {
    bias: new Float32Array(5),
    incomingNorm: layer.incoming(),
    outgoingNorm: above.outgoing,
  });
  expect([...units.firingFrequency]).toEqual([1, 0.75, 0.25, 0, 0.5]);
  expect([...units.meanActivation.subarray(0, 4)]).toEqual([2, -0.75, 1.25, 0]);
  expect([...units.maximum.subarray(0, 4)]).toEqual([2, 1, 5, 0]);
  expect([...units.incomingNorm]).toEqual([5, 1, 0, 0, 0]);
  expect([...units.outgoingNorm]).toEqual([10, 1, 0, 0, 0]);
  expect([...units.activeUnits]).toEqual([0, 0, 2, 2, 0, 0]);
});
