/** Synthetic reviews: which words occur in them, with frequencies that fall by rank as they do in language (Zipf). */
import { Random } from "../../../src/engine/network/random.js";

/** @returns [n × vocabulary] of 0 and 1; each with about `words` different words */
export function reviews(n: number, vocabulary: number, words: number, seed: number): Uint8Array {
  const random = Random.stream(seed, "reviews");
  const cumulative = new Float64Array(vocabulary);
  let total = 0;
  for (let rank = 0; rank < vocabulary; rank++) {
    // shifted, so that the commonest words do not fill every review: stop words are left out of such vocabularies
    total += 1 / (rank + 20);
    cumulative[rank] = total;
  }
  const inputs = new Uint8Array(n * vocabulary);
  for (let review = 0; review < n; review++) {
    const length = Math.round(words * (0.5 + random.uniform()));
    for (let distinct = 0; distinct < length; ) {
      const at = review * vocabulary + firstAbove(cumulative, random.uniform() * total);
      if (inputs[at] === 0) distinct++;
      inputs[at] = 1;
    }
  }
  return inputs;
}

function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
