import { describe, expect, it } from "vitest";
import type { ToldEvaluation } from "../../src/common/messages.js";
import type { LayerShape, RunRecord, TrainLine } from "../../src/common/run.js";
import { TrainingSeries } from "../../src/common/trainingSeries.js";
import { headlineOf, unitsWithoutZeros } from "./headline.js";
import { DashboardModel } from "./model.js";

describe("DashboardModel", () => {
  it("knows nothing before the first snapshot", () => {
    const model = new DashboardModel();
    expect([model.run, model.latest, model.best, model.hidden.length, model.live]).toEqual([
      null,
      null,
      null,
      0,
      false,
    ]);
    expect(model.lastEpoch).toBe(1);
  });

  it("replaces everything with a snapshot", () => {
    const model = running([evaluation(1, 0.1), evaluation(2, 0.2)]);
    model.apply(snapshot(record("stopped"), [evaluation(1, 0.3)]));
    expect(model.evaluations.map((line) => line.error)).toEqual([0.3]);
    expect(model.live).toBe(false);
  });

  it("takes an evaluation that came twice once", () => {
    const model = running([evaluation(1, 0.1)]);
    model.apply(frame([evaluation(1, 0.1), { ...evaluation(1, 0.5), set: "test" }]));
    expect(model.evaluations.length).toBe(2);
    expect(model.shown.length).toBe(1);
  });

  it("keeps its evaluations over a frame, and takes everything else from it", () => {
    const model = running([evaluation(1, 0.1)], [trainLine(10)]);
    model.apply(frame([], [trainLine(10), trainLine(20)], record("stopped")));
    expect(model.evaluations.length).toBe(1);
    expect([model.training.lines, [...model.training.curves.x], model.live]).toEqual([2, [1, 2], false]);
  });

  it("marks phases only where there are several", () => {
    const model = running([]);
    const [first, second] = [0, 5].map((epoch) => ({ name: `phase ${epoch}`, step: epoch * 10, epoch })) as [
      Phase,
      Phase,
    ];
    for (const phases of [undefined, [], [first]]) {
      model.apply(snapshot({ ...record("running"), phases }, []));
      expect(model.phases).toEqual([]);
    }
    model.apply(snapshot({ ...record("running"), phases: [first, second] }, []));
    expect(model.phases).toEqual([first, second]);
  });

  it("shows validation, or what there is instead", () => {
    const test = { ...evaluation(2, 0.2), set: "test" } as const;
    expect(running([evaluation(1, 0.1), test]).latest?.set).toBe("valid");
    expect(running([test]).shownSet).toBe("test");
  });

  it("keeps the first of equally good evaluations as the best", () => {
    expect(running([evaluation(1, 0.2), evaluation(2, 0.1), evaluation(3, 0.1)]).best?.epoch).toBe(2);
  });

  it("ends the epoch axis at the next round number, but not after the last epoch", () => {
    const axis = (epoch: number) => running([evaluation(epoch, 0.1)]).lastEpoch;
    expect([0.4, 3, 9.4, 11, 28].map(axis)).toEqual([1, 5, 10, 15, 30]);
    const ended = new DashboardModel();
    ended.apply(snapshot(record("stopped"), [evaluation(7, 0.1)]));
    expect(ended.lastEpoch).toBe(7);
  });

  it("keeps what it had when the folder becomes unreadable, and recovers", () => {
    const model = running([evaluation(1, 0.1)]);
    model.apply({ type: "unreadable", folder: "elsewhere", message: "gone" });
    expect(model.unreadable).toBe("gone");
    model.apply(snapshot(record("running"), []));
    expect(model.unreadable).toBeNull();
  });
});

