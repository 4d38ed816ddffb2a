import fc from "fast-check";
import { expect, test } from "vitest";
import { curveAt, curveNames, neuronDefaults, usableNeuron } from "./unitCurves.js";

const settings = { sharpness: 1, neuron: neuronDefaults };

test("every curve's derivative is the slope of its output", () => {
  const h = 1e-5;
  for (const name of curveNames)
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), fc.constantFrom(0.5, 1, 2, 6), (input, sharpness) => {
        // not at the rectifier's corner, nor where the neuron begins to fire
        fc.pre(Math.abs(input) > 0.01 && Math.abs(input - 1) > 0.01);
        const at = (x: number) => curveAt(name, x, { ...settings, sharpness });
        const slope = (at(input + h).output - at(input - h).output) / (2 * h);
        expect(at(input).derivative).toBeCloseTo(slope, 4);
      }),
    );
});

test("the neuron is silent up to its threshold, then fires ever faster, but never faster than its refractory time lets it", () => {
  const rate = (current: number) => curveAt("lif", current, settings).output;
  expect([rate(-3), rate(0), rate(1)]).toEqual([0, 0, 0]);
  const rates = Array.from({ length: 200 }, (_, i) => rate(1.01 + i * 0.1));
  for (const [i, value] of rates.slice(1).entries()) expect(value).toBeGreaterThan(rates[i]!);
  expect(rate(1e6)).toBeLessThan(1);
  expect(rate(1e6)).toBeGreaterThan(0.999);
  // 2 ÷ (2 + 20·ln 2) at twice the threshold
  expect(rate(2)).toBeCloseTo(2 / (2 + 20 * Math.LN2), 12);
});

test("constants for which there is no curve are refused", () => {
  expect(usableNeuron(neuronDefaults)).toBe(neuronDefaults);
  for (const wrong of [
    { refractory: 0 },
    { timeConstant: -1 },
    { resistance: 0 },
    { reset: 1 },
    { threshold: Number.NaN },
  ])
    expect(usableNeuron({ ...neuronDefaults, ...wrong }), JSON.stringify(wrong)).toBeNull();
});
