/** What the benchmark makes of its measurements; its times are never a test. */
import { expect, test } from "vitest";
import type { NetworkShape } from "../../src/engine/network/network.js";
import { disagreement } from "../bench/speed/agreement.js";
import { parametersOfDensity } from "../bench/speed/densities.js";
import { operationsOf } from "../bench/speed/operations.js";
import { reviews } from "../bench/speed/reviews.js";
import { interleaved } from "../bench/speed/rounds.js";
import { combined, rowOf, verdict } from "../bench/speed/rows.js";
import { integral, median, speedup, spreadOf } from "../bench/speed/statistics.js";
import { number, table } from "../bench/speed/table.js";
import { works } from "../bench/speed/works.js";

test("median and spread", () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(spreadOf([2, 9, 4])).toEqual({ median: 4, lowest: 2, highest: 9 });
  expect(() => median([])).toThrow(RangeError);
});

test("ratios are taken round by round: a slow round does not count twice", () => {
  // in the second round the whole machine was ten times slower
  expect(speedup([6, 60, 6], [2, 20, 3])).toEqual({ median: 3, lowest: 2, highest: 3 });
  expect(() => speedup([1], [1, 2])).toThrow(/1 rounds against 2/);
});

test("an integral by trapezoids, over uneven steps", () => {
  expect(
    integral([
      { x: 0, y: 4 },
      { x: 1, y: 2 },
      { x: 5, y: 2 },
    ]),
  ).toBe(3 + 8);
});

test("contestants take turns", async () => {
  const turns: string[] = [];
  const values = await interleaved(["a", "b"], 2, async (name, round) => {
    turns.push(`${name}${round}`);
    return turns.length;
  });
  expect(turns).toEqual(["a0", "b0", "a1", "b1"]);
  expect([...values]).toEqual([
    ["a", [1, 3]],
    ["b", [2, 4]],
  ]);
});

test("other losses, other weights and NaN are other work", () => {
  const one = { losses: [0.5, 0.4], change: [0.1, 2] };
  expect(disagreement(one, { losses: [0.5004, 0.3996], change: [0.1001, 2.01] })).toBeNull();
  expect(disagreement(one, { losses: [0.5, 0.4011], change: [0.1, 2] })).toMatch(/step 2 is 0.4 and 0.4011/);
  expect(disagreement(one, { losses: [0.5, Number.NaN], change: [0.1, 2] })).toMatch(/step 2/);
  expect(disagreement(one, { losses: [0.5, 0.4], change: [0.1, 2.1] })).toMatch(/layer 2/);
  // of many steps only the mean counts in the end
  const losses = Array.from({ length: 100 }, () => 1);
  const drifted = losses.map((loss, k) => (k < 60 ? loss : loss + 0.002));
  expect(disagreement({ losses, change: [] }, { losses: drifted, change: [] })).toBeNull();
  const far = losses.map((loss, k) => (k < 60 ? loss : loss + 0.01));
  expect(disagreement({ losses, change: [] }, { losses: far, change: [] })).toMatch(/mean loss of 100 steps/);
  // who makes fewer steps is compared on those
  expect(disagreement(one, { losses: [0.5], change: [9, 9] })).toBeNull();
  expect(disagreement(one, { losses: [0.6], change: [9, 9] })).toMatch(/step 1/);
});

test("a row: the better of our thread counts, per round, against floor and goal", () => {
  const work = works.find(({ name }) => name === "trained")!;
  const times = { "ours 1 thread": [[2, 2]], "ours 2 threads": [[1, 1.25]], PyTorch: [[20, 25]] };
  const row = rowOf(work, times, [0], 10);
  expect(row.rates["ours 1 thread"]).toEqual({ median: 5, lowest: 5, highest: 5 });
  const [torch, threads] = row.ratios;
  expect(torch).toMatchObject({ of: "2 threads", to: "PyTorch", speedup: { median: 20 }, floor: 12, goal: 25 });
  expect(threads).toMatchObject({ of: "2 threads", to: "ours 1 thread", speedup: { median: 1.8 } });
  expect(verdict(torch!)).toBe("floor met");
  expect(verdict(threads!)).toBe("goal met");
  expect(verdict({ ...torch!, floor: 21 })).toBe("below the floor");
  expect(verdict({ ...torch!, floor: null })).toBe("");
});

test("a work over epochs is the mean of a step's time over its axis", () => {
  const byPoint = [
    [4, 8],
    [2, 4],
    [2, 4],
  ];
  expect(combined(byPoint, [0, 1, 5], "integral")).toEqual([11 / 5, 22 / 5]);
  expect(combined(byPoint, [0, 1, 5], "one")).toEqual([4, 8]);
});

test("a table: text to the left, numbers to the right", () => {
  expect(table(["work", "a"], [["trained", "1.0"], ["x"]])).toBe("work       a\n───────  ───\ntrained  1.0\nx");
  expect([0.0345, 1.234, 12.34, 123.4, 12345.6].map(number)).toEqual(["0.035", "1.23", "12.3", "123", "12,346"]);
});

const small: NetworkShape = {
  inputs: 400,
  hidden: [300, 200],
  classes: 2,
  activation: "rectifier",
  sharpness: 1,
  signs: "half",
};

test("operations: forward from active inputs, gradients between active units only", () => {
  expect(operationsOf(small, 0.5, [0.1, 0.25])).toEqual({
    forward: 200 * 300 + 30 * 200 + 50 * 2,
    backward: 30 * 50 + 50 * 2,
    update: 200 * 30 + 30 * 50 + 50 * 2,
  });
});

test("reviews: as many words as asked, the frequent ones first; networks as active as asked", () => {
  const n = 200;
  const inputs = reviews(n, small.inputs, 20, 1);
  const set = inputs.reduce((sum, value) => sum + value, 0) / n;
  expect(Math.abs(set / 20 - 1)).toBeLessThan(0.1);
  const rows = Array.from({ length: n }, (_, k) => Float32Array.from(inputs.subarray(k * 400, (k + 1) * 400)));
  const uses = (from: number, to: number) =>
    rows.reduce((sum, row) => sum + row.subarray(from, to).reduce((a, b) => a + b, 0), 0);
  expect(uses(0, 100)).toBeGreaterThan(3 * uses(300, 400));

  for (const density of [0.1, 0.5, 1]) {
    const [layer] = parametersOfDensity(small, 1, density, rows);
    const { weightsInOut, biases } = layer!;
    let active = 0;
    for (const row of rows)
      for (let j = 0; j < 300; j++) {
        let a = biases[j]!;
        for (let i = 0; i < 400; i++) a += row[i]! * weightsInOut[i * 300 + j]!;
        if (a > 0) active++;
      }
    expect(Math.abs(active / (n * 300) - density)).toBeLessThan(0.01);
  }
});