describe("headlineOf", () => {
  it("means over the layers, sums over the units", () => {
    const figures = headlineOf(running([evaluation(1, 0.1)], [trainLine(10)]));
    expect(figures).toMatchObject({
      error: 0.1,
      sparsity: 0.7,
      dead: 3,
      units: 150,
      activeUnits: 60,
      activeRange: null,
    });
    expect(figures.trainLoss).toEqual({ mean: 0.5, n: 100 });
  });

  it("takes the latest training loss, or that of the evaluation shown", () => {
    const shown = { ...evaluation(1, 0.1), trainLoss: { mean: 9, n: 1000 } };
    const model = running([shown, evaluation(2, 0.1)], [trainLine(1)]);
    expect(headlineOf(model).trainLoss).toEqual({ mean: 0.5, n: 100 });
    expect(headlineOf(model, model.evaluations[0], false).trainLoss).toEqual({ mean: 9, n: 1000 });
    expect(headlineOf(running([])).trainLoss).toBeNull();
  });

  it("gives null, not 0, for what is not defined", () => {
    const line = evaluation(1, 0.1);
    line.layers = line.layers.map((layer) => ({
      ...layer,
      sparsity: null,
      dead: null,
      activeUnits: null,
      nearZero: 0.1,
    }));
    const figures = headlineOf(running([line]));
    expect(figures).toMatchObject({ sparsity: null, dead: null, activeUnits: null });
    expect(figures.nearZero).toBeCloseTo(0.1);
  });

  it("does not pass a part of the layers for the whole", () => {
    const line = evaluation(1, 0.1);
    line.layers = line.layers.map((layer, l) => (l === 0 ? { ...layer, dead: null } : layer));
    expect(headlineOf(running([line])).dead).toBeNull();
  });

  it("has a range of active units for a single layer only", () => {
    const line = evaluation(1, 0.1);
    line.layers = line.layers.slice(0, 1);
    expect(headlineOf(running([line])).activeRange).toEqual({ p10: 10, p90: 30 });
  });
});

it("names the units that have no exact zeros", () => {
  expect(unitsWithoutZeros(record("running").layers)).toBeNull();
  expect(unitsWithoutZeros([{ ...shape(1, 10), activation: "tanh" }])).toBe("tanh");
});

type Phase = NonNullable<RunRecord["phases"]>[number];

function running(evaluations: ToldEvaluation[], lines: TrainLine[] = []): DashboardModel {
  const model = new DashboardModel();
  model.apply(snapshot(record("running"), evaluations, lines));
  return model;
}

function snapshot(run: RunRecord, evaluations: ToldEvaluation[], lines: TrainLine[] = []) {
  return { ...frame(evaluations, lines, run), type: "snapshot" as const, folder: "folder" };
}

function frame(evaluations: ToldEvaluation[], lines: TrainLine[] = [], run = record("running")) {
  const training = new TrainingSeries(2, lines).view({ range: null, points: 240, layers: true });
  return { type: "frame" as const, run, training, evaluations };
}

function shape(layer: number, units: number): LayerShape {
  return { layer, inputs: 784, units, activation: "rectifier", signs: "half" };
}

function record(state: RunRecord["state"]): RunRecord {
  return {
    version: 1,
    id: "id",
    name: "name",
    source: "test",
    state,
    created: "",
    heartbeat: "",
    ended: null,
    configFile: null,
    config: null,
    layers: [shape(1, 100), shape(2, 50), { ...shape(3, 10), activation: "softmax", signs: "none" }],
    dataset: null,
    seed: null,
    versions: { rectiscope: "", kernels: "", node: "" },
    host: { platform: "", arch: "", cpus: 1, threads: 1 },
    progress: {
      step: 0,
      totalSteps: 300,
      epoch: 0,
      epochs: 30,
      samplesPerSecond: 0,
      remainingSeconds: null,
      trainingSeconds: 10,
      trainingExamples: 1000,
      seconds: 12,
    },
    summary: null,
    error: null,
  };
}

function evaluation(epoch: number, error: number): ToldEvaluation {
  const common = {
    nearZero: null,
    dying: 0,
    dormant: 0,
    rare: 0,
    alwaysOn: 0,
    meanActivation: 0,
    weightNorm: 10,
    gradientNorm: 0.2,
    updateRatio: 0.0006,
  };
  return {
    kind: "eval",
    step: epoch * 10,
    epoch,
    set: "valid",
    n: 100,
    loss: error,
    error,
    trainLoss: null,
    layers: [
      { ...common, sparsity: 0.8, dead: 1, activeUnits: { mean: 20, p10: 10, p50: 20, p90: 30 } },
      { ...common, sparsity: 0.6, dead: 2, activeUnits: { mean: 40, p10: 30, p50: 40, p90: 50 } },
    ],
  };
}

function trainLine(step: number): TrainLine {
  const layer = { sparsity: 0.5, gradientNorm: 1 };
  return { kind: "train", step, epoch: step / 10, set: "train", n: 100, loss: 0.5, error: 0.1, layers: [layer, layer] };
}
