/** Per-unit figures of a hidden layer, as units/<step>.safetensors keeps them. */
import type { UnitHistory } from "../kernels/kernels.js";
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

/** What a unit's own weights and bias say of it. */
export type UnitWeights = Pick<UnitStatistics, "bias" | "incomingNorm" | "outgoingNorm">;

export function unitStatistics(
  statistics: LayerStatistics,
  { lastFiredStep, maxUpdate, maxUpdateStep }: UnitHistory,
  { bias, incomingNorm, outgoingNorm }: UnitWeights,
): UnitStatistics {
  return {
    lastFiredStep,
    maxUpdate,
    maxUpdateStep,
    ...unitResponses(statistics),
    bias,
    incomingNorm,
    outgoingNorm,
  };
}
