import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import { type StagePlan, stagesOf, sweepSchema } from "../../common/sweep.js";
import { valuesOf } from "./axes.js";
import { configOfTrial, countTrialsOf, expandStage, lineageOf, type Parent } from "./expand.js";

const inline = {
  dataset: { name: "mnist-sample" },
  network: { hidden: [20, 10] },
  training: { learningRate: 0.1, epochs: 2 },
  seed: 7,
};
const base = experimentSchema.parse(inline);
const fromBase: Parent[] = [{ number: null, params: {}, seed: 7 }];

const sweepOf = (rest: object) => sweepSchema.parse({ base: inline, ...rest });
const planOf = (rest: object) => stagesOf(sweepOf(rest))[0] as StagePlan;
const paramsOf = (rest: object, seed = 1) => expandStage(planOf(rest), { seed }, fromBase).map(({ params }) => params);

describe("axes", () => {
  it("are lists and spaced ranges, ends included and without float noise", () => {
    expect(valuesOf([3, "a", null])).toEqual([3, "a", null]);
    expect(valuesOf({ spacing: "linear", min: 0, max: 0.01, count: 6 })).toEqual([0, 0.002, 0.004, 0.006, 0.008, 0.01]);
    expect(valuesOf({ spacing: "log", min: 0.0001, max: 0.1, count: 4 })).toEqual([0.0001, 0.001, 0.01, 0.1]);
    expect(valuesOf({ spacing: "linear", min: 5, max: 5, count: 1 })).toEqual([5]);
  });

  it("make every combination, the last fastest, then seeds, then folds", () => {
    const axes = { "training.l1": [0, 1], "network.activation": ["rectifier", "tanh"] };
    expect(paramsOf({ axes, seeds: 2 }).map((params) => Object.values(params))).toEqual([
      [0, "rectifier", 7],
      [0, "rectifier", 8],
      [0, "tanh", 7],
      [0, "tanh", 8],
      [1, "rectifier", 7],
      [1, "rectifier", 8],
      [1, "tanh", 7],
      [1, "tanh", 8],
    ]);
    expect(paramsOf({ seeds: [4, 9], folds: 2 })).toEqual([
      { seed: 4, "dataset.fold": { index: 1, of: 2, seed: 1 } },
      { seed: 4, "dataset.fold": { index: 2, of: 2, seed: 1 } },
      { seed: 9, "dataset.fold": { index: 1, of: 2, seed: 1 } },
      { seed: 9, "dataset.fold": { index: 2, of: 2, seed: 1 } },
    ]);
    expect(paramsOf({})).toEqual([{}]);
  });

  it("draw the same values for the same seed, another axis or not, and in every combination", () => {
    const l1 = { "training.l1": { distribution: "uniform", min: 0, max: 0.01 } };
    const rate = { "training.learningRate": { distribution: "logUniform", min: 0.001, max: 1 } };
    const width = { "network.hidden[0]": { distribution: "integer", min: 3, max: 5 } };
    const column = (key: string, all: Record<string, unknown>[]) => all.map((params) => params[key] as number);
    const alone = column("training.l1", paramsOf({ axes: l1, samples: 50 }));
    const three = paramsOf({ axes: { ...width, ...rate, ...l1 }, samples: 50 });
    expect(column("training.l1", three)).toEqual(alone);
    expect(column("training.l1", paramsOf({ axes: l1, samples: 50 }, 2))).not.toEqual(alone);
    expect(new Set(alone).size).toBeGreaterThan(45);
    expect(Math.min(...alone)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...alone)).toBeLessThanOrEqual(0.01);
    const rates = column("training.learningRate", three);
    const belowMiddle = rates.filter((value) => value < 10 ** -1.5).length;
    expect(belowMiddle).toBeGreaterThan(12);
    expect(belowMiddle).toBeLessThan(38);
    expect([...new Set(column("network.hidden[0]", three))].sort()).toEqual([3, 4, 5]);
    const crossed = paramsOf({ axes: { "network.activation": ["tanh", "rectifier"], ...l1 }, samples: 3 });
    expect(column("training.l1", crossed)).toEqual([...alone.slice(0, 3), ...alone.slice(0, 3)]);
  });

  it("a selection over learning rates brings the paper's four along", () => {
    expect(paramsOf({ select: {} })).toEqual(
      [0.1, 0.01, 0.001, 0.0001].map((rate) => ({ "training.learningRate": rate })),
    );
    expect(paramsOf({ select: {}, axes: { "training.learningRate": [1, 2] } })).toHaveLength(2);
  });
});

