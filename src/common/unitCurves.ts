/** The curves of the paper's figure 1: each unit's output and derivative over its input, and the neuron that the rectifier resembles. */
import { unitDerivative, unitOutput } from "./unitFunctions.js";
import { type Activation, activations } from "./units.js";

/** `lif` is a leaky integrate-and-fire neuron: its firing rate over its input current. */
export type CurveName = Activation | "lif";

export const curveNames: readonly CurveName[] = [...activations, "lif"];

/**
 * The firing rate is 1 ÷ (t_ref + τ·ln((V_rest + R·I − V_reset) ÷ (V_rest + R·I − V_th))) for currents that reach the threshold, else 0.
 * It is drawn as a share of its highest value, 1 ÷ t_ref, to fit beside the units.
 */
export interface NeuronConstants {
  /** t_ref, refractory time, in milliseconds. */
  refractory: number;
  /** τ, membrane time constant, in milliseconds. */
  timeConstant: number;
  /** R, of the membrane. */
  resistance: number;
  /** V_th, V_rest and V_reset. */
  threshold: number;
  rest: number;
  reset: number;
}

/** Ours: the paper's figure does not name its constants. Times are usual for cortical neurons; potentials are in units of the threshold. */
export const neuronDefaults: NeuronConstants = {
  refractory: 2,
  timeConstant: 20,
  resistance: 1,
  threshold: 1,
  rest: 0,
  reset: 0,
};

export interface CurveSettings {
  /** α of the softplus. */
  sharpness: number;
  neuron: NeuronConstants;
}

/** @param input pre-activation, of the neuron the current */
export function curveAt(
  name: CurveName,
  input: number,
  settings: CurveSettings,
): { output: number; derivative: number } {
  if (name === "lif") return firing(input, settings.neuron);
  const output = unitOutput(name, input, settings.sharpness);
  return { output, derivative: unitDerivative(name, output, settings.sharpness) };
}

function firing(current: number, neuron: NeuronConstants): { output: number; derivative: number } {
  const { refractory, timeConstant, resistance, threshold, rest, reset } = neuron;
  const drive = rest + resistance * current;
  if (drive <= threshold) return { output: 0, derivative: 0 };
  const interval = refractory + timeConstant * Math.log((drive - reset) / (drive - threshold));
  const change = timeConstant * resistance * (1 / (drive - reset) - 1 / (drive - threshold));
  return { output: refractory / interval, derivative: (-refractory * change) / interval ** 2 };
}

/** What keeps the formula defined: times above 0, and a reset below the threshold. @returns null for constants that cannot be drawn */
export function usableNeuron(neuron: NeuronConstants): NeuronConstants | null {
  const { refractory, timeConstant, resistance, threshold, reset } = neuron;
  const finite = Object.values(neuron).every((value) => Number.isFinite(value));
  return finite && refractory > 0 && timeConstant > 0 && resistance > 0 && reset < threshold ? neuron : null;
}
