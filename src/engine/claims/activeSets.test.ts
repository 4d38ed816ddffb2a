import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inOrder } from "../kernels/unitOrder.js";
import { Random } from "../network/random.js";
import { ActiveSets } from "./activeSets.js";
import { drawPairs, isDisentangled, meanOverlaps, perturb } from "./overlap.js";
import { patternsOf } from "./patterns.js";

/** @param examples of each the outputs of each layer */
function setsOf(examples: number[][][]): ActiveSets {
  const units = (examples[0] as number[][]).map(({ length }) => length);
  const sets = new ActiveSets(units, examples.length);
  examples.forEach((layers, example) => {
    layers.forEach((outputs, layer) => {
      const rows = { values: Float32Array.from(outputs), pitch: outputs.length, place: inOrder(outputs.length) };
      sets.record(layer, rows, example, 1);
    });
  });
  return sets;
}

const known = setsOf([
  [
    [1, 0, -2, 0],
    [0, 3],
  ],
  [
    [1, 0, -5, 0],
    [0, 1],
  ],
  [
    [0, 0, -2, 9],
    [0, 3],
  ],
  [
    [0, 0, 0, 0],
    [0, 0],
  ],
]);

describe("active sets that are known", () => {
  test("counts, and the Jaccard index of each layer and of all units", () => {
    expect([0, 1, 2, 3].map((k) => [known.count(k), known.count(k, 0), known.count(k, 1)])).toEqual([
      [3, 2, 1],
      [3, 2, 1],
      [3, 2, 1],
      [0, 0, 0],
    ]);
    expect(known.overlap(0, known, 1)).toBe(1);
    expect(known.overlap(0, known, 2, 0)).toBe(1 / 3);
    expect(known.overlap(0, known, 2)).toBe(2 / 4);
    expect(known.overlap(0, known, 3)).toBe(0);
    expect(known.overlap(3, known, 3)).toBe(1);
  });

  test("patterns: values do not count, only what is active", () => {
    expect(patternsOf(known)).toEqual({ distinct: 3, layers: [3, 2], mostFrequent: 2 });
  });

  test("mean overlaps with copies, within a class and between classes", () => {
    const changed = setsOf([
      [
        [1, 0, 0, 0],
        [0, 3],
      ],
    ]);
    const found = meanOverlaps(known, changed, {
      within: [[0, 1]],
      between: [
        [0, 2],
        [0, 3],
      ],
    });
    expect(found).toEqual({ near: 2 / 3, within: 1, between: 0.25 });
  });
});

test("any sets: as sets of numbers have it, whatever the widths and wherever the kernels keep the units", () => {
  const width = fc.constantFrom(1, 5, 31, 32, 33, 64, 70);
  fc.assert(
    fc.property(fc.array(width, { minLength: 1, maxLength: 3 }), fc.nat(1e6), (units, seed) => {
      const random = Random.stream(seed, "outputs");
      const examples = 6;
      const sets = new ActiveSets(units, examples);
      const plain = Array.from({ length: examples }, () => units.map(() => new Set<number>()));
      units.forEach((width, layer) => {
        const place = random.permutation(width);
        const values = new Float32Array(examples * width);
        for (let b = 0; b < examples; b++)
          for (let j = 0; j < width; j++)
            if (random.uniform() < 0.4) {
              values[b * width + place[j]!] = random.uniform() - 2;
              plain[b]![layer]!.add(j);
            }
        sets.record(layer, { values, pitch: width, place }, 0, examples);
      });
      for (let a = 0; a < examples; a++)
        for (let b = 0; b < examples; b++)
          units.forEach((_, layer) => {
            const [left, right] = [plain[a]![layer]!, plain[b]![layer]!];
            const both = [...left].filter((unit) => right.has(unit)).length;
            const either = new Set([...left, ...right]).size;
            expect(sets.count(a, layer)).toBe(left.size);
            expect(sets.overlap(a, sets, b, layer)).toBe(either === 0 ? 1 : both / either);
            expect(sets.pattern(a, layer) === sets.pattern(b, layer)).toBe(
              left.size === right.size && both === left.size,
            );
          });
    }),
  );
});

test.each([
  [{ near: 0.9, within: 0.4, between: 0.1 }, true],
  [{ near: 0.49, within: 0.4, between: 0.1 }, false],
  [{ near: 0.9, within: 0.91, between: 0.1 }, false],
  [{ near: 0.9, within: 0.1, between: 0.1 }, false],
  [{ near: 0.9, within: 0.5, between: 0.34 }, false],
])("%j counts as disentangled: %j", (overlap, expected) => {
  expect(isDisentangled(overlap)).toBe(expected);
});

test("two random halves of the units overlap by a third", () => {
  const random = Random.stream(4, "halves");
  const half = () => Array.from({ length: 20_000 }, () => (random.uniform() < 0.5 ? 1 : 0));
  expect(setsOf([[half()], [half()]]).overlap(0, setsOf([[half()]]), 0)).toBeCloseTo(1 / 3, 1);
});

describe("what overlaps are measured on", () => {
  const random = () => Random.stream(3, "pairs");

  test("pairs are of two examples, of one class or of two", () => {
    const labels = [0, 1, 0, 2, 1, 1];
    const { within, between } = drawPairs(labels, 6, 50, random());
    expect([within.length, between.length]).toEqual([50, 50]);
    expect(within.every(([a, b]) => a !== b && labels[a] === labels[b])).toBe(true);
    expect(between.every(([a, b]) => labels[a] !== labels[b])).toBe(true);
    expect(drawPairs(labels, 6, 50, random())).toEqual({ within, between });
  });

  test("where there are no such pairs, there are none", () => {
    expect(drawPairs([0, 1], 2, 5, random()).within).toEqual([]);
    expect(drawPairs([0, 0], 2, 5, random()).between).toEqual([]);
    expect(drawPairs([0], 1, 5, random())).toEqual({ within: [], between: [] });
  });

  test("a change has the length that it should", () => {
    const x = Float64Array.of(3, 0, -4, 0);
    const before = x.slice();
    perturb(x, 0.1, random());
    expect(Math.hypot(...x.map((value, i) => value - before[i]!))).toBeCloseTo(0.5, 12);
  });
});
