import { expect, test } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import { experimentRecipe } from "./experimentRecipe.js";

const experiment = (dataset: object, optimizer: object = {}) =>
  experimentSchema.parse({
    dataset,
    network: { hidden: [1000, 500] },
    training: { learningRate: 0.03, epochs: 10, l1: 0.001, ...optimizer },
  });

test("the recipe of an experiment that never ran", () => {
  expect(experimentRecipe(experiment({ name: "mnist" }))).toBe(
    "784–1000–500–10 · rectifier, half the signs flipped · λ 0.001 · η 0.03 · batch 10 · seed 1",
  );
});

test.each([
  [{ optimizer: "momentum" }, "momentum 0.9"],
  [{ optimizer: "momentum", momentum: 0.5 }, "momentum 0.5"],
  [{ optimizer: "adam" }, "Adam"],
  [{ optimizer: "adam", beta2: 0.99, epsilon: 1e-7 }, "Adam β₂ 0.99, ε 1e-7"],
])("the optimizer is named where it is not plain SGD: %j", (optimizer, text) => {
  expect(experimentRecipe(experiment({ name: "mnist" }, optimizer))).toBe(
    `784–1000–500–10 · rectifier, half the signs flipped · λ 0.001 · ${text} · η 0.03 · batch 10 · seed 1`,
  );
});

test("neither inputs nor classes of texts are known before they are read", () => {
  const text = { name: "text", text: { files: ["a.csv"] } } as const;
  expect(experimentRecipe(experiment(text))).toMatch(/^1000–500 · rectifier, half the signs flipped · λ/);
});

test("the inputs of an IDX set are not known before it is read", () => {
  expect(experimentRecipe(experiment({ name: "idx", folder: "x", classes: 3 }))).toMatch(/^1000–500–3 · /);
});
