/** The rules on lives that are made up. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Circumstances, causeOfDeath, momentAt, type UnitLife } from "./causeOfDeath.js";

const moments = [0, 100, 200, 300].map((step) => ({ step, epoch: step / 100 }));
/** Lived well until the last evaluation but one. */
const life: UnitLife = {
  moments,
  firingFrequency: [0.5, 0.5, 0, 0],
  bias: [0, -0.1, -0.1, -0.1],
  incomingNorm: [1, 1, 1, 1],
  maximum: [1, 1, 0, 0],
  lastFiredStep: 140,
  maxUpdate: 0.01,
  maxUpdateStep: 20,
};
const plain: Circumstances = {
  recipeAt: () => ({ optimizer: "sgd", learningRate: 0.1, momentum: 0, l1: 0 }),
  warmStart: false,
  typicalUpdate: 0.02,
  inputs: null,
};
const cause = (change: Partial<UnitLife>, circumstances: Partial<Circumstances> = {}) =>
  causeOfDeath({ ...life, ...change }, { ...plain, ...circumstances });

describe("a large update", () => {
  const large = { maxUpdate: 0.06, maxUpdateStep: 140 };

  it("is the cause where the unit never fired after it", () => {
    expect(cause(large)).toMatchObject({
      cause: "largeUpdate",
      evidence: {
        at: { step: 140, epoch: 1.4 },
        ofNorm: 0.06,
        ofTypical: 3,
        firingFrequency: 0.5,
        before: { step: 100 },
        atOnce: true,
      },
      lastFired: { step: 140, epoch: 1.4 },
      since: { step: 200, epoch: 2 },
    });
  });

  it.each([
    ["it is small", { ...large, maxUpdate: 0.04 }],
    ["a few examples made it fire later, and it is not very large", { ...large, lastFiredStep: 290, maxUpdate: 0.14 }],
    ["the unit hardly fired before", { ...large, firingFrequency: [0.5, 0.009, 0, 0] }],
    ["the unit fired well after it", { ...large, maxUpdateStep: 20 }],
  ])("is not where %s", (_, change) => {
    expect(cause(change)).toMatchObject({ cause: "unknown", evidence: { update: { size: change.maxUpdate } } });
  });

  it("a very large one is, although a few examples made the unit fire later", () => {
    expect(cause({ ...large, lastFiredStep: 290, maxUpdate: 0.15 })).toMatchObject({
      cause: "largeUpdate",
      evidence: { atOnce: false },
    });
  });
});

describe("wear", () => {
  const penalised = (l1: number, optimizer: "sgd" | "momentum" | "adam" = "sgd"): Partial<Circumstances> => ({
    recipeAt: () => ({ optimizer, learningRate: 0.1, momentum: optimizer === "momentum" ? 0.9 : 0, l1 }),
  });

  it("a bias that fell by half of the largest output is the cause, if the weights did not shrink", () => {
    expect(cause({ bias: [0, -0.1, -0.6, -0.6] })).toMatchObject({
      cause: "biasDriven",
      evidence: { bias: { from: -0.1, to: -0.6 }, maximum: 1, pull: null, from: { step: 100 }, to: { step: 200 } },
    });
    expect(cause({ bias: [0, -0.1, -0.6, -0.6], incomingNorm: [1, 1, 0.8, 0.8] })?.cause).toBe("unknown");
    expect(cause({ bias: [0, -0.1, -0.5, -0.5] })?.cause).toBe("unknown");
  });

  it("the penalty is, where it alone would have moved the bias half as far", () => {
    // ηλ · 100 steps · the mean of shares from 0.5 to 0, which is 0.0587: 0.01 of a fall of 0.02 takes λ = 0.017
    const fell = { bias: [0, -0.1, -0.12, -0.12] };
    expect(cause(fell, penalised(0.018))).toMatchObject({
      cause: "decayed",
      evidence: { l1: 0.018, drive: { to: 0.12 } },
    });
    expect(cause(fell, penalised(0.016))?.cause).toBe("unknown");
    expect(cause(fell, penalised(0.0018, "momentum"))?.cause).toBe("decayed");
    expect(cause(fell, penalised(0.018, "adam"))?.cause).toBe("unknown");
    expect(cause(fell, { recipeAt: () => null })?.cause).toBe("unknown");
  });

  it("…or where the norm fell by enough", () => {
    const shrunk = { incomingNorm: [1, 1, 0.4, 0.4] };
    expect(cause(shrunk, penalised(0.001, "adam"))).toMatchObject({
      cause: "decayed",
      evidence: { pull: null, incomingNorm: { from: 1, to: 0.4 } },
    });
    expect(cause(shrunk)?.cause).toBe("unknown");
  });

  it("only its last life counts", () => {
    const revived = { firingFrequency: [0.9, 0, 0.2, 0], bias: [0.9, -0.1, 0, -0.6], maximum: [3, 0, 1, 0] };
    expect(cause(revived)).toMatchObject({
      cause: "biasDriven",
      evidence: { bias: { from: 0, to: -0.6 } },
      since: { step: 300 },
    });
  });
});

