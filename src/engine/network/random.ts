/**
 * Random numbers: one seed, and a stream of its own for each use, so that a new use does not change the others.
 * Generator: xoshiro128++ 1.0 (Blackman and Vigna 2018, public domain), seeded through splitmix32.
 */
export class Random {
  private constructor(private readonly state: Uint32Array) {}

  /** @param stream names the use, such as `initialisation` or `shuffling/3` */
  static stream(seed: number, stream: string): Random {
    // FNV-1a over the name, started from the seed
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 0x01000193) >>> 0;
    const state = new Uint32Array(4);
    for (let i = 0; i < 4; i++) {
      hash = (hash + 0x9e3779b9) >>> 0;
      let z = hash ^ (seed >>> i);
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      state[i] = z ^ (z >>> 15);
    }
    return Random.fromState(state);
  }

  static fromState(state: ArrayLike<number>): Random {
    const words = Uint32Array.from(state);
    if (words.length !== 4 || words.every((word) => word === 0))
      throw new RangeError("A random state is four words that are not all 0.");
    return new Random(words);
  }

  /** Next integer, uniform in 0…2³²−1. */
  next(): number {
    const s = this.state as unknown as [number, number, number, number];
    const sum = (s[0] + s[3]) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + s[0]) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1), with 24 bits. */
  uniform(): number {
    return (this.next() >>> 8) / 0x1000000;
  }

  /** Uniform in [0, 1), with all 53 bits of a double. */
  uniform53(): number {
    return ((this.next() >>> 5) * 0x4000000 + (this.next() >>> 6)) / 0x20000000000000;
  }

  /** Uniform integer in 0…n−1, without bias. */
  below(n: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % n);
    for (;;) {
      const value = this.next();
      if (value < limit) return value % n;
    }
  }

  /** A random order of 0…n−1 (Fisher and Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swap = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swap;
    }
    return order;
  }
}
