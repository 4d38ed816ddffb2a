/** The number of stars that a network expects: the mean of 1, 2, 3, … under its softmax. */

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const taylorDegree = 13;
/** Below it e^x adds nothing to a sum that holds a 1. */
const smallest = -700;

const word = new Uint32Array(2);
const double = new Float64Array(word.buffer);
const upperWord = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * e^x for x ≤ 0, to a few units in the last place. Only additions and multiplications, as the host's Math.exp need not give the
 * same bits everywhere.
 */
export function exponential(x: number): number {
  if (!(x >= smallest)) return Number.isNaN(x) ? x : 0;
  const k = Math.round(x / ln2High);
  const r = x - k * ln2High - k * ln2Low;
  let sum = 1;
  for (let i = taylorDegree; i > 0; i--) sum = 1 + (sum * r) / i;
  word[1 - upperWord] = 0;
  word[upperWord] = (k + 1023) << 20;
  return sum * (double[0] as number);
}

/**
 * @param logits of one example from `at` on, that of class k at `place[k]`
 * @returns between 1 and the number of classes
 */
export function expectedStars(logits: ArrayLike<number>, at: number, place: Int32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const j of place) largest = Math.max(largest, logits[at + j]!);
  let total = 0;
  let weighted = 0;
  place.forEach((j, k) => {
    const share = exponential(logits[at + j]! - largest);
    total += share;
    weighted += share * (k + 1);
  });
  return weighted / total;
}
