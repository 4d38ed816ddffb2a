import { expect, test } from "vitest";
import { english } from "../../common/language.js";
import type { EvalLine, ReconstructionLine, RunRecord } from "../../common/run.js";
import { ageText, deadUnits, descriptionText, liveText, resultText, sizeText, tooltipLines } from "./runText.js";

const progress = {
  step: 400,
  totalSteps: 4000,
  epoch: 2.4,
  epochs: 10,
  samplesPerSecond: 900,
  remainingSeconds: 75,
  trainingSeconds: 10,
  trainingExamples: 1000,
  seconds: 12,
};
const summary = {
  epochs: 10,
  bestEpoch: 9,
  bestStep: 9000,
  test: { set: "test", n: 10_000, error: 0.0183, loss: 0.1 },
  valid: { set: "valid", n: 10_000, error: 0.0179, loss: 0.1 },
  sparsity: { set: "test", n: 10_000, mean: 0.891, layers: [0.891] },
  dead: { set: "test", n: 10_000, total: 2, layers: [2] },
  samplesPerSecond: 1234,
  seconds: 754,
};

function run(changes: object): RunRecord {
  return {
    name: "quick",
    state: "running",
    created: "2026-11-23T12:00:00.000Z",
    config: null,
    layers: [],
    dataset: null,
    progress,
    summary: null,
    error: null,
    ...changes,
  } as unknown as RunRecord;
}

const evaluation = (dead: (number | null)[]) => ({ layers: dead.map((count) => ({ dead: count })) }) as EvalLine;

test("descriptions", () => {
  expect(descriptionText(run({}), english)).toBe("running · epoch 3/10");
  expect(descriptionText(run({ state: "finished", summary }), english)).toBe("finished · 1.83 % · 89 % zeros · 2 dead");
  expect(descriptionText(run({ state: "paused" }), english)).toBe("paused · epoch 3/10");
  expect(descriptionText(run({ state: "failed" }), english)).toBe("failed");
  expect(resultText(run({ summary: { ...summary, sparsity: null, dead: null } }), english)).toBe("1.83 %");
});

test("a run with phases says which is in progress", () => {
  const phases = [{ name: "pre-training, layer 1", step: 0, epoch: 0 }];
  expect(descriptionText(run({ phases }), english)).toBe("running · pre-training, layer 1, epoch 3");
  const measured = { layer: 1, loss: 12.345 } as ReconstructionLine;
  expect(liveText(run({ phases }), undefined, english, measured)).toBe(
    "quick: pre-training, layer 1, epoch 3 · reconstruction error 12.3",
  );
  const both = [...phases, { name: "training", step: 200, epoch: 1 }];
  expect(liveText(run({ phases: both }), evaluation([3, 9]), english, measured)).toBe(
    "quick: training, epoch 2 of 9 · 12 dead",
  );
});

test("the last epoch is not counted past the end", () => {
  const atEnd = { ...progress, epoch: 10 };
  expect(descriptionText(run({ progress: atEnd }), english)).toBe("running · epoch 10/10");
});

test("dead units are summed; null where they are not defined", () => {
  expect(deadUnits(undefined)).toBeNull();
  expect(deadUnits(evaluation([null, null]))).toBeNull();
  expect(deadUnits(evaluation([3, 0, 9]))).toBe(12);
  expect(liveText(run({}), evaluation([3, 9]), english)).toBe("quick: epoch 3/10 · 12 dead");
  expect(liveText(run({}), undefined, english)).toBe("quick: epoch 3/10");
});

test("the tooltip says what is known", () => {
  const lines = tooltipLines(
    run({ state: "failed", error: { code: "x", message: "The loss is NaN at step 7." } }),
    english,
  );
  expect(lines).toContain("The loss is NaN at step 7.");
  expect(tooltipLines(run({}), english).join()).toContain("1 min 15 s left");
  expect(tooltipLines(run({ summary, state: "finished" }), english).join()).toContain("1.83 % of 10,000 examples");
});

test("sizes and ages", () => {
  const sizes = [0, 999, 1000, 4_230_000, 123_400_000, 5e15].map((bytes) => sizeText(bytes, english));
  expect(sizes).toEqual(["0 B", "999 B", "1 kB", "4.2 MB", "123 MB", "5,000 TB"]);
  const hour = 3_600_000;
  expect([0.5 * hour, 5 * hour, 24 * hour, 80 * hour].map((age) => ageText(age, english))).toEqual([
    "30 minutes ago",
    "5 hours ago",
    "yesterday",
    "3 days ago",
  ]);
});
