/** A run's arrays under the names that its safetensors files use, layer by layer from 1. */

import type { Tensor, TensorInPieces } from "../formats/safetensors.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { KeptArray } from "../kernels/optimizerState.js";
import type { ArrayName, NetworkArrays } from "../network/networkArrays.js";
import type { UnitStatistics } from "../sparsity/unitStatistics.js";

type Tensors = Record<string, Tensor>;
type StreamedTensors = Record<string, Tensor | TensorInPieces>;

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

/** @param kept what the optimizer keeps; empty where training does not go on from */
export function checkpointTensors(
  arrays: NetworkArrays,
  kept: readonly KeptArray[],
  history: readonly UnitHistory[],
): StreamedTensors {
  return named(arrays.layers, ({ inputs, units, hidden }, l) => {
    const past = history[l];
    const all: StreamedTensors = {};
    for (const array of ["weights", ...kept] as const) {
      all[array] = { dtype: "F32", shape: [inputs, units], pieces: () => arrays.rows(l, array) };
      all[biasesOf(array)] = single(units, () => arrays.biases(l, array));
    }
    if (hidden) all.signs = single(units, () => arrays.signs(l));
    return { ...all, ...(past ? { ...historyTensors(past), place: integers(past.place) } : {}) };
  });
}

function single(length: number, read: () => Float32Array | Promise<Float32Array>): TensorInPieces {
  return {
    dtype: "F32",
    shape: [length],
    async *pieces() {
      yield await read();
    },
  };
}

/** "weights" → "biases", "velocity" → "biasVelocity": the same array of the biases. */
export function biasesOf(array: ArrayName): string {
  return array === "weights" ? "biases" : `bias${array[0]!.toUpperCase()}${array.slice(1)}`;
}

function historyTensors({ lastFiredStep, maxUpdate, maxUpdateStep }: Omit<UnitHistory, "place">): Tensors {
  return {
    lastFiredStep: integers(lastFiredStep),
    maxUpdate: floats(maxUpdate, maxUpdate.length),
    maxUpdateStep: integers(maxUpdateStep),
  };
}

function named<T, Of>(
  layers: readonly T[],
  tensorsOf: (layer: T, l: number) => Record<string, Of>,
): Record<string, Of> {
  const all: Record<string, Of> = {};
  layers.forEach((layer, l) => {
    for (const [name, tensor] of Object.entries(tensorsOf(layer, l))) all[`layer${l + 1}.${name}`] = tensor;
  });
  return all;
}
