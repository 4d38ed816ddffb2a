/** Damaged and hostile model files of every format: each is read whole or turned down. The soak does more of the same. */
import { expect, test } from "vitest";
import { fuzz, fuzzedFiles } from "../support/modelFuzz.js";

test.each(fuzzedFiles)("20,000 damaged files like %s are read or turned down with a FormatError", async (name) => {
  const { inputs, read, turnedDown } = await fuzz(name, 20_000, 1);
  expect(inputs).toBe(read + turnedDown);
  // the damage is neither so small nor so large that one of the two is never tried
  expect(read).toBeGreaterThan(100);
  expect(turnedDown).toBeGreaterThan(1000);
});
