import { describe, expect, it } from "vitest";
import { packTrainLines } from "../../src/common/frames.js";
import type { EvalLine, LayerShape, RunRecord, TrainLine } from "../../src/common/run.js";
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
    model.apply({ type: "evaluation", line: evaluation(1, 0.1) });
    model.apply({ type: "evaluation", line: { ...evaluation(1, 0.5), set: "test" } });
    expect(model.evaluations.length).toBe(2);
    expect(model.shown.length).toBe(1);
  });

  it("appends only the lines of a frame that are new", () => {
    const model = running([], [trainLine(10), trainLine(20)]);
    const progress = { ...record("running").progress, step: 30 };
    model.apply({ type: "frame", lines: packTrainLines([trainLine(20), trainLine(30)], 2), progress });
    expect(model.lines.map((line) => line.step)).toEqual([10, 20, 30]);
    expect(model.run?.progress.step).toBe(30);
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

  it("takes the training loss over the last thousand examples", () => {
    const lines = Array.from({ length: 15 }, (_, i) => ({ ...trainLine(i + 1), loss: i < 5 ? 9 : i < 10 ? 1 : 2 }));
    expect(headlineOf(running([], lines)).trainLoss).toEqual({ mean: 1.5, n: 1000 });
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

function running(evaluations: EvalLine[], lines: TrainLine[] = []): DashboardModel {
  const model = new DashboardModel();
  model.apply(snapshot(record("running"), evaluations, lines));
  return model;
}

function snapshot(run: RunRecord, evaluations: EvalLine[], lines: TrainLine[] = []) {
  return { type: "snapshot" as const, run, folder: "folder", lines: packTrainLines(lines, 2), evaluations };
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

function evaluation(epoch: number, error: number): EvalLine {
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
