/** Reviving units: which, and how. Imports next to nothing, so that small bundles stay small. */
import { type Activation, hasExactZeros } from "./units.js";

export const reviveCriteria = ["dead", "dormant"] as const;
export type ReviveCriterion = (typeof reviveCriteria)[number];

/** The criterion where the config names none: units that are never exactly zero do not die. */
export function reviveCriterionOf({
  network,
  training,
}: {
  network: { activation: Activation };
  training: { revive?: { criterion: ReviveCriterion } | undefined };
}): ReviveCriterion {
  return training.revive?.criterion ?? (hasExactZeros(network.activation) ? "dead" : "dormant");
}
