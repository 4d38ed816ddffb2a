import { expect, test } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import { experimentRecipe } from "./experimentRecipe.js";

const experiment = (dataset: object) =>
  experimentSchema.parse({
    dataset,
    network: { hidden: [1000, 500] },
    training: { learningRate: 0.03, epochs: 10, l1: 0.001 },
  });

test("the recipe of an experiment that never ran", () => {
  expect(experimentRecipe(experiment({ name: "mnist" }))).toBe(
    "784–1000–500–10 · rectifier, half the signs flipped · λ 0.001 · η 0.03 · batch 10 · seed 1",
  );
});

test("the inputs of an IDX set are not known before it is read", () => {
  expect(experimentRecipe(experiment({ name: "idx", folder: "x", classes: 3 }))).toMatch(/^1000–500–3 · /);
});
