import fc from "fast-check";
import { expect, it } from "vitest";
import { Random } from "../network/random.js";
import { drawStratified, keepLabels } from "./stratified.js";

const labels = fc.array(fc.nat(4), { minLength: 1, maxLength: 200 }).map((list) => Uint8Array.from(list));
const seed = fc.nat(1000);
const countsOf = (of: Uint8Array, mask?: Uint8Array) =>
  [0, 1, 2, 3, 4].map((label) => of.filter((found, i) => found === label && (!mask || mask[i] === 1)).length);

it("draws exactly so many, of each class its share to within one", () => {
  fc.assert(
    fc.property(labels, fc.double({ min: 0, max: 1, noNaN: true }), seed, (all, share, from) => {
      const count = Math.round(share * all.length);
      const drawn = drawStratified(all, count, Random.stream(from, "test"));
      const counts = countsOf(all, drawn);
      expect(counts.reduce((a, b) => a + b)).toBe(count);
      countsOf(all).forEach((members, label) => {
        expect(Math.abs((counts[label] as number) - (members * count) / all.length)).toBeLessThan(1);
      });
    }),
  );
});

it("keeps round(fraction × members) of each class, at least one, and all at 1", () => {
  fc.assert(
    fc.property(labels, fc.double({ min: 1e-6, max: 1, noNaN: true }), seed, (all, fraction, from) => {
      const kept = countsOf(all, keepLabels(all, fraction, from));
      const wanted = countsOf(all).map((members) => members && Math.max(1, Math.round(fraction * members)));
      expect(kept).toEqual(wanted);
      expect(keepLabels(all, 1, from).every((keeps) => keeps === 1)).toBe(true);
    }),
  );
});

it("a smaller fraction's examples are among a larger one's", () => {
  const fraction = fc.double({ min: 1e-6, max: 1, noNaN: true });
  fc.assert(
    fc.property(labels, fraction, fraction, seed, (all, one, other, from) => {
      const [few, many] = [Math.min(one, other), Math.max(one, other)].map((share) => keepLabels(all, share, from));
      expect(few?.every((keeps, i) => keeps <= (many?.[i] as number))).toBe(true);
    }),
  );
});

it("the same seed draws the same examples, another seed others", () => {
  const all = Uint8Array.from({ length: 300 }, (_, i) => i % 3);
  expect(keepLabels(all, 0.3, 1)).toEqual(keepLabels(all, 0.3, 1));
  expect(keepLabels(all, 0.3, 1)).not.toEqual(keepLabels(all, 0.3, 2));
  expect([...keepLabels(Uint8Array.of(0, 0, 0, 0, 0, 1), 0.4, 1)].at(-1)).toBe(1);
});
