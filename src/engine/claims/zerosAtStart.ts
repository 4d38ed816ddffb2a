/** About half of the hidden outputs are zero with the initial weights, which are even around 0 (the paper, section 3.1). */
import { claimBounds } from "../../common/claims.js";
import type { Parameters } from "../network/network.js";
import { type Check, measureSet } from "./subject.js";

/** Validation examples, at most. */
export const startExamples = 2000;

export const checkZerosAtStart: Check<"zerosAtStart"> = async ({ kernels, initial, valid }, pace) => {
  const n = Math.min(valid.n, startExamples);
  kernels.load(initial as Parameters);
  const { statistics } = await measureSet(kernels, valid, pace, n);
  const layers = statistics.map(
    ({ firings, units }) => 1 - firings.reduce((sum, count) => sum + count, 0) / (n * units),
  );
  const mean = layers.reduce((sum, share) => sum + share, 0) / layers.length;
  return { holds: Math.abs(mean - 0.5) <= claimBounds.zerosFromHalf, figures: { set: valid.name, n, layers, mean } };
};