it("the number of trials is known before they are made", () => {
  const count = fc.integer({ min: 1, max: 3 });
  const axes = fc.record({
    l1: count,
    rates: count,
    samples: fc.option(count, { nil: 0 }),
    seeds: count,
    folds: fc.constantFrom(0, 2, 3),
  });
  fc.assert(
    fc.property(axes, ({ l1, rates, samples, seeds, folds }) => {
      const sweep = {
        axes: {
          "training.l1": Array.from({ length: l1 }, (_, i) => i),
          "training.learningRate": { spacing: "linear", min: 1, max: rates === 1 ? 1 : 2, count: rates },
          ...(samples > 0 ? { "training.epochs": { distribution: "integer", min: 1, max: 9 } } : {}),
        },
        ...(samples > 0 ? { samples } : {}),
        seeds,
        ...(folds > 0 ? { folds } : {}),
      };
      expect(countTrialsOf([planOf(sweep)])).toEqual([paramsOf(sweep).length]);
    }),
  );
});

it("cases keep their values together: each is with every combination of the axes", () => {
  const cases = [{ "network.activation": "rectifier", "training.l1": 0.001 }, { "network.activation": "tanh" }];
  const sweep = { cases, axes: { "training.learningRate": [1, 2] }, seeds: 2 };
  expect(paramsOf(sweep).map((params) => Object.values(params))).toEqual([
    ["rectifier", 0.001, 1, 7],
    ["rectifier", 0.001, 1, 8],
    ["rectifier", 0.001, 2, 7],
    ["rectifier", 0.001, 2, 8],
    ["tanh", 1, 7],
    ["tanh", 1, 8],
    ["tanh", 2, 7],
    ["tanh", 2, 8],
  ]);
  expect(countTrialsOf([planOf(sweep)])).toEqual([8]);
  // a selection over the rate leaves one group a case, one over the unit one for each of the rest
  const staged = (over: string[]) =>
    countTrialsOf(
      stagesOf(
        sweepOf({
          stages: [
            { name: "a", ...sweep, select: { over } },
            { name: "b", take: "selected", start: "anew" },
          ],
        }),
      ),
    );
  expect(staged(["training.learningRate"])).toEqual([8, 2]);
  expect(staged(["network.activation", "training.l1"])).toEqual([8, 2]);
  // a rate that the cases name is not tried with the paper's four as well
  const named = { cases: [{ "training.learningRate": 3 }, { "training.learningRate": 4 }], select: {} };
  expect(paramsOf(named)).toEqual([{ "training.learningRate": 3 }, { "training.learningRate": 4 }]);
});

it("stages multiply by what they take, and carry on what earlier ones set", () => {
  const sweep = sweepOf({
    set: { "training.epochs": 5 },
    stages: [
      { name: "search", set: { "training.batchSize": 20 }, axes: { "training.l1": [0, 1, 2] }, select: {}, seeds: 2 },
      { name: "repeat", take: "selected", start: "anew", seeds: 3 },
      { name: "tune", after: "search", take: "each", set: { "training.learningRate": 0.5 } },
      { name: "last", after: "repeat", take: "best" },
    ],
  });
  const stages = stagesOf(sweep);
  // 3 penalties × 4 rates × 2 seeds; 3 groups × 3 seeds; each of 24; one
  expect(countTrialsOf(stages)).toEqual([24, 9, 24, 1]);
  expect(lineageOf(stages, "last").map(({ name }) => name)).toEqual(["search", "repeat", "last"]);
  const parent = { number: 5, params: { "training.l1": 2, "training.learningRate": 0.01, seed: 9 }, seed: 9 };
  const [tuned] = expandStage(stages[2] as StagePlan, sweep, [parent]);
  // what the stage sets is no longer the parent's
  expect(tuned).toEqual({ parent: 5, params: { "training.l1": 2, seed: 9 } });
  expect(configOfTrial(base, sweep.set, lineageOf(stages, "tune"), tuned?.params ?? {})).toMatchObject({
    training: { epochs: 5, batchSize: 20, l1: 2, learningRate: 0.5 },
    seed: 9,
  });
  expect(base.training.epochs).toBe(2);
});
