/** A run's arrays under the names that its safetensors files use, layer by layer from 1. */

import type { Tensor } from "../formats/safetensors.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { KeptArray, OptimizerState } from "../kernels/optimizerState.js";
import type { WeightArrays } from "../kernels/weightPanels.js";
import type { Parameters } from "../network/network.js";
import type { UnitStatistics } from "../sparsity/unitStatistics.js";

type Tensors = Record<string, Tensor>;

const floats = (data: Float32Array, ...shape: number[]) => ({ dtype: "F32" as const, shape, data });
const integers = (data: Int32Array) => ({ dtype: "I32" as const, shape: [data.length], data });

export function unitTensors(layers: readonly UnitStatistics[]): Tensors {
  return named(layers, (units) => ({
    firingFrequency: floats(units.firingFrequency, units.firingFrequency.length),
    meanActivation: floats(units.meanActivation, units.meanActivation.length),
    maximum: floats(units.maximum, units.maximum.length),
    bias: floats(units.bias, units.bias.length),
    incomingNorm: floats(units.incomingNorm, units.incomingNorm.length),
    outgoingNorm: floats(units.outgoingNorm, units.outgoingNorm.length),
    ...historyTensors(units),
    activeUnits: integers(units.activeUnits),
  }));
}

/** @param optimizerState empty where training does not go on from */
export function checkpointTensors(
  parameters: Parameters,
  optimizerState: OptimizerState,
  history: readonly UnitHistory[],
): Tensors {
  return named(parameters, ({ weightsInOut, biases, signs }, l) => {
    const units = biases.length;
    const past = history[l];
    const kept = Object.entries(optimizerState[l] ?? {}) as [KeptArray, WeightArrays][];
    return {
      weights: floats(weightsInOut, weightsInOut.length / units, units),
      biases: floats(biases, units),
      ...Object.assign({}, ...kept.map(([name, arrays]) => keptTensors(name, arrays))),
      ...(signs ? { signs: floats(signs, units) } : {}),
      ...(past ? { ...historyTensors(past), place: integers(past.place) } : {}),
    };
  });
}

function keptTensors(name: KeptArray, { weightsInOut, biases }: WeightArrays): Tensors {
  const units = biases.length;
  return {
    [name]: floats(weightsInOut, weightsInOut.length / units, units),
    [keptOfBiases(name)]: floats(biases, units),
  };
}

/** "velocity" → "biasVelocity": the same array of the biases. */
export function keptOfBiases(name: KeptArray): string {
  return `bias${name[0]!.toUpperCase()}${name.slice(1)}`;
}

function historyTensors({ lastFiredStep, maxUpdate, maxUpdateStep }: Omit<UnitHistory, "place">): Tensors {
  return {
    lastFiredStep: integers(lastFiredStep),
    maxUpdate: floats(maxUpdate, maxUpdate.length),
    maxUpdateStep: integers(maxUpdateStep),
  };
}

function named<T>(layers: readonly T[], tensorsOf: (layer: T, l: number) => Tensors): Tensors {
  const all: Tensors = {};
  layers.forEach((layer, l) => {
    for (const [name, tensor] of Object.entries(tensorsOf(layer, l))) all[`layer${l + 1}.${name}`] = tensor;
  });
  return all;
}
