import { expect, test } from "vitest";
import { packTrainLines } from "../../common/frames.js";
import type { FromWorker } from "../../common/messages.js";
import type { EvalLine, RunRecord, TrainLine } from "../../common/run.js";
import { RunIntake } from "./runIntake.js";
import { RunModel } from "./runModel.js";

const run = { name: "fake", state: "running", layers: [], progress: { step: 2 } } as unknown as RunRecord;
const line = (step: number): TrainLine => ({
  kind: "train",
  step,
  epoch: 0,
  set: "train",
  n: 1,
  loss: 1,
  error: 1,
  layers: [],
});
const frame = (step: number): FromWorker => ({
  type: "frame",
  lines: packTrainLines([line(step)], 0),
  progress: { ...run.progress, step },
});

function intake(past: (() => Promise<RunModel>) | null) {
  const taken: string[] = [];
  return { taken, intake: new RunIntake("/runs/a", past, (_, message) => taken.push(message.type)) };
}

test("a run that begins has its model at once", () => {
  const { intake: begun, taken } = intake(null);
  begun.receive(frame(1));
  expect(begun.model).toBeNull();
  begun.receive({ type: "started", run });
  begun.receive(frame(1));
  expect(begun.model?.training.length).toBe(1);
  expect(taken).toEqual(["started", "frame"]);
});

test("a run that goes on has what it had before, and what comes meanwhile waits", async () => {
  const before = [{ step: 2 } as EvalLine];
  const { intake: resumed, taken } = intake(async () => new RunModel("/runs/a", run, [line(2)], before));
  resumed.receive({ type: "started", run });
  resumed.receive(frame(3));
  resumed.receive({ type: "ended", run: { ...run, state: "finished" }, error: null });
  expect(taken).toEqual([]);
  await resumed.settled();
  expect(taken).toEqual(["started", "frame", "ended"]);
  expect(resumed.model?.training.length).toBe(2);
  expect(resumed.model?.record.state).toBe("finished");
});

test("a past that cannot be read does not hold the run up", async () => {
  const { intake: resumed } = intake(async () => {
    throw new Error("gone");
  });
  resumed.receive({ type: "started", run });
  resumed.receive(frame(3));
  await resumed.settled();
  expect(resumed.model?.training.length).toBe(1);
});
