import { expect, it } from "vitest";
import { contrastRatio } from "../../shared/contrast.js";
import { type Colour, luminance } from "../units/ramp.js";
import { divergingRamp, rampReach } from "./divergingRamp.js";

const hex = (colour: Colour) => `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

it.each(["dark", "light"] as const)("both signs are as far from the middle, on %s", (background) => {
  const ramp = divergingRamp(background);
  expect(ramp).toHaveLength(2 * rampReach + 1);
  const [negative, middle, positive] = [0, rampReach, 2 * rampReach].map((at) => ramp[at] as Colour) as [
    Colour,
    Colour,
    Colour,
  ];
  expect(new Set(middle).size).toBe(1);
  for (const end of [negative, positive]) expect(contrastRatio(hex(end), hex(middle))).toBeGreaterThan(5);
  expect(Math.abs(luminance(negative) - luminance(positive))).toBeLessThan(0.1);
  // blue against orange: what red-green blindness leaves
  expect(negative[2] - negative[0]).toBeGreaterThan(100);
  expect(positive[0] - positive[2]).toBeGreaterThan(100);
});

it("gets steadily lighter or darker towards the ends", () => {
  const light = divergingRamp("dark").map(luminance);
  for (let step = rampReach; step < 2 * rampReach; step++)
    expect(light[step + 1]).toBeGreaterThanOrEqual(light[step] as number);
});
