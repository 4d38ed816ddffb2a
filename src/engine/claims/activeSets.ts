/** Which hidden units are active on each example: a bit a unit. */
import type { UnitRows } from "../kernels/kernels.js";

export class ActiveSets {
  /** First word of each layer in an example's row, and after the last the row's length. */
  private readonly starts: number[];
  private readonly words: Uint32Array;

  /** @param units of each hidden layer */
  constructor(
    readonly units: readonly number[],
    readonly n: number,
  ) {
    this.starts = [0];
    for (const width of units) this.starts.push((this.starts.at(-1) as number) + Math.ceil(width / 32));
    this.words = new Uint32Array(n * this.pitch);
  }

  /** @param layer from 0 @param outputs of the layer on the examples from `first` on, [size × units] */
  record(layer: number, outputs: UnitRows, first: number, size: number): void {
    const { values, pitch, place } = outputs;
    for (let b = 0; b < size; b++) {
      const row = (first + b) * this.pitch + this.starts[layer]!;
      for (let j = 0; j < place.length; j++)
        if (values[b * pitch + place[j]!] !== 0) this.words[row + (j >> 5)]! |= 1 << (j & 31);
    }
  }

  /** Active units of a layer; of all without one. */
  count(example: number, layer?: number): number {
    const [from, to] = this.range(example, layer);
    let count = 0;
    for (let at = from; at < to; at++) count += bitsOf(this.words[at]!);
    return count;
  }

  /** Differs when what is active does. */
  pattern(example: number, layer?: number): string {
    const [from, to] = this.range(example, layer);
    const { buffer, byteOffset } = this.words;
    return Buffer.from(buffer, byteOffset + 4 * from, 4 * (to - from)).toString("latin1");
  }

  /**
   * Jaccard index |a ∩ b| ÷ |a ∪ b| of two active sets; 1 where both are empty, which do not differ.
   * @param other the sets that b is in
   */
  overlap(a: number, other: ActiveSets, b: number, layer?: number): number {
    const [from, to] = this.range(a, layer);
    const [start] = other.range(b, layer);
    let [both, either] = [0, 0];
    for (let k = 0; k < to - from; k++) {
      const [left, right] = [this.words[from + k]!, other.words[start + k]!];
      both += bitsOf(left & right);
      either += bitsOf(left | right);
    }
    return either === 0 ? 1 : both / either;
  }

  private get pitch(): number {
    return this.starts.at(-1) as number;
  }

  private range(example: number, layer?: number): [from: number, to: number] {
    const row = example * this.pitch;
    if (layer === undefined) return [row, row + this.pitch];
    return [row + this.starts[layer]!, row + this.starts[layer + 1]!];
  }
}

/** Ones of 32 bits, added up in ever wider fields. */
export function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
