import { expect, it } from "vitest";
import { writtenLayers } from "./hiddenLayers.js";

/** What the spans mark. */
function marked(text: string): string[] {
  return writtenLayers(text).map(({ span: { offset, length } }) => text.slice(offset, offset + length));
}

it.each([
  ["on one line", '{ "network": { "hidden": [1000, 500] } }'],
  ["on several", '{\n  "network": {\n    "hidden": [\n      1000, // first\n      500,\n    ]\n  }\n}'],
  ["with comments that look like it", '{ /* "hidden": [1] */ "network": { "hidden": [1000 /* [3] */, 500] } }'],
  ["with a byte order mark", '\uFEFF{ "network": { "hidden": [1000, 500] } }'],
  ["while something else is being written", '{ "network": { "hidden": [1000, 500] }, "training": { "learningRate": }'],
])("the widths of layers %s", (_, text) => {
  expect(marked(text)).toEqual(["1000", "500"]);
  expect(writtenLayers(text).map(({ units }) => units)).toEqual([1000, 500]);
});

it.each([
  "",
  "[]",
  '{ "network": 3 }',
  '{ "hidden": [1000] }',
  '{ "network": { "hidden": 1000 } }',
  '{ "network": { "hidden": [1000, "500"] } }',
  '{ "network": { "hidden": [1000, 0.5] } }',
  '{ "network": { "hidden": [1000, -5] } }',
  '{ "network": { "hidden": [] } }',
])("none in %s", (text) => {
  expect(writtenLayers(text)).toEqual([]);
});
