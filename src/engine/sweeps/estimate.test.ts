import { expect, test } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import { stagesOf, sweepSchema } from "../../common/sweep.js";
import { estimate, type PastRun } from "./estimate.js";
import type { SweepPlan } from "./sweepFile.js";
import { workOf } from "./work.js";

const inline = {
  dataset: { name: "mnist-sample" },
  network: { hidden: [100] },
  training: { learningRate: 0.1, epochs: 10 },
} as const;
const base = experimentSchema.parse(inline);
const data = { dimension: 784, classes: 10, train: 8_000, valid: 2_000, test: 2_000 };

const planOf = (rest: object): SweepPlan => {
  const sweep = sweepSchema.parse({ base: inline, ...rest });
  return { sweep, base, stages: stagesOf(sweep), trials: 0 };
};
const past = (hidden: number[], seconds: number): PastRun => ({
  config: { ...base, network: { ...base.network, hidden } },
  data,
  seconds,
});
const launch = 0.3;

test("six trials like an earlier run take six times as long, on two cores half of that", () => {
  const plan = planOf({ axes: { "training.l1": [0, 1, 2] }, seeds: 2 });
  expect(estimate(plan, 1, [past([100], 10)], null)).toEqual({
    seconds: expect.closeTo(6 * (10 + launch), 9),
    fromRuns: true,
  });
  expect(estimate(plan, 2, [past([100], 10)], null)?.seconds).toBeCloseTo(3 * (10 + launch), 9);
  // no more at once than there are trials
  expect(estimate(plan, 64, [past([100], 10)], null)?.seconds).toBeCloseTo(10 + launch, 9);
});

test("what a trial varies counts, and the nearest earlier run tells", () => {
  const seconds = (rest: object, runs: PastRun[]) => (estimate(planOf(rest), 1, runs, null)?.seconds ?? 0) - launch;
  expect(seconds({ set: { "training.epochs": 20 } }, [past([100], 10)])).toBeGreaterThan(18);
  expect(seconds({ set: { "network.hidden": [400] } }, [past([100], 10)])).toBeCloseTo(40, 0);
  const other = past([120], 100);
  expect(seconds({}, [other, past([100], 10)])).toBeCloseTo(10, 6);
});

test("without an earlier run of about that size the measurement tells, and without that nothing does", () => {
  const tiny = past([1], 1);
  expect(estimate(planOf({}), 1, [tiny], null)).toBeNull();
  expect(estimate(planOf({}), 1, [tiny], 1e-9)).toEqual({
    seconds: expect.closeTo(workOf(base, data) * 1e-9 + launch, 9),
    fromRuns: false,
  });
  const unknown = planOf({});
  const idx = { ...unknown, base: { ...base, dataset: { ...base.dataset, name: "idx" as const, folder: "x" } } };
  expect(estimate(idx, 1, [], 1e-9)).toBeNull();
});
