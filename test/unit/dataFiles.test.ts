/** Damaged and hostile data files of every kind: each is read whole or turned down. The soak does more of the same. */
import { expect, test } from "vitest";
import { fuzzData, fuzzedData } from "../support/dataFuzz.js";

test.each(fuzzedData)("300 damaged files of %s are read or turned down with a DataError", async (name) => {
  const { inputs, read, turnedDown } = await fuzzData(name, 300, 1);
  expect(inputs).toBe(read + turnedDown);
  // the damage is neither so small nor so large that one of the two is never tried
  expect(read).toBeGreaterThanOrEqual(15);
  expect(turnedDown).toBeGreaterThan(50);
});
