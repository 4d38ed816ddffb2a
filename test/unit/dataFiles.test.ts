/** Damaged and hostile data files of every kind: each is read whole or turned down. The soak does more of the same. */
import { expect, test } from "vitest";
import { fuzzData, fuzzedData } from "../support/dataFuzz.js";

test.each(fuzzedData)("1000 damaged files of %s are read or turned down with a DataError", async (name) => {
  const { inputs, read, turnedDown } = await fuzzData(name, 1000, 1);
  expect(inputs).toBe(read + turnedDown);
  // the damage is neither so small nor so large that one of the two is never tried
  expect(read).toBeGreaterThanOrEqual(50);
  expect(turnedDown).toBeGreaterThan(100);
});
