/** The terms that are inputs, and the examples as which of them they have. */
import type { Inputs } from "../dataset.js";
import type { Corpus } from "./corpus.js";

/**
 * The terms that occur in most of the named examples, most frequent first; of equally frequent ones those first whose UTF-16 code
 * units come first. Terms that occur in none of them are never taken.
 * @param examples of the training set: nothing else may decide what the inputs are
 * @returns numbers of terms, at most `size`
 */
export function mostFrequent(corpus: Corpus, examples: Iterable<number>, size: number): Uint32Array {
  const counts = new Uint32Array(corpus.termCount);
  for (const example of examples) corpus.visit(example, (term) => counts[term]!++);
  const terms = corpus.terms();
  const found: number[] = [];
  counts.forEach((count, term) => {
    if (count > 0) found.push(term);
  });
  found.sort((a, b) => counts[b]! - counts[a]! || (terms[a]! < terms[b]! ? -1 : 1));
  return Uint32Array.from(found.slice(0, size));
}

/** Input k of an example is 1 where it has the vocabulary's term k. */
export function presenceOf(corpus: Corpus, examples: Int32Array, vocabulary: Uint32Array): Inputs {
  const inputOf = new Int32Array(corpus.termCount).fill(-1);
  vocabulary.forEach((term, input) => {
    inputOf[term] = input;
  });
  const starts = new Uint32Array(examples.length + 1);
  let total = 0;
  examples.forEach((example, k) => {
    corpus.visit(example, (term) => {
      if (inputOf[term]! >= 0) total++;
    });
    starts[k + 1] = total;
  });
  const indices = new Uint32Array(total);
  let filled = 0;
  examples.forEach((example, k) => {
    corpus.visit(example, (term) => {
      if (inputOf[term]! >= 0) indices[filled++] = inputOf[term]!;
    });
    indices.subarray(starts[k], filled).sort();
  });
  return { kind: "sparse", starts, indices };
}
