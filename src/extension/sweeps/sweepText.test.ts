import { expect, test } from "vitest";
import { english } from "../../common/language.js";
import { noProgress, type SweepRecord, type TrialRecord } from "../../common/sweepRecord.js";
import { estimateText, liveSweepText, sweepDescription, trialDescription, trialLabel } from "./sweepText.js";

const trial = (number: number, rest: Partial<TrialRecord>): TrialRecord => ({
  number,
  stage: "",
  key: "k",
  params: { "training.l1": 0.003, seed: number },
  parent: null,
  run: `runs/${number}`,
  reused: false,
  state: "pending",
  result: null,
  error: null,
  ...rest,
});
const figures = { n: 10, error: 0.0123, loss: 1 };
const result = {
  test: figures,
  valid: figures,
  sparsity: { mean: 0.7 },
  dead: null,
  epochs: 1,
  bestEpoch: 1,
  samplesPerSecond: 1,
  seconds: 1,
};
const record = (trials: TrialRecord[], rest: Partial<SweepRecord> = {}) =>
  ({ name: "quick", state: "running", trials, toCome: 0, ...rest }) as SweepRecord;

test("a sweep in a few words", () => {
  const trials = [trial(1, { state: "finished", result }), trial(2, { state: "failed" }), trial(3, {})];
  expect(sweepDescription(record(trials), english)).toBe("running · 1/3 trials · 1 failed");
  expect(sweepDescription(record(trials.slice(0, 1), { state: "finished" }), english)).toBe("finished · 1 trial");
  expect(sweepDescription(record([], { toCome: 4 }), english)).toBe("running · 0/4 trials");
  expect(liveSweepText(record(trials), { ...noProgress, remainingSeconds: 12 }, english)).toBe(
    "quick: 2/3 trials · 12 s left",
  );
});

test("a trial in a few words", () => {
  expect(trialLabel(trial(4, {}), english)).toBe("l1 0.003 · seed 4");
  expect(trialLabel(trial(4, { params: {} }), english)).toBe("Trial 4");
  expect(trialDescription(trial(1, { state: "finished", result }), english)).toBe("1.23 % · 70 % zeros");
  expect(trialDescription(trial(1, { state: "finished", reused: true }), english)).toBe("done before");
});

test.each([
  [6, 41.7, "6 trials · about 42 s"],
  [1, 7.6, "1 trial · about 8 s"],
  [24, 7234, "24 trials · about 2 h 0 min"],
  [1200, null, "1,200 trials"],
])("an estimate of %d trials and %d s", (trials, seconds, text) => {
  expect(estimateText(trials, seconds, english)).toBe(text);
});
