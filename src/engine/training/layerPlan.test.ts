/** From the config to what each layer's pre-training is. */
import { describe, expect, it } from "vitest";
import { type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import type { InputTraits } from "../data/inputTraits.js";
import { layerPlans, resolvePretraining, StrategyError } from "./layerPlan.js";

const images: InputTraits = { sparse: false, least: 0, greatest: 1 };
const texts: InputTraits = { sparse: true, least: 0, greatest: 1 };
const stereo: InputTraits = { sparse: false, least: -1, greatest: 1 };

function plansOf(
  pretraining: ExperimentInput["pretraining"],
  traits: InputTraits,
  network: Partial<ExperimentInput["network"]> = {},
) {
  const experiment = experimentSchema.parse({
    dataset: { name: "mnist" },
    network: { hidden: [9, 8, 7], ...network },
    training: { learningRate: 0.1, epochs: 1, l1: 0.001, batchSize: 20 },
    pretraining,
  });
  const resolved = resolvePretraining(experiment, traits);
  const again = resolvePretraining({ ...experiment, pretraining: resolved }, traits);
  expect(again).toEqual(resolved);
  return layerPlans({ ...experiment, pretraining: resolved });
}

describe("by default", () => {
  it("images: softplus decoders and masking, with what the training has", () => {
    for (const plan of plansOf({}, images))
      expect(plan).toMatchObject({
        decoder: "softplus",
        target: "unmasked",
        scaled: false,
        noise: { kind: "masking", corruption: 0.25 },
        tied: false,
        learningRate: 0.01,
        l1: 0.001,
        batchSize: 20,
      });
  });

  it("texts: scaled, with salt and pepper at the bottom and masking above; the layers below take the scale over", () => {
    const plans = plansOf({}, texts);
    expect(plans.map(({ decoder, scaled }) => [decoder, scaled])).toEqual(Array(3).fill(["logistic", true]));
    expect(plans.map(({ foldsBelow }) => foldsBelow)).toEqual([false, true, true]);
    expect(plans.map(({ noise }) => noise)).toEqual([
      { kind: "saltAndPepper", corruption: 0.8, salt: 0.005 },
      { kind: "masking", corruption: 0.5, salt: 0.005 },
      { kind: "masking", corruption: 0.3, salt: 0.005 },
    ]);
  });

  it("tanh: cross-entropy, above the first layer of what is moved to 0…1", () => {
    const plans = plansOf({}, images, { activation: "tanh" });
    expect(plans.map(({ decoder, shifted }) => [decoder, shifted])).toEqual([
      ["logistic", false],
      ["logistic", true],
      ["logistic", true],
    ]);
    expect(plansOf({}, stereo, { activation: "tanh" })[0]?.decoder).toBe("linear");
  });

  it("units that do not scale leave the scale to the layer itself", () => {
    expect(plansOf({}, texts, { activation: "softplus" }).map(({ foldsBelow }) => foldsBelow)).toEqual(
      Array(3).fill(false),
    );
  });
});

it("one strategy for all leaves negative data to the linear decoder, a list is taken at its word", () => {
  expect(plansOf({ strategy: "rectifier" }, stereo).map(({ decoder }) => decoder)).toEqual([
    "linear",
    "rectifier",
    "rectifier",
  ]);
  const list = () => plansOf({ strategy: ["softplus", "linear", "linear"] }, stereo);
  expect(list).toThrow(StrategyError);
  expect(list).toThrow(
    /pretraining\.strategy is "softplus" for layer 1, but the data have negative values\. Use "linear"/,
  );
  const greater = () => plansOf({ strategy: ["crossEntropy", "linear", "linear"] }, { ...images, greatest: 5 });
  expect(greater).toThrow(/values greater than 1\. Use "scaled"/);
});

it("lists say what each layer does, and layers how many there are", () => {
  const plans = plansOf(
    { layers: 2, learningRate: [0.1, 0.2], tied: true, l1: 0, batchSize: 5, corruption: 0.5 },
    images,
  );
  expect(plans.map(({ layer, learningRate }) => [layer, learningRate])).toEqual([
    [1, 0.1],
    [2, 0.2],
  ]);
  expect(plans[1]).toMatchObject({ tied: true, l1: 0, batchSize: 5, noise: { corruption: 0.5 } });
  expect(plansOf({ layers: 0 }, images)).toEqual([]);
  expect(plansOf(undefined, images)).toEqual([]);
});
