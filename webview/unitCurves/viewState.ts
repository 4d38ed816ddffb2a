/** What a person has chosen to see of the curves. VS Code keeps it while the view is hidden, or its window reloads. */
import {
  type CurveName,
  type CurveSettings,
  curveNames,
  type NeuronConstants,
  neuronDefaults,
  usableNeuron,
} from "../../src/common/unitCurves.js";

export interface UnitCurvesViewState extends CurveSettings {
  shown: CurveName[];
  /** Where the curves are read off. */
  input: number;
}

export const inputRange = { min: -3, max: 3, step: 0.05 };
export const sharpnessRange = { min: 0.1, max: 50 };

export function initialViewState(): UnitCurvesViewState {
  return { shown: ["rectifier", "softplus", "tanh", "lif"], input: 1, sharpness: 1, neuron: neuronDefaults };
}

/** @param kept anything: an older or newer version may have written it; what is not understood is as if never chosen */
export function restoreViewState(kept: unknown): UnitCurvesViewState {
  const state = initialViewState();
  if (typeof kept !== "object" || kept === null) return state;
  const { shown, input, sharpness, neuron } = kept as Record<string, unknown>;
  if (Array.isArray(shown)) state.shown = curveNames.filter((name) => shown.includes(name));
  if (isWithin(input, inputRange)) state.input = input;
  if (isWithin(sharpness, sharpnessRange)) state.sharpness = sharpness;
  if (typeof neuron === "object" && neuron !== null) {
    const names = Object.keys(neuronDefaults) as (keyof NeuronConstants)[];
    const constants = Object.fromEntries(
      names.map((name) => [name, (neuron as Record<string, unknown>)[name]]),
    ) as unknown as NeuronConstants;
    state.neuron = usableNeuron(constants) ?? neuronDefaults;
  }
  return state;
}

export function isWithin(value: unknown, { min, max }: { min: number; max: number }): value is number {
  return typeof value === "number" && value >= min && value <= max;
}
