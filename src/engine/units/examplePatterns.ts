/** On which examples each unit of a layer fires: a bit an example, unit by unit. */
import { bitsOf } from "../claims/activeSets.js";
import type { UnitRows } from "../kernels/kernels.js";

export class ExamplePatterns {
  private readonly pitch: number;
  private readonly words: Uint32Array;

  /** @param n examples that are kept, from the first on */
  constructor(
    readonly units: number,
    readonly n: number,
  ) {
    this.pitch = Math.ceil(n / 32);
    this.words = new Uint32Array(units * this.pitch);
  }

  /** @param outputs of the examples from `first` on, [size × units] */
  record({ values, pitch, place }: UnitRows, first: number, size: number): void {
    const end = Math.min(size, this.n - first);
    for (let b = 0; b < end; b++) {
      const [word, bit] = [(first + b) >> 5, 1 << ((first + b) & 31)];
      for (let j = 0; j < this.units; j++)
        if (values[b * pitch + place[j]!] !== 0) this.words[j * this.pitch + word]! |= bit;
    }
  }

  /** Jaccard index of the sets of examples on which two units fire; 0 where neither fires. */
  overlap(a: number, b: number): number {
    let [both, either] = [0, 0];
    for (let k = 0; k < this.pitch; k++) {
      const [left, right] = [this.words[a * this.pitch + k]!, this.words[b * this.pitch + k]!];
      both += bitsOf(left & right);
      either += bitsOf(left | right);
    }
    return either === 0 ? 0 : both / either;
  }
}
