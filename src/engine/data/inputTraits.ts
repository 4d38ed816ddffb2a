/** What of a data set's inputs decides how they can be reconstructed. */
import type { Inputs } from "./dataset.js";

export interface InputTraits {
  /** Binary and mostly 0, as texts are. */
  sparse: boolean;
  least: number;
  greatest: number;
}

export function inputTraits(inputs: Inputs): InputTraits {
  if (inputs.kind === "sparse") return { sparse: true, least: 0, greatest: 1 };
  if (inputs.kind === "bytes") return { sparse: false, least: 0, greatest: 255 * inputs.scale };
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of inputs.values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { sparse: false, least, greatest };
}

/** The least and the greatest of the values that are there. */
export function inputRange(inputs: Inputs): Pick<InputTraits, "least" | "greatest"> {
  if (inputs.kind !== "bytes") return inputTraits(inputs);
  let [least, greatest] = [255, 0];
  for (const value of inputs.values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least: least * inputs.scale, greatest: greatest * inputs.scale };
}
