import { expect, test } from "vitest";
import { packTrainLines } from "../../common/frames.js";
import type { EvalLine, PretrainingLine, Progress, RunRecord, TrainLine } from "../../common/run.js";
import { RunModel } from "./runModel.js";

const record = { layers: [{}, {}], progress: {} } as unknown as RunRecord;
const train = (step: number, loss: number): TrainLine => ({
  kind: "train",
  step,
  epoch: 0,
  set: "train",
  n: 1,
  loss,
  error: 0,
  layers: [{ sparsity: 0.5, gradientNorm: 1 }],
});
const evaluation = (step: number, set = "valid") => ({ kind: "eval", step, set, layers: [] }) as unknown as EvalLine;

test("lines that a resumed run tells again replace those that were read", () => {
  const model = new RunModel(
    "/runs/a",
    record,
    [train(10, 1), train(20, 2), train(30, 3)],
    [evaluation(0), evaluation(20)],
  );
  const progress = { step: 30 } as Progress;
  model.apply({ type: "frame", lines: packTrainLines([train(20, 9), train(30, 9)], 1), progress });
  model.apply({ type: "evaluation", line: evaluation(20) });
  expect(model.training.view({ range: null, points: 9, layers: false }).history).toEqual([1, 9, 9]);
  expect(model.told([evaluation(10), evaluation(20)]).map(({ trainLoss }) => trainLoss)).toEqual([
    { mean: 1, n: 1 },
    { mean: 5, n: 2 },
  ]);
  expect(model.evaluations.map(({ step }) => step)).toEqual([0, 20]);
  expect(model.record.progress.step).toBe(30);
});

test("the test set's line, at the best step, takes nothing away", () => {
  const model = new RunModel("/runs/a", record, [], [evaluation(0), evaluation(20), evaluation(40)]);
  model.apply({ type: "evaluation", line: evaluation(20, "test") });
  expect(model.evaluations.map(({ step }) => step)).toEqual([0, 20, 40, 20]);
});

test("lines of pre-training are taken in, and those told again replace what was there; phases too", () => {
  const line = (kind: string, layer: number, step: number, loss: number) =>
    ({ kind, layer, step, epoch: step / 10, n: 10, loss, sparsity: 0.5 }) as PretrainingLine;
  const two = { ...record, layers: [{}, {}, {}] } as RunRecord;
  const model = new RunModel("/runs/a", two, [], [], [line("reconstruction", 1, 0, 9), line("pretrain", 1, 10, 8)]);
  const progress = { step: 10 } as Progress;
  model.apply({ type: "pretraining", lines: [line("reconstruction", 1, 10, 7)], progress });
  expect([model.pretraining.length, model.reconstructions.length]).toEqual([1, 2]);
  const again = [line("reconstruction", 2, 10, 50), line("pretrain", 2, 20, 45), line("reconstruction", 2, 20, 44)];
  for (let i = 0; i < 2; i++) model.apply({ type: "pretraining", lines: again, progress });
  expect(model.pretraining.length).toBe(2);
  expect(model.reconstructions.map(({ loss }) => loss)).toEqual([9, 7, 50, 44]);
  const phases = [{ name: "pre-training, layer 1", step: 0, epoch: 0 }];
  model.apply({ type: "phase", phases });
  expect([model.record.phases, model.record.progress.step]).toEqual([phases, 10]);
});
