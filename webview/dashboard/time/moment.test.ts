import { expect, it } from "vitest";
import type { EvalLine } from "../../../src/common/run.js";
import { linesUntil, momentOf, nearestIndex, stepAt } from "./moment.js";

const evaluations = [0, 100, 200].map((step) => ({ step, epoch: step / 100 }) as EvalLine);

it("follows the latest evaluation unless one was chosen", () => {
  expect(momentOf(evaluations, null)).toMatchObject({ evaluation: { step: 200 }, index: 2, following: true });
  expect(momentOf(evaluations, 100)).toMatchObject({ evaluation: { step: 100 }, index: 1, following: false });
  expect(momentOf(evaluations, 150)).toMatchObject({ index: 2, following: true });
  expect(momentOf([], 100)).toEqual({ evaluation: null, index: -1, following: true });
});

it("follows from the slider's last place", () => {
  expect([0, 1, 2, 9, -1].map((index) => stepAt(evaluations, index))).toEqual([0, 100, null, null, 0]);
  expect(stepAt([], 0)).toBeNull();
});

it("finds the evaluation nearest to an epoch, the earlier of two", () => {
  expect([-5, 0.4, 0.5, 0.6, 9].map((epoch) => nearestIndex([0, 1, 2], epoch))).toEqual([0, 0, 0, 1, 2]);
  expect(nearestIndex([], 1)).toBe(-1);
});

it("counts the lines until a step", () => {
  const lines = [{ step: 10 }, { step: 20 }, { step: 30 }];
  expect([0, 10, 25, 30, 99].map((step) => linesUntil(lines, step))).toEqual([0, 1, 2, 3, 3]);
});
