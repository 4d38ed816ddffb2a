import { expect, it } from "vitest";
import type { LayerShape } from "../../../src/common/run.js";
import type { UnitFigures } from "../../../src/common/unitFrames.js";
import type { Measured } from "../measured.js";
import { unitPicture } from "./unitPicture.js";
import { deathWords, spokenUnit, unitWords } from "./unitWords.js";

const layer: LayerShape = { layer: 3, inputs: 5, units: 3, activation: "rectifier", signs: "half" };
const evaluation = { step: 45_000, n: 10_000, set: "valid", layers: [{}, {}, { rare: 0 }] } as unknown as Measured;
const figures: UnitFigures = {
  firingFrequency: [0, 0.0004, 0.25],
  meanActivation: [0, 0.1, -0.25],
  maximum: [0, 1, 2],
  bias: [-0.83, 0, 0.1],
  incomingNorm: [1.12, 1, 1],
  outgoingNorm: [0.9, 1, 1],
  lastFiredStep: [35_120, 44_000, 45_000],
  maxUpdate: [0.031, 0, 0.00002],
  maxUpdateStep: [12, -1, 3],
  activeUnits: [1, 2, 3, 4],
};

it("tells a unit's figures", () => {
  const words = unitWords(unitPicture(layer, evaluation, figures, 1e-3), 0, 5000);
  expect([words.name, words.remark]).toEqual(["Unit 3·0", "dead since about epoch 7"]);
  expect(words.fires).toBe("fires on 0 of 10,000 validation examples (0 %)");
  const spoken = spokenUnit(words);
  for (const part of ["bias -0.83", "1.12 · 0.9", "step 35,120 (epoch 7.02)", "0.031 at step 12"])
    expect(spoken).toContain(part);
});

it("remarks on what is rare, and not on the ordinary", () => {
  const picture = unitPicture(layer, evaluation, figures, 1e-3);
  expect([1, 2].map((unit) => unitWords(picture, unit, 5000).remark)).toEqual(["rare", ""]);
  expect(spokenUnit(unitWords(picture, 1, 5000))).toContain("largest update none");
});

it("says nothing of firing where that is not defined", () => {
  const tanh = { ...layer, activation: "tanh" as const };
  const words = unitWords(unitPicture(tanh, evaluation, figures, 1e-3), 0, 5000);
  expect([words.remark, words.fires]).toEqual(["", ""]);
  expect(words.figures.map(({ label }) => label)).not.toContain("last fired");
});

it("knows since when a unit is dead", () => {
  expect(deathWords(-1, 0, 5000)).toBe("dead from the start");
  expect(deathWords(-1, 5000, 5000)).toBe("dead, never fired in training");
  expect(deathWords(44_999, 45_000, 5000)).toBe("dead on this set, fires in training");
  expect(deathWords(7300, 45_000, 5000)).toBe("dead since about epoch 1.5");
  expect(deathWords(7300, 45_000, null)).toBe("dead since about step 7,300");
});
