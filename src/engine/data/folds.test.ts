import { expect, test } from "vitest";
import { Random } from "../network/random.js";
import { foldOf, splitByFold } from "./folds.js";

const random = Random.stream(7, "labels");
const labels = Uint8Array.from({ length: 103 }, () => random.below(4));
/** Two values an example: its number, and its label. */
const values = Uint8Array.from(labels.keys()).reduce((all, example) => {
  all.set([example, labels[example] as number], example * 2);
  return all;
}, new Uint8Array(206));

test("every part has its share of every class, and every example is in one part", () => {
  const parts = foldOf(labels, { of: 5, seed: 1 });
  const sizes = [0, 1, 2, 3, 4].map((part) => parts.filter((found) => found === part).length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  for (const label of [0, 1, 2, 3]) {
    const counts = [0, 1, 2, 3, 4].map(
      (part) => parts.filter((found, i) => found === part && labels[i] === label).length,
    );
    expect(Math.max(...counts) - Math.min(...counts), `class ${label}`).toBeLessThanOrEqual(1);
  }
});

test("the validation sets of all folds are the whole set, once, and disjoint from their training sets", () => {
  const seen: number[] = [];
  for (let index = 1; index <= 5; index++) {
    const { train, valid } = splitByFold(values, labels, 2, { index, of: 5, seed: 3 });
    const examplesOf = (set: typeof train) =>
      Array.from({ length: set.n }, (_, i) => (set.inputs as { values: Uint8Array }).values[2 * i] as number);
    const [trained, held] = [examplesOf(train), examplesOf(valid)];
    expect(new Set([...trained, ...held]).size).toBe(103);
    expect(trained.length + held.length).toBe(103);
    expect(Array.from(valid.labels)).toEqual(held.map((example) => labels[example]));
    seen.push(...held);
  }
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from(labels.keys()));
});

test("the same seed gives the same parts, another seed others", () => {
  expect(foldOf(labels, { of: 5, seed: 1 })).toEqual(foldOf(labels, { of: 5, seed: 1 }));
  expect(foldOf(labels, { of: 5, seed: 1 })).not.toEqual(foldOf(labels, { of: 5, seed: 2 }));
});
