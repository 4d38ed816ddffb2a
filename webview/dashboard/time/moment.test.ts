import { expect, it } from "vitest";
import type { ToldEvaluation } from "../../../src/common/messages.js";
import { momentOf, nearestIndex, stepAt } from "./moment.js";

const evaluations = [0, 100, 200].map((step) => ({ step, epoch: step / 100 }) as ToldEvaluation);

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
