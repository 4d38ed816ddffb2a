/** Values of the pre-training config that are one for all layers, or a list. */
import type { Experiment } from "./experiment.js";

/** @param l from 0. A list that is too short counts as ending with more of its last value. */
export function layerValue<T>(value: T | readonly T[], l: number): T {
  return Array.isArray(value) ? ((value[l] ?? value.at(-1)) as T) : (value as T);
}

/** How many hidden layers are pre-trained. */
export function pretrainedLayers({ pretraining, network }: Pick<Experiment, "pretraining" | "network">): number {
  return pretraining ? Math.min(network.hidden.length, pretraining.layers ?? network.hidden.length) : 0;
}
