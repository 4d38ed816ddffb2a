import { expect, it } from "vitest";
import { type Colour, colourOf, cssColour, luminance, rampColour, rampFor, rampSteps } from "./ramp.js";

const themes = [["dark", [31, 31, 31]] as const, ["light", [255, 255, 255]] as const];

it.each(themes)("grows lighter at every step on %s", (background) => {
  const lightness = rampFor(background).map(luminance);
  for (let i = 1; i < lightness.length; i++) expect(lightness[i]).toBeGreaterThan(lightness[i - 1] as number);
});

it.each(themes)("is even: no step on %s is more than twice as large as another", (background) => {
  const ramp = rampFor(background);
  // Rounding to 8 bits blurs single steps: eight at a time.
  const steps = [8, 16, 24, 32, 40, 48, 56].map((at) => distance(ramp[at] as Colour, ramp[at - 8] as Colour));
  expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(2);
});

it.each(themes)("keeps clear of the background of %s", (background, colour) => {
  const against = luminance([...colour] as unknown as Colour);
  const contrasts = rampFor(background).map((step) => {
    const [light, dark] = [luminance(step), against].sort((a, b) => b - a) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  });
  expect(Math.min(...contrasts)).toBeGreaterThan(1.5);
});

it("gives colours from end to end, whatever is asked for", () => {
  const ramp = rampFor("dark");
  expect(ramp.length).toBe(rampSteps);
  expect(rampColour(ramp, -1)).toBe(ramp[0]);
  expect(rampColour(ramp, 2)).toBe(ramp.at(-1));
  expect(cssColour([1, 2, 3])).toBe("rgb(1 2 3)");
  expect([colourOf([0, 0, 0]), colourOf([1, 0, 0])]).toEqual([
    [0, 0, 0],
    [255, 255, 255],
  ]);
});

/** In CIE L*a*b*, another space than the ramp is made in. */
function distance(a: Colour, b: Colour): number {
  const [from, to] = [lab(a), lab(b)];
  return Math.hypot(...from.map((value, i) => value - (to[i] as number)));
}

function lab(colour: Colour): number[] {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}
