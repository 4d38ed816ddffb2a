/** Per-unit figures of a hidden layer, as units/<step>.safetensors keeps them. */
import type { UnitHistory } from "../kernels/kernels.js";
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

/** What a unit's own weights and bias say of it. */
export type UnitWeights = Pick<UnitStatistics, "bias" | "incomingNorm" | "outgoingNorm">;

export function unitStatistics(
  statistics: LayerStatistics,
  { lastFiredStep, maxUpdate, maxUpdateStep }: UnitHistory,
  { bias, incomingNorm, outgoingNorm }: UnitWeights,
): UnitStatistics {
  const { n } = statistics;
  return {
    lastFiredStep,
    maxUpdate,
    maxUpdateStep,
    firingFrequency: Float32Array.from(statistics.firings, (count) => count / n),
    meanActivation: Float32Array.from(statistics.sums, (sum) => sum / n),
    maximum: Float32Array.from(statistics.maxima),
    bias,
    incomingNorm,
    outgoingNorm,
    activeUnits: Int32Array.from(statistics.activeHistogram),
  };
}
