import { expect, test } from "vitest";
import { neuronDefaults } from "../../src/common/unitCurves.js";
import { initialViewState, restoreViewState } from "./viewState.js";

test("what was chosen comes back, and what is not understood is as if never chosen", () => {
  const chosen = { shown: ["tanh", "lif"], input: -2, sharpness: 6, neuron: { ...neuronDefaults, timeConstant: 5 } };
  expect(restoreViewState(structuredClone(chosen))).toEqual(chosen);
  const { shown, ...rest } = initialViewState();
  for (const kept of [null, 3, "x", [], { input: 9, sharpness: 0, neuron: { refractory: -1 } }])
    expect(restoreViewState(kept)).toEqual({ shown, ...rest });
  expect(restoreViewState({ shown: ["tanh", "sine", 4] }).shown).toEqual(["tanh"]);
});
