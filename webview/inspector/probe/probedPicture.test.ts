import { describe, expect, it } from "vitest";
import type { ActivationFigures } from "../../../src/common/metrics.js";
import type { ProbedLayer, ProbeReport } from "../../../src/common/probe.js";
import { configOf, countOf } from "./chosen.js";
import { layerToLookAt, probedPicture, probeHeadline, tabledLayers } from "./probedPicture.js";

const millions = 2 ** 25;

function layer(number: number, firings: number[], observations: number, name = `layer${number}`): ProbedLayer {
  const units = firings.length;
  return {
    layer: number,
    name,
    units,
    activation: "relu",
    observations,
    positions: observations > 1000,
    responses: {
      firings: Uint32Array.from(firings),
      firingFrequency: Float32Array.from(firings, (count) => count / observations),
      meanActivation: new Float32Array(units),
      maximum: new Float32Array(units),
      activeUnits: new Int32Array(units + 1),
    },
  };
}

function figures(sparsity: number | null, dead: number | null, rare: number | null): ActivationFigures {
  const near = sparsity === null ? 0.1 : null;
  const counts = { dead, dying: null, dormant: 0, rare, alwaysOn: null };
  const norms = { meanActivation: 0, weightNorm: null, gradientNorm: null, updateRatio: null };
  return { sparsity, nearZero: near, ...counts, activeUnits: null, ...norms };
}

function report(layers: ProbedLayer[], of: ActivationFigures[]): ProbeReport {
  const thresholds = { rareThreshold: 1e-3, dormantThreshold: 0.025 };
  const evaluation = { kind: "eval" as const, set: "test" as const, n: 1000, loss: null, error: null, layers: of };
  return { layers, evaluation, thresholds } as unknown as ProbeReport;
}

describe("a probe's layer as a picture", () => {
  it("tells a unit that missed one of millions of positions from one that is always on", () => {
    const firings = [0, 1, millions - 1, millions];
    const picture = probedPicture(report([layer(1, firings, millions)], [figures(0.5, 1, 1)]), 0)!;
    expect(picture.kinds).toEqual(["dead", "rare", "ordinary", "alwaysOn"]);
    expect(picture).toMatchObject({ positions: true, fires: true, rareDefined: true });
  });

  it("has no rare units where the set was too small, and no firing where there is no exact zero", () => {
    const small = report(
      [layer(1, [0, 1], 1000), layer(2, [0], 1000)],
      [figures(0.5, 1, null), figures(null, null, null)],
    );
    expect(probedPicture(small, 0)!.counts).toMatchObject({ dead: 1, rare: 0, ordinary: 1 });
    expect(probedPicture(small, 1)!.fires).toBe(false);
    expect(probedPicture(small, 2)).toBeNull();
  });
});

describe("what a probe's report leads with", () => {
  const layers = [layer(1, [0, 1], 1000), layer(2, [1, 1, 1], 1000, "/act/Relu")];

  it("is a mean over the layers where all have it, and else nothing", () => {
    expect(probeHeadline(report(layers, [figures(0.5, 1, 0), figures(0.7, 0, 0)]))).toEqual({
      sparsity: 0.6,
      nearZero: null,
      dead: 1,
      units: 5,
    });
    expect(probeHeadline(report(layers, [figures(0.5, 1, 0), figures(null, null, null)]))).toEqual({
      sparsity: null,
      nearZero: null,
      dead: 1,
      units: 2,
    });
    expect(probeHeadline(report([], []))).toEqual({ sparsity: null, nearZero: null, dead: null, units: 0 });
  });

  it("is the layer with most dead units, by its own name", () => {
    expect(layerToLookAt(report(layers, [figures(0.5, 0, 0), figures(0.5, 2, 0)]))).toBe(1);
    expect(layerToLookAt(report([], []))).toBe(0);
    expect(tabledLayers(report(layers, [])).map(({ name }) => name)).toEqual([undefined, "/act/Relu"]);
  });
});

describe("what is run through a model", () => {
  it("is a count of examples, or all of them", () => {
    expect(["", " ", "7", "1e3"].map((text) => countOf(text))).toEqual([null, null, 7, 1000]);
    expect(["0", "-1", "1.5", "many", "1e30"].map((text) => countOf(text))).toEqual(new Array(5).fill(undefined));
    expect(countOf("", true)).toBeUndefined();
  });

  it("is of the experiment that was chosen, else of the one that trained the model, else of the first that can be read", () => {
    const choice = (file: string, dataset: string | null = "mnist") => ({ file, name: file, dataset, packed: false });
    const choices = { experiments: [choice("broken", null), choice("a"), choice("b")], suggested: "b", trusted: true };
    expect(configOf(choices, { config: "a" })).toBe("a");
    expect(configOf(choices, { config: "gone" })).toBe("b");
    expect(configOf({ ...choices, suggested: null }, { config: "broken" })).toBe("a");
    expect(configOf({ ...choices, experiments: [] }, { config: null })).toBeNull();
  });
});
