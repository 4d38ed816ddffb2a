import { expect, it } from "vitest";
import { DownloadRate } from "./downloadRate.js";

it("tells the remaining time from what came in the last seconds", () => {
  const rate = new DownloadRate();
  const at = (seconds: number, received: number) => rate.remainingSeconds(received, 10_000, 1000 * seconds);
  expect(at(0, 0)).toBeNull();
  expect(at(0.1, 100)).toBeNull(); // too early
  expect(at(1, 1000)).toBeCloseTo(9);
  expect(at(2, 2000)).toBeCloseTo(8);
  // ten times slower from now on: after a while only that counts
  let remaining: number | null = null;
  for (let second = 3; second < 20; second++) remaining = at(second, 2000 + 100 * (second - 2));
  expect(remaining).toBeCloseTo((10_000 - 3700) / 100);
});

it("knows nothing while nothing comes, and begins anew with a file that starts anew", () => {
  const rate = new DownloadRate();
  const at = (seconds: number, received: number) => rate.remainingSeconds(received, 1000, 1000 * seconds);
  expect([at(0, 500), at(1, 500)]).toEqual([null, null]);
  expect(at(2, 0)).toBeNull();
  expect(at(3, 100)).toBeCloseTo(9);
});
