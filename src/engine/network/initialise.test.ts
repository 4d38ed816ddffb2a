import { expect, test } from "vitest";
import { initialParameters } from "./initialise.js";
import type { NetworkShape } from "./network.js";

const shape: NetworkShape = {
  inputs: 300,
  hidden: [200, 7],
  classes: 10,
  activation: "rectifier",
  sharpness: 1,
  signs: "half",
};

test("weights are uniform in ±√(6/(inputs + units)), biases 0, the softmax layer likewise", () => {
  const parameters = initialParameters(shape, 1);
  for (const [l, [inputs, units]] of [
    [300, 200],
    [200, 7],
    [7, 10],
  ].entries()) {
    const { weightsInOut, biases } = parameters[l]!;
    const bound = Math.sqrt(6 / (inputs! + units!));
    expect(weightsInOut).toHaveLength(inputs! * units!);
    expect(Math.max(...weightsInOut.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(biases.every((b) => b === 0)).toBe(true);
  }
  const first = parameters[0]!.weightsInOut;
  const bound = Math.sqrt(6 / 500);
  const mean = first.reduce((sum, w) => sum + w, 0) / first.length;
  const variance = first.reduce((sum, w) => sum + w * w, 0) / first.length;
  expect(Math.abs(mean)).toBeLessThan(bound / 50);
  expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1);
});

test("half of the signs are flipped by `half`, about half by `random`, none by `none`; the softmax layer has none", () => {
  const flipped = (signs: NetworkShape["signs"]) =>
    initialParameters({ ...shape, signs }, 1)[0]!.signs!.filter((sign) => sign === -1).length;
  expect(flipped("half")).toBe(100);
  expect(Math.abs(flipped("random") - 100)).toBeLessThan(35);
  expect(flipped("none")).toBe(0);
  expect(initialParameters(shape, 1).at(-1)!.signs).toBeNull();
});

test("another seed gives other weights; the sign mask does not change them", () => {
  const weights = (seed: number, signs: NetworkShape["signs"]) =>
    initialParameters({ ...shape, signs }, seed)[1]!.weightsInOut;
  expect(weights(1, "half")).toEqual(weights(1, "random"));
  expect(weights(1, "half")).not.toEqual(weights(2, "half"));
});
