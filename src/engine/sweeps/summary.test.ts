import { expect, test } from "vitest";
import type { TrialRecord, TrialState } from "../../common/sweepRecord.js";
import { comparePaired } from "../statistics/statistics.js";
import { summarise } from "./summary.js";

function trial(number: number, l1: number, seed: number, error: number, state: TrialState = "finished"): TrialRecord {
  const figures = { n: 100, error, loss: 1 };
  return {
    number,
    stage: "",
    key: String(number),
    params: { "training.l1": l1, seed },
    parent: null,
    run: `runs/${number}`,
    reused: false,
    state,
    result:
      state === "finished" || state === "stopped"
        ? {
            test: { ...figures, error: error + 0.1 },
            valid: figures,
            sparsity: null,
            dead: { total: number },
            epochs: 1,
            bestEpoch: 1,
            samplesPerSecond: 1,
            seconds: 2,
          }
        : null,
    error: null,
  };
}

test("means over the finished trials of a group, compared with the best pair by pair", () => {
  const trials = [
    trial(1, 0, 1, 0.3),
    trial(2, 0, 2, 0.4),
    trial(3, 0, 3, 0.35),
    trial(4, 1, 1, 0.2),
    trial(5, 1, 2, 0.22),
    trial(6, 1, 3, 0.21),
    // better, but of one finished trial only
    trial(7, 2, 1, 0.1),
    trial(8, 2, 2, 0.01, "stopped"),
    trial(9, 2, 3, 0, "running"),
  ];
  const { groups } = summarise({ trials, selections: [] });
  expect(groups.map(({ params, n, trials: numbers, best }) => [params, n, numbers, best])).toEqual([
    [{ "training.l1": 0 }, 3, [1, 2, 3], false],
    [{ "training.l1": 1 }, 3, [4, 5, 6], true],
    [{ "training.l1": 2 }, 1, [7, 8, 9], false],
  ]);
  expect(groups[0]?.figures).toMatchObject({
    validError: { mean: expect.closeTo(0.35, 12), sd: expect.closeTo(0.05, 12) },
    testError: { mean: expect.closeTo(0.45, 12) },
    sparsity: null,
    dead: { mean: 2, sd: 1 },
  });
  expect(groups[0]?.againstBest).toEqual(comparePaired([0.3, 0.4, 0.35], [0.2, 0.22, 0.21]));
  expect(groups[1]?.againstBest).toBeNull();
  expect(groups[2]?.againstBest).toBeNull();
});

test("what was selected is marked", () => {
  const selection = { stage: "", by: "validationError", group: {}, chosen: {}, mean: 0, sd: null, n: 1, trials: [2] };
  const { groups } = summarise({ trials: [trial(1, 0, 1, 0.1), trial(2, 1, 1, 0.2)], selections: [selection] });
  expect(groups.map(({ selected, best }) => [selected, best])).toEqual([
    [false, true],
    [true, false],
  ]);
});

test("a sweep of which nothing has finished has no best", () => {
  const { groups } = summarise({ trials: [trial(1, 0, 1, 0, "running")], selections: [] });
  expect(groups).toMatchObject([{ n: 0, best: false, againstBest: null, figures: { validError: null } }]);
});
