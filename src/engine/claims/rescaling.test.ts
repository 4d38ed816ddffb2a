import fc from "fast-check";
import { expect, test } from "vitest";
import { randomParameters } from "../../../test/support/problems.js";
import type { NetworkShape } from "../network/network.js";
import { Random } from "../network/random.js";
import { exactForward } from "./exactForward.js";
import { balancedFactors, freeFactors, powersOfTwo, rescaled, rescalingDeviation } from "./rescaling.js";

const shape: NetworkShape = {
  inputs: 9,
  hidden: [12, 7],
  classes: 4,
  activation: "rectifier",
  sharpness: 1,
  signs: "half",
};
const input = (seed: number) => {
  const random = Random.stream(seed, "x");
  return Float64Array.from({ length: shape.inputs }, () => 2 * random.uniform53() - 0.5);
};

test("a network made by hand: weights are divided by α, biases by all α up to theirs, outputs by all", () => {
  const layers = [
    { weightsInOut: Float64Array.of(3), biases: Float64Array.of(2), signs: Float64Array.of(-1) },
    { weightsInOut: Float64Array.of(5), biases: Float64Array.of(1), signs: null },
  ];
  const others = rescaled(layers, [2, 4]);
  expect(others.map(({ weightsInOut, biases }) => [weightsInOut[0], biases[0]])).toEqual([
    [1.5, 1],
    [1.25, 0.125],
  ]);
  const x = Float64Array.of(1);
  expect(exactForward(layers, x).at(-1)![0]).toBe(-24);
  expect(exactForward(others, x).at(-1)![0]).toBe(-3);
});

test("balanced factors have the product 1, and so have powers of two exactly; free ones lie between ½ and 2", () => {
  const random = Random.stream(1, "factors");
  const product = (factors: number[]) => factors.reduce((all, factor) => all * factor, 1);
  for (let layers = 2; layers < 8; layers++) {
    expect(product(balancedFactors(layers, random))).toBeCloseTo(1, 12);
    const powers = powersOfTwo(layers, random);
    expect(product(powers)).toBe(1);
    expect(powers.every((factor) => Number.isInteger(Math.log2(factor)))).toBe(true);
    expect(freeFactors(layers, random).every((factor) => factor >= 0.5 && factor <= 2)).toBe(true);
  }
});

test("any network, any α > 0: what changes is rounding, and with powers of two nothing", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const parameters = randomParameters(shape, seed);
      const random = Random.stream(seed, "factors");
      const x = input(seed);
      const found = (factors: number[]) => rescalingDeviation(parameters, rescaled(parameters, factors), factors, x);
      expect(found(balancedFactors(3, random)).ofRounding).toBeLessThanOrEqual(1);
      expect(found(freeFactors(3, random)).ofRounding).toBeLessThanOrEqual(1);
      expect(found(powersOfTwo(3, random)).largest).toBe(0);
    }),
  );
});

test("it is seen where a network is not rescaled as it should be", () => {
  const parameters = randomParameters(shape, 7);
  const factors = [2, 0.7, 1.1];
  const wrong = rescaled(parameters, [2, 0.7, 1.1 * (1 + 1e-9)]);
  expect(rescalingDeviation(parameters, wrong, factors, input(7)).ofRounding).toBeGreaterThan(1);
  const biases = rescaled(parameters, factors).map((layer, l) => ({ ...layer, biases: parameters[l]!.biases }));
  expect(rescalingDeviation(parameters, biases, factors, input(7)).ofRounding).toBeGreaterThan(1);
});