describe("inputs", () => {
  const inputs = { layer: 1, units: 10, dead: 9, diedBefore: 0.9, diedBy: 0.95 };

  it("that died before the unit are the cause, even of what else would be", () => {
    expect(cause({ maxUpdate: 1, maxUpdateStep: 140 }, { inputs })?.cause).toBe("deadInputs");
    const never = { firingFrequency: [0, 0, 0, 0], lastFiredStep: -1, maxUpdateStep: -1 };
    expect(cause(never, { inputs })?.cause).toBe("deadInputs");
    expect(cause(never)?.cause).toBe("neverAlive");
  });

  it("that died with it are where nothing else is", () => {
    const together = { ...inputs, diedBefore: 0.5 };
    expect(cause({ maxUpdate: 1, maxUpdateStep: 140 }, { inputs: together })?.cause).toBe("largeUpdate");
    expect(cause({}, { inputs: together })).toMatchObject({ cause: "deadInputs", evidence: { share: 0.95, dead: 9 } });
  });

  it("are not where the bias alone would make it fire, or too few are dead", () => {
    expect(cause({ bias: [0, 0.1, 0.1, 0.1] }, { inputs })?.cause).toBe("unknown");
    expect(cause({}, { inputs: { ...inputs, diedBefore: 0.89, diedBy: 0.89 } })?.cause).toBe("unknown");
  });
});

const number = fc.double({ min: -2, max: 2, noNaN: true });
// in single precision, as files have them
const positive = fc.float({ min: 0, max: 2, noNaN: true });
const lives = fc.integer({ min: 1, max: 6 }).chain((length) => {
  const list = (values: fc.Arbitrary<number>) => fc.array(values, { minLength: length, maxLength: length });
  return fc.record({
    moments: fc.constant(Array.from({ length }, (_, k) => ({ step: 50 * k, epoch: k / 2 }))),
    firingFrequency: list(fc.oneof(fc.constant(0), fc.constantFrom(0.001, 0.3, 1))),
    bias: list(number),
    incomingNorm: list(positive),
    maximum: list(positive),
    lastFiredStep: fc.integer({ min: -1, max: 50 * length }),
    maxUpdate: positive,
    maxUpdateStep: fc.integer({ min: -1, max: 50 * length }),
  });
});
const situations = fc.record({
  l1: fc.constantFrom(0, 0.01, 1),
  optimizer: fc.constantFrom("sgd" as const, "momentum" as const, "adam" as const),
  known: fc.boolean(),
  warmStart: fc.boolean(),
  typicalUpdate: positive,
  inputs: fc.option(fc.record({ diedBefore: fc.double({ min: 0, max: 1, noNaN: true }), diedBy: fc.constant(1) })),
});

it("whatever was recorded, a dead unit has one cause with finite evidence, a living one none", () => {
  fc.assert(
    fc.property(lives, situations, (life, { l1, optimizer, known, inputs, ...rest }) => {
      const recipe = { optimizer, learningRate: 0.1, momentum: 0.5, l1 };
      const found = causeOfDeath(life, {
        ...rest,
        recipeAt: () => (known ? recipe : null),
        inputs: inputs && { layer: 1, units: 4, dead: 3, ...inputs },
      });
      expect(found === null).toBe(life.firingFrequency.at(-1) !== 0);
      if (!found) return;
      expect(life.firingFrequency.slice(life.moments.findIndex(({ step }) => step === found.since.step))).toEqual(
        life.firingFrequency.slice(life.firingFrequency.findLastIndex((share) => share !== 0) + 1),
      );
      const infinite = (_: string, value: unknown) =>
        typeof value === "number" && !Number.isFinite(value) ? "not finite" : value;
      expect(JSON.stringify(found, infinite)).not.toContain("not finite");
    }),
    { numRuns: 500 },
  );
});

it("the epoch of a step lies between those of the evaluations around it, and goes on after the last", () => {
  expect(momentAt(150, moments)).toEqual({ step: 150, epoch: 1.5 });
  expect(momentAt(300, moments)).toEqual({ step: 300, epoch: 3 });
  expect(momentAt(350, moments)).toEqual({ step: 350, epoch: 3.5 });
  expect(momentAt(7, [{ step: 10, epoch: 1 }])).toEqual({ step: 7, epoch: 1 });
});
