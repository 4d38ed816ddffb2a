import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomParameters } from "../../../test/support/problems.js";
import type { NetworkShape, Parameters } from "../network/network.js";
import { Random } from "../network/random.js";
import { exactForward, roundingBound, unitRoundoff } from "./exactForward.js";
import { applied, linearityAt, linearMapOf } from "./linearity.js";

/** Two inputs, three rectifiers of which the second counts negatively, one output of two. */
const small: Parameters = [
  {
    weightsInOut: Float32Array.of(1, 0, -1, 0, 2, -1),
    biases: Float32Array.of(0, 1, 0),
    signs: Float32Array.of(1, -1, 1),
  },
  { weightsInOut: Float32Array.of(1, 0, 3, 1, 5, 5), biases: Float32Array.of(0.5, -2), signs: null },
];

describe("a network made by hand", () => {
  const x = Float64Array.of(2, 3);
  const outputs = exactForward(small, x);

  test("its forward pass", () => {
    // a = (2, 7, −5), h = (2, −7, 0)
    expect([...outputs[0]!]).toEqual([2, -7, 0]);
    expect([...outputs[1]!]).toEqual([2 - 21 + 0.5, -7 - 2]);
  });

  test("its linear map: the third unit, which is silent, takes no part", () => {
    const map = linearMapOf(small, outputs);
    // rows are outputs: y1 = x1 − 3(2·x2 + 1) + ½, y2 = −(2·x2 + 1) − 2
    expect([...map.a]).toEqual([1, -6, 0, -2]);
    expect([...map.c]).toEqual([-2.5, -3]);
    expect([...applied(map, x)]).toEqual([...outputs[1]!]);
  });

  test("outputs that are not the network's are told apart, however near", () => {
    const exact = outputs[1]!;
    const found = (error: number) =>
      linearityAt(
        small,
        x,
        exact.map((logit) => logit * (1 + error)),
      ).engine;
    expect(found(0)).toEqual({ largest: 0, ofRounding: 0 });
    expect(found(1e-8).ofRounding).toBeLessThan(1);
    expect(found(1e-4).ofRounding).toBeGreaterThan(1);
    expect(found(Number.NaN).ofRounding).toBeGreaterThan(1);
  });
});

const problem = fc.record({
  inputs: fc.integer({ min: 1, max: 40 }),
  hidden: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  classes: fc.integer({ min: 2, max: 8 }),
  signs: fc.constantFrom("half", "random", "none"),
  seed: fc.nat(1e6),
});

test("of any network A·x + c is its outputs, but for rounding, and rounding is little", () => {
  fc.assert(
    fc.property(problem, ({ seed, ...given }) => {
      const shape: NetworkShape = { ...given, activation: "rectifier", sharpness: 1 } as NetworkShape;
      const parameters = randomParameters(shape, seed);
      const random = Random.stream(seed, "x");
      const x = Float64Array.from({ length: shape.inputs }, () => 2 * random.uniform() - 0.5);
      const exact = exactForward(parameters, x).at(-1)!;
      const { double, largestOutput } = linearityAt(parameters, x, exact);
      expect(double.ofRounding).toBeLessThanOrEqual(1);
      expect(double.largest).toBeLessThanOrEqual(1e-12 * Math.max(1, largestOutput));
    }),
  );
});

test("single precision, in any order of summation, stays within the bound", () => {
  fc.assert(
    fc.property(problem, ({ seed, ...given }) => {
      const shape: NetworkShape = { ...given, activation: "rectifier", sharpness: 1 } as NetworkShape;
      const parameters = randomParameters(shape, seed);
      const random = Random.stream(seed, "x");
      const x = Float64Array.from({ length: shape.inputs }, () => Math.fround(2 * random.uniform() - 0.5));
      const single = singleForward(parameters, x, random);
      const exact = exactForward(parameters, x).at(-1)!;
      const bound = roundingBound(parameters, x, unitRoundoff.single);
      exact.forEach((logit, k) => {
        expect(Math.abs(single[k]! - logit)).toBeLessThanOrEqual(bound[k]!);
      });
    }),
  );
});

/** Rounds after every operation, and adds up in a random order. */
function singleForward(parameters: Parameters, x: Float64Array, random: Random): number[] {
  const { fround } = Math;
  let input = [...x];
  for (const { weightsInOut, biases, signs } of parameters) {
    const units = biases.length;
    input = Array.from(biases, (bias, j) => {
      let a = bias;
      for (const i of random.permutation(input.length))
        a = fround(a + fround(input[i]! * weightsInOut[i * units + j]!));
      return signs ? signs[j]! * Math.max(0, a) : a;
    });
  }
  return input;
}
