import { expect, test } from "vitest";
import { packTrainLines, unpackTrainLines } from "./frames.js";
import type { TrainLine } from "./run.js";
import { packUnits, unitColumns, unpackUnits } from "./unitFrames.js";

test("training lines come out as they went in", () => {
  const lines: TrainLine[] = [1, 2].map((step) => ({
    kind: "train",
    step,
    epoch: step / 7,
    set: "train",
    n: 10,
    loss: 0.5,
    error: 0.25,
    ...(step === 2 && { l1: 0.001 }),
    layers: [
      { sparsity: 0.75, gradientNorm: 2 },
      { sparsity: null, gradientNorm: 3 },
    ],
  }));
  expect(unpackTrainLines(packTrainLines(lines, 2))).toEqual(lines);
  expect(unpackTrainLines(packTrainLines([], 2))).toEqual([]);
});

test("unit figures come out as they went in", () => {
  const layer = (units: number) => ({
    ...(Object.fromEntries(
      unitColumns.map((column, c) => [column, Float64Array.from({ length: units }, (_, j) => c * 100 + j)]),
    ) as Record<(typeof unitColumns)[number], Float64Array>),
    activeUnits: Float64Array.from({ length: units + 1 }, (_, k) => k),
  });
  const layers = [layer(3), layer(1)];
  expect(unpackUnits(packUnits(layers))).toEqual(layers);
});

test("what is no frame is refused", () => {
  for (const unpack of [unpackTrainLines, unpackUnits]) {
    expect(() => unpack(new ArrayBuffer(0))).toThrow(RangeError);
    expect(() => unpack(new ArrayBuffer(7))).toThrow(RangeError);
    expect(() => unpack(new Float64Array(20).buffer)).toThrow(RangeError);
  }
  const cut = packTrainLines([], 1).slice(0, 24);
  expect(() => unpackTrainLines(cut)).toThrow(RangeError);
  const units = new Float64Array(packUnits([]));
  units[2] = 5;
  expect(() => unpackUnits(units.buffer)).toThrow(RangeError);
});
