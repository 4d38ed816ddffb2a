/**
 * Disentangling (the paper, section 2.2): a small change of the input leaves most of the active set as it is. Measured by the Jaccard index
 * of active sets: of examples and slightly changed copies, of pairs from the same class, and of pairs from two classes.
 */
import { claimBounds, type Overlap } from "../../common/claims.js";
import { evaluationBatch } from "../backends/builtin.js";
import type { Random } from "../network/random.js";
import { ActiveSets } from "./activeSets.js";
import { exampleOf } from "./sampling.js";
import type { Check } from "./subject.js";

/** Pairs of each kind. */
export const pairCount = 2000;
/** Examples that are changed, and by how much of their norm. */
export const changedExamples = 1000;
export const noiseShare = 0.1;

/** Judged over all hidden units; what each layer shows is told beside. */
export const checkOverlap: Check<"overlap"> = async (subject, pace) => {
  const { kernels, parameters, valid, shape, measured } = subject;
  const changed = new ActiveSets(shape.hidden, Math.min(valid.n, changedExamples));
  const noise = subject.random("noise");
  const { values, pitch } = kernels.inputs;
  kernels.load(parameters);
  for (let first = 0; first < changed.n; first += evaluationBatch) {
    const size = Math.min(evaluationBatch, changed.n - first);
    for (let b = 0; b < size; b++) {
      const x = exampleOf(valid, first + b, shape.inputs);
      perturb(x, noiseShare, noise);
      values.set(x, b * pitch);
    }
    kernels.useInputs();
    kernels.forward(size);
    for (const layer of shape.hidden.keys()) changed.record(layer, kernels.outputs(layer), first, size);
    await pace.turn((0.5 * (first + size)) / changed.n);
  }
  const pairs = drawPairs(valid.labels, valid.n, pairCount, subject.random("pairs"));
  const layers: Overlap[] = [];
  for (const layer of shape.hidden.keys()) {
    layers.push(meanOverlaps(measured.sets, changed, pairs, layer));
    await pace.turn(0.5 + (0.4 * (layer + 1)) / shape.hidden.length);
  }
  const all = meanOverlaps(measured.sets, changed, pairs);
  const { length } = pairs.between;
  return {
    holds: isDisentangled(all),
    figures: { set: valid.name, n: valid.n, pairs: length, noise: noiseShare, layers, all },
  };
};

/** Whether a changed copy overlaps much, two classes little, and two examples of a class in between. */
export function isDisentangled({ near, within, between }: Overlap): boolean {
  return near >= claimBounds.nearOverlap && near > within && within > between && between <= claimBounds.betweenOverlap;
}

/** Two examples, or an example and the copy of the same number. */
export type Pair = [number, number];

/**
 * Mean Jaccard index of a layer's active sets, of all hidden units without a layer.
 * @param changed the active sets of changed copies; copy k is of example k
 */
export function meanOverlaps(
  sets: ActiveSets,
  changed: ActiveSets,
  { within, between }: { within: readonly Pair[]; between: readonly Pair[] },
  layer?: number,
): Overlap {
  const near = Array.from({ length: changed.n }, (_, k): Pair => [k, k]);
  const mean = (pairs: readonly Pair[], other: ActiveSets) =>
    pairs.reduce((sum, [a, b]) => sum + sets.overlap(a, other, b, layer), 0) / Math.max(1, pairs.length);
  return { near: mean(near, changed), within: mean(within, sets), between: mean(between, sets) };
}

/** Pairs of two examples each, drawn evenly among those of the same class, and of different ones; none where there are none. */
export function drawPairs(
  labels: ArrayLike<number>,
  n: number,
  count: number,
  random: Random,
): { within: Pair[]; between: Pair[] } {
  const pairs = { within: [] as Pair[], between: [] as Pair[] };
  // a class of one example, or a set of one class, has no such pairs: the attempts end
  for (let attempt = 0; n > 1 && attempt < 1000 * count; attempt++) {
    const [a, b] = [random.below(n), random.below(n)];
    if (a === b) continue;
    const kind = labels[a] === labels[b] ? pairs.within : pairs.between;
    if (kind.length < count) kind.push([a, b]);
    if (pairs.within.length === count && pairs.between.length === count) break;
  }
  return pairs;
}

/** Adds a random direction, evenly drawn in each input, as long as `share` of the example's norm. @param x changed in place */
export function perturb(x: Float64Array, share: number, random: Random): void {
  const direction = x.map(() => 2 * random.uniform53() - 1);
  const factor = (share * lengthOf(x)) / (lengthOf(direction) || 1);
  direction.forEach((value, i) => {
    x[i]! += factor * value;
  });
}

function lengthOf(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}
