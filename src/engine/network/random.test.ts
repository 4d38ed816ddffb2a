import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "./random.js";

test("xoshiro128++ gives the value that php-src's test suite has for its state 1, 2, 3, 4", () => {
  // ext/random/tests/02_engine/user_xoshiro128plusplus.phpt: the number after 102,400 others, little-endian fa3c872c
  const random = Random.fromState([1, 2, 3, 4]);
  for (let i = 0; i < 102_400; i++) random.next();
  expect(random.next()).toBe(0x2c873cfa);
});

test("streams differ by seed and by name, and repeat", () => {
  const first = (seed: number, stream: string) => Random.stream(seed, stream).next();
  expect(first(1, "a")).toBe(first(1, "a"));
  const values = [first(1, "a"), first(2, "a"), first(1, "b"), first(0, "a"), first(0xffff_ffff, "a")];
  expect(new Set(values).size).toBe(values.length);
});

test("an all-zero state is refused", () => {
  expect(() => Random.fromState([0, 0, 0, 0])).toThrow(RangeError);
});

test("uniform numbers fill [0, 1) evenly", () => {
  const random = Random.stream(3, "test");
  const bins = new Array(10).fill(0);
  for (let i = 0; i < 100_000; i++) bins[Math.floor(random.uniform() * 10)]++;
  // standard deviation of a bin: 95
  for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test("a permutation holds every index once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), (n, seed) => {
      const order = Random.stream(seed, "order").permutation(n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }),
  );
});
