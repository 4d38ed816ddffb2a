import fc from "fast-check";
import { expect, it } from "vitest";
import { scaleOf } from "./scale.js";

it("has round ticks within its range", () => {
  expect(scaleOf([0, 0.01], false).ticks).toEqual([0, 0.002, 0.004, 0.006, 0.008, 0.01]);
  expect(scaleOf([0.056, 0.0775], false).ticks).toEqual([0.055, 0.06, 0.065, 0.07, 0.075]);
  expect(scaleOf([0.0001, 0.1], true).ticks).toEqual([0.0001, 0.001, 0.01, 0.1]);
});

it("keeps every value on the line, in order", () => {
  const value = fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((whole) => whole / 10_000);
  fc.assert(
    fc.property(fc.array(value, { maxLength: 20 }), fc.boolean(), (values, logarithmic) => {
      const scale = scaleOf(values, logarithmic);
      const places = [...values].sort((a, b) => a - b).map((one) => scale.at(one));
      expect(places.every((place, i) => place >= 0 && place <= 1 && place >= (places[i - 1] ?? 0))).toBe(true);
      expect(scale.ticks.length).toBeLessThan(20);
    }),
  );
});
