/** Texts as lists of term numbers: each different term of a text once. Grows while files are read. */
import { DataError } from "../dataError.js";

export interface CorpusLimits {
  examples: number;
  /** Different ones. */
  terms: number;
  /** Entries of all lists together. */
  entries: number;
}

export const corpusLimits: CorpusLimits = { examples: 20_000_000, terms: 8_000_000, entries: 2 ** 30 };

const chunkBits = 20;
const chunkSize = 1 << chunkBits;

export class Corpus {
  private readonly numbers = new Map<string, number>();
  private readonly chunks: Uint32Array[] = [];
  private starts = new Uint32Array(1024);
  private filled = 0;
  private count = 0;
  /** The example that a term was last seen in, plus one. */
  private seen = new Uint32Array(1024);

  constructor(private readonly limits: CorpusLimits = corpusLimits) {}

  /** Examples. */
  get n(): number {
    return this.count;
  }

  /** Different terms. */
  get termCount(): number {
    return this.numbers.size;
  }

  /** By number: in the order in which they were first seen. */
  terms(): string[] {
    return [...this.numbers.keys()];
  }

  /** @throws DataError corpusTooLarge */
  add(terms: readonly string[], file: string, line: number): void {
    this.check(this.count < this.limits.examples, `more than ${this.limits.examples} examples`, file, line);
    for (const term of terms) {
      const number = this.numberOf(term, file, line);
      if (this.seen[number] === this.count + 1) continue;
      this.seen[number] = this.count + 1;
      this.check(this.filled < this.limits.entries, `more than ${this.limits.entries} terms in all`, file, line);
      const chunk = this.filled >>> chunkBits;
      this.chunks[chunk] ??= new Uint32Array(chunkSize);
      (this.chunks[chunk] as Uint32Array)[this.filled & (chunkSize - 1)] = number;
      this.filled++;
    }
    this.count++;
    if (this.count === this.starts.length) this.starts = doubled(this.starts);
    this.starts[this.count] = this.filled;
  }

  /** Calls with the number of each of an example's terms. */
  visit(example: number, take: (term: number) => void): void {
    const end = this.starts[example + 1] as number;
    for (let at = this.starts[example] as number; at < end; at++)
      take((this.chunks[at >>> chunkBits] as Uint32Array)[at & (chunkSize - 1)] as number);
  }

  private numberOf(term: string, file: string, line: number): number {
    const known = this.numbers.get(term);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.check(number < this.limits.terms, `more than ${this.limits.terms} different terms`, file, line);
    // a copy: a part of a text would keep all of the text in memory
    this.numbers.set(Buffer.from(term, "utf16le").toString("utf16le"), number);
    if (number === this.seen.length) this.seen = doubled(this.seen);
    return number;
  }

  private check(fits: boolean, what: string, file: string, line: number): void {
    if (fits) return;
    throw new DataError(
      `${file}:${line}: up to here there are ${what}, which is all that can be held. Use fewer or shorter texts, and check that dataset.text.textKey names natural text.`,
      { code: "corpusTooLarge", file, key: "dataset.text.files" },
    );
  }
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
}
