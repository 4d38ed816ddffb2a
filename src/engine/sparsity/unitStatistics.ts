/** Per-unit figures of a hidden layer, as units/<step>.safetensors keeps them. */
import type { UnitHistory } from "../kernels/kernels.js";
import type { LayerParameters } from "../network/network.js";
import type { LayerStatistics } from "./layerStatistics.js";

export interface UnitStatistics extends Omit<UnitHistory, "place"> {
  /** Share of examples on which the unit's output is not zero. */
  firingFrequency: Float32Array;
  /** Mean of h, sign mask included. */
  meanActivation: Float32Array;
  /** Largest |h|. */
  maximum: Float32Array;
  bias: Float32Array;
  /** ‖W[:, j]‖₂ of the unit's incoming, and ‖W'[j, :]‖₂ of its outgoing weights. */
  incomingNorm: Float32Array;
  outgoingNorm: Float32Array;
  /** [units + 1]: examples by number of active units. */
  activeUnits: Int32Array;
}

/** @param above the layer that the units feed */
export function unitStatistics(
  statistics: LayerStatistics,
  { lastFiredStep, maxUpdate, maxUpdateStep }: UnitHistory,
  layer: LayerParameters,
  above: LayerParameters,
): UnitStatistics {
  const { units, n } = statistics;
  const outgoing = above.biases.length;
  return {
    lastFiredStep,
    maxUpdate,
    maxUpdateStep,
    firingFrequency: Float32Array.from(statistics.firings, (count) => count / n),
    meanActivation: Float32Array.from(statistics.sums, (sum) => sum / n),
    maximum: Float32Array.from(statistics.maxima),
    bias: layer.biases,
    incomingNorm: columnNorms(layer.weightsInOut, units),
    outgoingNorm: Float32Array.from({ length: units }, (_, j) => norm(above.weightsInOut, j * outgoing, outgoing)),
    activeUnits: Int32Array.from(statistics.activeHistogram),
  };
}

function columnNorms(weightsInOut: Float32Array, columns: number): Float32Array {
  const squares = new Float64Array(columns);
  for (let at = 0; at < weightsInOut.length; at += columns)
    for (let j = 0; j < columns; j++) squares[j]! += weightsInOut[at + j]! ** 2;
  return Float32Array.from(squares, Math.sqrt);
}

/** ‖values[start … start + length]‖₂ */
export function norm(values: Float32Array, start = 0, length = values.length): number {
  let square = 0;
  for (let k = start; k < start + length; k++) square += values[k]! ** 2;
  return Math.sqrt(square);
}
