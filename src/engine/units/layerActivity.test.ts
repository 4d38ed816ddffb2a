/** What is counted of a layer's outputs, against the outputs themselves. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { GrowingHistogram } from "./growingHistogram.js";
import { LayerActivity } from "./layerActivity.js";
import { thinned } from "./layerRecord.js";
import { TopExamples } from "./topExamples.js";

/** Outputs have single precision. */
const value = fc.oneof(
  fc.constant(0),
  fc.float({ min: -1000, max: 1000, noNaN: true }),
  fc.float({ min: -(2 ** -20), max: 2 ** -20, noNaN: true }),
  fc.constantFrom(1, 2, 0.5, 31, 32, 33, -32, -33, 64),
);

it("a histogram counts every value in the bin that it lies in, whatever comes first", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (values) => {
      const histogram = new GrowingHistogram(2);
      for (const one of values) {
        histogram.add(1, one);
        histogram.add(0, 3);
      }
      const { zeros, from, width, counts } = histogram.of(1);
      expect(zeros).toBe(values.filter((one) => one === 0).length);
      counts.forEach((count, k) => {
        const [low, high] = [from + k * width, from + (k + 1) * width];
        expect(count).toBe(values.filter((one) => one !== 0 && one >= low && one < high).length);
      });
      expect(counts.reduce((sum, count) => sum + count, zeros)).toBe(values.length);
      expect(counts.length).toBeLessThanOrEqual(64);
    }),
    { numRuns: 300 },
  );
});

it("the top examples are those that sorting finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      (values, most) => {
        const top = new TopExamples(1, most);
        values.forEach((activation, example) => {
          top.add(0, example, activation);
        });
        const sorted = values.map((activation, example) => ({ example, activation }));
        sorted.sort((a, b) => b.activation - a.activation || a.example - b.example);
        expect(top.of(0)).toEqual(sorted.slice(0, most));
      },
    ),
  );
});

it("neighbours are those with the largest Jaccard index, over batches and beyond a word", () => {
  const n = 70;
  const fires = [(k: number) => k % 2 === 0, (k: number) => k % 4 === 0, (k: number) => k % 2 === 1, () => false];
  const layer = new LayerActivity(Float32Array.of(1, -1, 1, 1), true, 4, 1, n);
  for (let first = 0; first < n; first += 16) {
    const size = Math.min(16, n - first);
    const values = Float32Array.from({ length: size * 4 }, (_, at) => {
      const [k, j] = [first + Math.floor(at / 4), at % 4];
      return fires[j]!(k) ? (j === 1 ? -2 : 2) : 0;
    });
    layer.add({ values, pitch: 4, place: Int32Array.of(0, 1, 2, 3) }, new Int32Array(size), first, size);
  }
  expect(layer.similarTo(0)).toEqual({ measure: "jaccard", n, units: [{ unit: 1, similarity: 18 / 35 }] });
  expect(layer.similarTo(3).units).toEqual([]);
  expect([...layer.fires]).toEqual([35, 18, 35, 0]);
  expect([...layer.sums]).toEqual([70, 36, 70, 0]);
});

it("thinned lists keep their ends", () => {
  expect(thinned([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(
    thinned(
      Array.from({ length: 101 }, (_, k) => k),
      5,
    ),
  ).toEqual([0, 25, 50, 75, 100]);
});
