import { expect, it } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import type { LayerShape } from "../../common/run.js";
import { sameWidths, trainsAlike } from "./runOfText.js";

const layers = [30, 20, 10].map((units, l): LayerShape => {
  const activation = l < 2 ? "rectifier" : "softmax";
  return { layer: l + 1, inputs: 1, units, activation, signs: "none" };
});
const written = (...widths: number[]) => widths.map((units) => ({ units }));

it("widths are those of a run, all of them, the softmax left out", () => {
  expect(sameWidths(written(30, 20), { layers })).toBe(true);
  for (const other of [[], [30], [30, 21], [20, 30], [30, 20, 10]])
    expect(sameWidths(written(...other), { layers })).toBe(false);
});

const experiment = (training: object, dataset: object = {}) =>
  experimentSchema.parse({
    dataset: { name: "mnist", ...dataset },
    network: { hidden: [30, 20] },
    training: { learningRate: 0.1, epochs: 5, ...training },
  });

it("a run is of a config that trains the same, however long, and whatever the run filled in", () => {
  const config = experiment({}, { validation: 5000, classes: 10 });
  expect(trainsAlike(experiment({ epochs: 9, patience: 3 }), { config })).toBe(true);
  expect(trainsAlike(experiment({ l1: undefined }), { config })).toBe(true);
  expect(trainsAlike(experiment({ learningRate: 0.03 }), { config })).toBe(false);
  expect(trainsAlike(experiment({}, { name: "fashion-mnist" }), { config })).toBe(false);
  expect(trainsAlike(experiment({}), { config: null })).toBe(false);
});
