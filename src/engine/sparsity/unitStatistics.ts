/** Per-unit figures of a hidden layer, as units/<step>.safetensors keeps them. */
import type { UnitHistory } from "../kernels/kernels.js";
import type { LayerParameters } from "../network/network.js";
import type { LayerStatistics } from "./layerStatistics.js";

/** What the units gave on a set. */
export interface UnitResponses {
  /** Share of examples on which the unit's output is not zero. */
  firingFrequency: Float32Array;
  /** Mean of h, sign mask included. */
  meanActivation: Float32Array;
  /** Largest |h|. */
  maximum: Float32Array;
  /** [units + 1]: examples by number of active units. */
  activeUnits: Int32Array;
}

export interface UnitStatistics extends UnitResponses, Omit<UnitHistory, "place"> {
  bias: Float32Array;
  /** ‖W[:, j]‖₂ of the unit's incoming, and ‖W'[j, :]‖₂ of its outgoing weights. */
  incomingNorm: Float32Array;
  outgoingNorm: Float32Array;
}

export function unitResponses({ n, firings, sums, maxima, activeHistogram }: LayerStatistics): UnitResponses {
  return {
    firingFrequency: Float32Array.from(firings, (count) => count / n),
    meanActivation: Float32Array.from(sums, (sum) => sum / n),
    maximum: Float32Array.from(maxima),
    activeUnits: Int32Array.from(activeHistogram),
  };
}

/** @param above the layer that the units feed */
export function unitStatistics(
  statistics: LayerStatistics,
  { lastFiredStep, maxUpdate, maxUpdateStep }: UnitHistory,
  layer: LayerParameters,
  above: LayerParameters,
): UnitStatistics {
  const { units } = statistics;
  const outgoing = above.biases.length;
  return {
    lastFiredStep,
    maxUpdate,
    maxUpdateStep,
    ...unitResponses(statistics),
    bias: layer.biases,
    incomingNorm: columnNorms(layer.weightsInOut, units),
    outgoingNorm: Float32Array.from({ length: units }, (_, j) => norm(above.weightsInOut, j * outgoing, outgoing)),
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
