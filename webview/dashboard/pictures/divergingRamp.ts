/**
 * The colours of weights: blue for negative, orange for positive ones, from a neutral middle that is close to the theme's background.
 * Straight lines in OKLab; both ends are equally light, and their hues stay apart in every common colour blindness.
 */
import { type Colour, colourOf } from "../units/ramp.js";

/** Of each sign. */
export const rampReach = 127;

type Lab = readonly [number, number, number];
const colours: Record<"dark" | "light", { negative: Lab; middle: Lab; positive: Lab }> = {
  dark: { negative: [0.78, -0.05, -0.12], middle: [0.22, 0, 0], positive: [0.78, 0.06, 0.13] },
  light: { negative: [0.48, -0.02, -0.16], middle: [0.97, 0, 0], positive: [0.48, 0.09, 0.1] },
};

/** [2 × rampReach + 1] from −1 to 1. */
export function divergingRamp(background: "dark" | "light"): Colour[] {
  const { negative, middle, positive } = colours[background];
  return Array.from({ length: 2 * rampReach + 1 }, (_, step) => {
    const share = (step - rampReach) / rampReach;
    const end = share < 0 ? negative : positive;
    const mixed = middle.map((value, i) => value + ((end[i] as number) - value) * Math.abs(share));
    return colourOf(mixed as unknown as Lab);
  });
}
