/** The noise of denoising auto-encoders. */
import type { Random } from "../network/random.js";
import type { LayerNoise } from "./layerPlan.js";

/** Corrupts `width` values from place `at` on, each by itself, with one random number each. */
export function corrupt(
  values: Float32Array | Float64Array,
  at: number,
  width: number,
  { kind, corruption, salt }: LayerNoise,
  random: Random,
): void {
  if (kind === "none") return;
  for (let i = at; i < at + width; i++) {
    const draw = random.uniform();
    if (kind === "masking" || values[i] !== 0) {
      if (draw < corruption) values[i] = 0;
    } else if (draw < salt) values[i] = 1;
  }
}

/** The stream of one mini-batch's noise: what resumes needs no generator's state. @param batch such as its step */
export function noiseStream(layer: number, batch: number | string): string {
  return `corruption/${layer}/${batch}`;
}
