import { describe, expect, it } from "vitest";
import type { LayerFigures } from "../common/metrics.js";
import type { EvalLine, LayerShape } from "../common/run.js";
import { epochName, layersTable, summaryLines, table } from "./tables.js";

const shapes: LayerShape[] = [
  { layer: 1, inputs: 784, units: 1000, activation: "rectifier", signs: "half" },
  { layer: 2, inputs: 1000, units: 10, activation: "softmax", signs: "none" },
];

const figures: LayerFigures = {
  sparsity: 0.905,
  nearZero: null,
  dead: 12,
  dying: 3,
  dormant: 40,
  rare: null,
  alwaysOn: 0,
  activeUnits: { mean: 95.1, p10: 80, p50: 95, p90: 110 },
  meanActivation: -0.0123456,
  weightNorm: 10,
  gradientNorm: 0.2,
  updateRatio: 0.0006,
};

const evaluation = (layer: LayerFigures): EvalLine => ({
  kind: "eval",
  step: 1,
  epoch: 1,
  set: "valid",
  n: 2000,
  loss: 1,
  error: 0.1,
  layers: [layer],
});

it("table aligns numbers at the right", () => {
  expect(table(["a", "number"], [["long name", "1"], ["b"]])).toEqual([
    "a          number",
    "─────────────────",
    "long name       1",
    "b",
  ]);
});

describe("layersTable", () => {
  it("shows every figure of rectifiers, and – for what is not known", () => {
    const [head, , row] = layersTable(shapes, evaluation(figures));
    expect(head?.split(/ {2,}/)).toEqual([
      "Layer",
      "Units",
      "Zeros",
      "Dead",
      "Dying",
      "Dormant",
      "Rare",
      "Always on",
      "Active/example",
      "Mean activation",
    ]);
    expect(row?.split(/ {2,}/)).toEqual([
      "1 rectifier",
      "1,000",
      "90.5 %",
      "12",
      "3",
      "40",
      "–",
      "0",
      "95.1",
      "-0.0123",
    ]);
  });

  it("has no zeros and no dead units for other units", () => {
    const other = {
      ...figures,
      sparsity: null,
      nearZero: 0.25,
      dead: null,
      dying: null,
      rare: null,
      alwaysOn: null,
      activeUnits: null,
    };
    const [head, , row] = layersTable([{ ...shapes[0], activation: "tanh" } as LayerShape], evaluation(other));
    expect(head?.split(/ {2,}/)).toEqual(["Layer", "Units", "|h| < 0.001", "Dormant", "Mean activation"]);
    expect(row?.split(/ {2,}/)).toEqual(["1 tanh", "1,000", "25.0 %", "40", "-0.0123"]);
  });
});

it("summaryLines name the set and its size beside every figure", () => {
  const set = { set: "valid" as const, n: 2000 };
  const result = { ...set, error: 0.0525, loss: 0.174 };
  const lines = summaryLines({
    epochs: 8,
    bestEpoch: 8,
    bestStep: 6400,
    test: { ...result, set: "test", error: 0.0435 },
    valid: result,
    sparsity: { ...set, mean: 0.913, layers: [0.952, 0.873] },
    dead: { ...set, total: 3, layers: [3, 0] },
    samplesPerSecond: 1,
    seconds: 1,
  });
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/Test error +4.35 % .*2,000 test examples/);
  expect(lines[2]).toMatch(/Zeros +91.3 % .*2,000 validation examples/);
  expect(lines[3]).toMatch(/Dead units +3 .*2,000 validation examples/);
});

it("epochName", () => {
  expect([epochName(3), epochName(2.5)]).toEqual(["epoch 3", "epoch 2.50"]);
});
