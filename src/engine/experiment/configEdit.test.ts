import { expect, it } from "vitest";
import { changedConfig, configEdits } from "./configEdit.js";

const file = `{
  // a comment
  "network": { "hidden": [1000, 500], /* why */ },
  "training": {
    "learningRate": 0.1, // η
    "epochs": 8 // not long
  },
}
`;

it("gives a key another value, and touches nothing else", () => {
  const changed = changedConfig(file, { path: ["training", "learningRate"], value: 0.03 });
  expect(changed).toBe(file.replace("0.1", "0.03"));
  expect(configEdits(file, { path: ["training", "learningRate"], value: 0.03 })).toEqual([
    { offset: file.indexOf("0.1"), length: 3, content: "0.03" },
  ]);
});

it("gives an item of a list another value", () => {
  expect(changedConfig(file, { path: ["network", "hidden", 1], value: 400 })).toBe(file.replace("500", "400"));
});

it("adds a key on a line of its own where the others have theirs", () => {
  const change = { path: ["training", "revive"], value: { everyEpochs: 2, of: ["a"] } };
  const added = file.replace('"epochs": 8', '"epochs": 8,\n    "revive": { "everyEpochs": 2, "of": [ "a" ] }');
  expect(changedConfig(file, change)).toBe(added);
  expect(changedConfig(file.replaceAll("\n", "\r\n"), change)).toBe(added.replaceAll("\n", "\r\n"));
});

it("adds a key on the same line where they share one", () => {
  const text = '{ "training": { "learningRate": 0.1, "epochs": 8 } }';
  const change = { path: ["training", "l1"], value: 0.001 };
  expect(changedConfig(text, change)).toBe('{ "training": { "learningRate": 0.1, "epochs": 8, "l1": 0.001 } }');
  expect(changedConfig(file, { path: ["network", "signs"], value: "half" })).toBe(
    file.replace("500],", '500], "signs": "half",'),
  );
});

it("adds a key to an empty section, and a section", () => {
  const change = { path: ["training", "l1"], value: 0.001 };
  expect(changedConfig('{ "training": {} }', change)).toBe('{ "training": { "l1": 0.001 } }');
  expect(changedConfig('{\n  "seed": 1\n}', change)).toBe('{\n  "seed": 1,\n  "training": { "l1": 0.001 }\n}');
});

it("changes nothing where there is no object", () => {
  expect(configEdits("", { path: ["a"], value: 1 })).toEqual([]);
  expect(configEdits('{ "training": 3 }', { path: ["training", "l1"], value: 1 })).toEqual([]);
});
