import fc from "fast-check";
import { expect, it } from "vitest";
import { expectedStars, exponential } from "./expectedStars.js";

const inOrder = (n: number) => Int32Array.from({ length: n }, (_, k) => k);

it("the exponential is the host's, to a few units in the last place", () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
      expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-15 * 4);
    }),
  );
  expect([exponential(0), exponential(-701), exponential(Number.NEGATIVE_INFINITY)]).toEqual([1, 0, 0]);
  expect(exponential(Number.NaN)).toBeNaN();
});

it("equal logits expect the middle, one large logit its own stars, whatever is added to all", () => {
  expect(expectedStars([7, 7, 7, 7, 7], 0, inOrder(5))).toBe(3);
  expect(expectedStars([-1e30, -1e30, -1e30, 1e30, -1e30], 0, inOrder(5))).toBe(4);
  expect(expectedStars([Math.log(1), Math.log(3)], 0, inOrder(2))).toBeCloseTo(1.75, 14);
});

it("is the textbook's sum, in a row of its own and with units in other places", () => {
  const logit = fc.double({ min: -50, max: 50, noNaN: true });
  fc.assert(
    fc.property(fc.array(logit, { minLength: 1, maxLength: 9 }), fc.nat(4), (logits, at) => {
      const shares = logits.map(Math.exp);
      const total = shares.reduce((a, b) => a + b);
      const wanted = shares.reduce((sum, share, k) => sum + (share / total) * (k + 1), 0);
      const row = [...new Array(at).fill(99), ...logits.toReversed()];
      const place = inOrder(logits.length).reverse();
      expect(expectedStars(row, at, place)).toBeCloseTo(wanted, 9);
    }),
  );
});
