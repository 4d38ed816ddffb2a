/** Parts of a set with each class's share, drawn by a seed. */
import { Random } from "../network/random.js";

/** The examples of each class, in a random order; classes by their number. */
function shuffledByClass(labels: Uint8Array, random: Random): Map<number, number[]> {
  const classes = new Map<number, number[]>([...new Set(labels)].sort((a, b) => a - b).map((label) => [label, []]));
  for (const example of random.permutation(labels.length)) classes.get(labels[example] as number)?.push(example);
  return classes;
}

/**
 * Draws `count` examples: of every class its share, rounded so that the sum is right (largest remainders; of equal ones the lower
 * class).
 * @param labels [n]
 * @returns [n], 1 for those that were drawn
 */
export function drawStratified(labels: Uint8Array, count: number, random: Random): Uint8Array {
  const drawn = new Uint8Array(labels.length);
  const classes = [...shuffledByClass(labels, random).values()];
  // in whole numbers, so that remainders are exact
  const parts = classes.map((members) => ({
    members,
    quota: Math.floor((members.length * count) / labels.length),
    remainder: (members.length * count) % labels.length,
  }));
  let left = count - parts.reduce((sum, { quota }) => sum + quota, 0);
  for (const part of [...parts].sort((a, b) => b.remainder - a.remainder)) if (left-- > 0) part.quota++;
  for (const { members, quota } of parts) for (const example of members.slice(0, quota)) drawn[example] = 1;
  return drawn;
}

/**
 * Which examples keep their labels: of a class with m examples round(fraction × m), at least one. With the same seed a smaller
 * fraction's are among a larger one's.
 * @param labels [n]
 * @returns [n], 1 for those that do
 */
export function keepLabels(labels: Uint8Array, fraction: number, seed: number): Uint8Array {
  const kept = new Uint8Array(labels.length);
  for (const members of shuffledByClass(labels, Random.stream(seed, "labels")).values())
    for (const example of members.slice(0, Math.max(1, Math.round(fraction * members.length)))) kept[example] = 1;
  return kept;
}
