/** Training examples and those without labels, as one set. */
import { expect, it } from "vitest";
import { type ExampleSet, type Inputs, writeExample } from "./dataset.js";
import { pretrainingSet } from "./pretrainingSet.js";

const dimension = 4;
const rows = [
  [1, 0, 0, 1],
  [0, 1, 0, 0],
  [0, 0, 0, 0],
  [1, 1, 1, 1],
  [0, 0, 1, 0],
];

const kinds: Record<string, (rows: number[][]) => Inputs> = {
  bytes: (some) => ({ kind: "bytes", values: Uint8Array.from(some.flat()), scale: 1 }),
  floats: (some) => ({ kind: "floats", values: Float32Array.from(some.flat()) }),
  sparse: (some) => {
    const ones = some.map((row) => row.flatMap((value, i) => (value ? [i] : [])));
    const starts = [0];
    for (const list of ones) starts.push((starts.at(-1) as number) + list.length);
    return { kind: "sparse", starts: Uint32Array.from(starts), indices: Uint32Array.from(ones.flat()) };
  },
};

it.each(Object.entries(kinds))("%s: the examples follow one another", (_, inputsOf) => {
  const train: ExampleSet = { name: "train", n: 2, inputs: inputsOf(rows.slice(0, 2)), labels: Uint8Array.of(3, 1) };
  const set = pretrainingSet({ train, unlabelled: { n: 3, inputs: inputsOf(rows.slice(2)) } });
  expect([set.name, set.n, [...set.labels.subarray(0, 2)]]).toEqual(["train", 5, [3, 1]]);
  const found = rows.map((_, example) => {
    const to = new Float32Array(dimension);
    writeExample(set.inputs, example, dimension, to, 0);
    return [...to];
  });
  expect(found).toEqual(rows);
  for (const unlabelled of [null, undefined, { n: 0, inputs: inputsOf([]) }])
    expect(pretrainingSet({ train, ...(unlabelled !== undefined && { unlabelled }) })).toBe(train);
});
