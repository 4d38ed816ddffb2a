/** The noise: exactly as often as it is said, and always the same. */
import { expect, test } from "vitest";
import { Random } from "../network/random.js";
import { corrupt, noiseStream } from "./corruption.js";
import type { LayerNoise } from "./layerPlan.js";

const n = 200_000;

test("masking sets a value to 0 with its probability, and leaves the others as they are", () => {
  const { before, after } = corrupted({ kind: "masking", corruption: 0.25, salt: 0.5 });
  let masked = 0;
  for (let i = 0; i < n; i++) if (after[i] !== before[i]) masked += after[i] === 0 ? 1 : Number.NaN;
  const values = before.filter((x) => x !== 0).length;
  expect(Math.abs(masked / values - 0.25)).toBeLessThan(5 * deviation(0.25, values));
});

test("salt and pepper: what is not 0 becomes 0, what is 0 becomes 1, each with a probability of its own", () => {
  const { before, after } = corrupted({ kind: "saltAndPepper", corruption: 0.8, salt: 0.005 });
  const counts = { ones: 0, pepper: 0, zeros: 0, salt: 0 };
  for (let i = 0; i < n; i++) {
    const was = before[i] === 0 ? "zeros" : "ones";
    counts[was]++;
    if (after[i] === before[i]) continue;
    counts[was === "zeros" ? "salt" : "pepper"] += after[i] === (was === "zeros" ? 1 : 0) ? 1 : Number.NaN;
  }
  expect(Math.abs(counts.pepper / counts.ones - 0.8)).toBeLessThan(5 * deviation(0.8, counts.ones));
  expect(Math.abs(counts.salt / counts.zeros - 0.005)).toBeLessThan(5 * deviation(0.005, counts.zeros));
});

test("probabilities 0 and 1 are never and always", () => {
  const never = corrupted({ kind: "saltAndPepper", corruption: 0, salt: 0 });
  expect(same(never.after, never.before)).toBe(true);
  const always = corrupted({ kind: "saltAndPepper", corruption: 1, salt: 1 });
  expect(
    same(
      always.after,
      always.before.map((x) => (x === 0 ? 1 : 0)),
    ),
  ).toBe(true);
  expect(corrupted({ kind: "masking", corruption: 1, salt: 0 }).after.every((x) => x === 0)).toBe(true);
  const none = corrupted({ kind: "none", corruption: 1, salt: 1 });
  expect(same(none.after, none.before)).toBe(true);
});

test("a stream says the same again; another layer, mini-batch or seed another", () => {
  const noise: LayerNoise = { kind: "masking", corruption: 0.5, salt: 0 };
  const of = (seed: number, layer: number, batch: number | string) =>
    corrupted(noise, seed, noiseStream(layer, batch)).after;
  expect(same(of(1, 1, 7), of(1, 1, 7))).toBe(true);
  for (const other of [of(2, 1, 7), of(1, 2, 7), of(1, 1, 8), of(1, 1, "valid/0")])
    expect(same(other, of(1, 1, 7))).toBe(false);
});

test("the masks of two mini-batches are independent: both mask a quarter of the values", () => {
  const noise: LayerNoise = { kind: "masking", corruption: 0.5, salt: 0 };
  const [one, other] = [7, 8].map((batch) => corrupted(noise, 1, noiseStream(1, batch)));
  const values = one!.before.filter((x) => x !== 0).length;
  const both = one!.before.filter((x, i) => x !== 0 && one!.after[i] === 0 && other!.after[i] === 0).length;
  expect(Math.abs(both / values - 0.25)).toBeLessThan(5 * deviation(0.25, values));
});

test("only the named values are touched", () => {
  const values = Float32Array.of(1, 1, 1, 1, 1);
  corrupt(values, 1, 3, { kind: "masking", corruption: 1, salt: 0 }, Random.stream(1, "a"));
  expect([...values]).toEqual([1, 0, 0, 0, 1]);
});

function corrupted(noise: LayerNoise, seed = 1, stream = "test") {
  const random = Random.stream(3, "values");
  const before = Float32Array.from({ length: n }, () => (random.uniform() < 0.5 ? 0 : 0.5 + random.uniform()));
  const after = before.slice();
  corrupt(after, 0, n, noise, Random.stream(seed, stream));
  return { before, after };
}

/** Standard deviation of a share of n. */
function deviation(share: number, n: number): number {
  return Math.sqrt((share * (1 - share)) / n);
}

function same(one: Float32Array, other: Float32Array): boolean {
  return one.every((x, i) => x === other[i]);
}
