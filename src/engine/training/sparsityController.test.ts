/** The controller on plants that are simpler than a network: sparsity that follows λ slowly, with the noise of mini-batches. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { penaltyLimits } from "../../common/sparsityTarget.js";
import { Random } from "../network/random.js";
import { afterStep, initialControl, penaltyOf, type SparsityControl } from "./sparsityController.js";

interface Plant {
  /** What λ has to be for a share of zeros half-way between the natural one and 1. */
  scale: number;
  /** Without a penalty. */
  natural: number;
  /** Steps in which most of the way to where λ leads is gone. */
  lag: number;
  noise: number;
}

test.each([
  ["the paper's network at a small rate", { scale: 3e-3, natural: 0.54, lag: 3000, noise: 0.02 }],
  ["one that follows at once", { scale: 1e-3, natural: 0.5, lag: 50, noise: 0.02 }],
  ["one that needs a penalty a hundred times larger", { scale: 0.1, natural: 0.5, lag: 1000, noise: 0.01 }],
  ["one that needs next to none", { scale: 2e-5, natural: 0.45, lag: 1000, noise: 0.03 }],
] satisfies [string, Plant][])("70, 80 and 90 %% are reached and held by %s", (_, plant) => {
  for (const target of [0.7, 0.8, 0.9]) {
    const { sparsities } = simulated(plant, target, 25_000);
    expect(Math.abs(mean(sparsities.slice(-2000)) - target)).toBeLessThan(0.02);
    // held, and not passed through
    for (const sparsity of sparsities.slice(-5000)) expect(Math.abs(sparsity - target)).toBeLessThan(0.03);
  }
});

test("a network that is sparser by itself is left without a penalty, which comes back when it is wanted", () => {
  const plant = { scale: 3e-3, natural: 0.74, lag: 2000, noise: 0.02 };
  const { sparsities, penalties, control } = simulated(plant, 0.7, 25_000);
  expect(penalties.slice(-5000).every((penalty) => penalty === 0)).toBe(true);
  expect(mean(sparsities.slice(-2000))).toBeCloseTo(0.74, 1.7);
  // nothing has been wound up meanwhile
  const wanted = simulated(plant, 0.8, 25_000, control);
  expect(wanted.penalties[500]).toBeGreaterThan(1e-5);
  expect(mean(wanted.sparsities.slice(-2000))).toBeCloseTo(0.8, 1.7);
});

test("it starts at λ as the config says, and comes back from there", () => {
  const plant = { scale: 3e-3, natural: 0.54, lag: 2000, noise: 0.02 };
  for (const l1 of [0, 1e-4, 0.01, 1]) {
    expect(penaltyOf(initialControl(l1), 0.8)).toBeCloseTo(l1, 12);
    expect(mean(simulated(plant, 0.8, 40_000, initialControl(l1)).sparsities.slice(-2000))).toBeCloseTo(0.8, 1.7);
  }
});

test("steps in which λ was not its own move the smoothed sparsity, and nothing else", () => {
  const control: SparsityControl = { sparsity: 0.5, integral: 0.8 };
  const after = afterStep(control, 0.9, 0.7, true);
  expect(after.integral).toBe(0.8);
  expect(after.sparsity).toBeGreaterThan(0.5);
  expect(after.sparsity).toBeLessThan(0.7);
});

describe("whatever is measured", () => {
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 });
  const targets = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  test("λ stays within its bounds, and the state comes back from JSON as it was", () => {
    fc.assert(
      fc.property(shares, targets, fc.double({ min: 0, max: 1, noNaN: true }), (measured, target, l1) => {
        let control = initialControl(l1);
        for (const share of measured) {
          control = afterStep(control, target, share, false);
          expect(JSON.parse(JSON.stringify(control))).toEqual(control);
          const penalty = penaltyOf(control, target);
          expect(penalty).toBeGreaterThanOrEqual(penaltyLimits.least);
          expect(penalty).toBeLessThanOrEqual(penaltyLimits.most);
        }
      }),
    );
  });
  test("more zeros never make λ larger", () => {
    fc.assert(
      fc.property(targets, fc.double({ min: 0, max: 5, noNaN: true }), shares, (target, integral, [a = 0, b = 0]) => {
        const at = (sparsity: number) => penaltyOf({ sparsity, integral }, target);
        expect(at(Math.max(a, b))).toBeLessThanOrEqual(at(Math.min(a, b)));
      }),
    );
  });
});

function simulated({ scale, natural, lag, noise }: Plant, target: number, steps: number, from = initialControl(0)) {
  const random = Random.stream(1, "plant");
  let control = from;
  let sparsity = 0.5;
  const sparsities: number[] = [];
  const penalties: number[] = [];
  for (let step = 0; step < steps; step++) {
    const penalty = penaltyOf(control, target);
    // from the natural share at λ = 0 towards 1
    const leads = natural + ((1 - natural) * penalty) / (penalty + scale);
    sparsity += (leads - sparsity) / lag;
    control = afterStep(control, target, clamp(sparsity + noise * (2 * random.uniform() - 1)), false);
    sparsities.push(sparsity);
    penalties.push(penalty);
  }
  return { sparsities, penalties, control };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
