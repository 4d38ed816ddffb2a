import fc from "fast-check";
import { expect, it } from "vitest";
import { editDistance, nearest } from "./nearest.js";

it.each([
  ["learningrate", "learningRate"],
  ["learnRate", "learningRate"],
  ["batch_size", "batchSize"],
  ["epcohs", "epochs"],
  ["L1", "l1"],
  ["momentum", null],
  ["", null],
])("nearest(%j) is %j", (word, expected) => {
  expect(nearest(word, ["learningRate", "batchSize", "epochs", "l1", "patience"])).toBe(expected);
});

it("editDistance counts insertions, deletions, replacements and swaps, and is symmetric", () => {
  expect(editDistance("abc", "abc")).toBe(0);
  expect(editDistance("abc", "acb")).toBe(1);
  expect(editDistance("abc", "ab")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("kitten", "sitting")).toBe(3);
  const word = fc.string({ maxLength: 8 });
  fc.assert(fc.property(word, word, (a, b) => editDistance(a, b) === editDistance(b, a)));
});
