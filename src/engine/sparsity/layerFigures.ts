/** The figures of a layer: the one implementation of every definition in common/metrics.ts. */

import type { ActivationFigures, LayerFigures } from "../../common/metrics.js";
import { type Activation, hasExactZeros } from "../../common/units.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { LayerStatistics } from "./layerStatistics.js";

export interface FigureSettings {
  activation: Activation;
  rareThreshold: number;
  /** τ */
  dormantThreshold: number;
  /** Training examples without firing after which a unit counts as dying. */
  dyingWindow: number;
}

/** How far training had come when the set was measured, and what it did to the layer on the way. */
export interface TrainingPosition {
  step: number;
  stepsPerEpoch: number;
  /** Training examples in an epoch. */
  examplesPerEpoch: number;
  /** Means of ‖∂L/∂W‖₂ and ‖ΔW‖₂ over the steps since the evaluation before; null where there were none. */
  gradientNorm: number | null;
  updateNorm: number | null;
  /** ‖W‖₂ */
  weightNorm: number;
}

export function layerFigures(
  statistics: LayerStatistics,
  history: UnitHistory,
  position: TrainingPosition,
  settings: FigureSettings,
): LayerFigures {
  const exact = hasExactZeros(settings.activation);
  const { gradientNorm, updateNorm, weightNorm } = position;
  return {
    ...activationFigures(statistics, exact, settings),
    dying: exact ? dyingUnits(history, position, settings.dyingWindow) : null,
    weightNorm,
    gradientNorm,
    updateRatio: updateNorm === null ? null : updateNorm / weightNorm,
  };
}

/**
 * What the set alone tells; figures of training are null.
 * @param exact whether the units can be exactly zero
 */
export function activationFigures(
  statistics: LayerStatistics,
  exact: boolean,
  { rareThreshold, dormantThreshold }: Pick<FigureSettings, "rareThreshold" | "dormantThreshold">,
): ActivationFigures {
  const { n, units, firings } = statistics;
  const outputs = n * units;
  const fired = firings.reduce((sum, count) => sum + count, 0);
  return {
    sparsity: exact ? (outputs - fired) / outputs : null,
    nearZero: exact ? null : statistics.nearZero / outputs,
    dead: exact ? countOf(firings, (count) => count === 0) : null,
    dying: null,
    dormant: dormantUnits(statistics, dormantThreshold),
    rare: exact ? rareUnits(statistics, rareThreshold) : null,
    alwaysOn: exact ? countOf(firings, (count) => count === n) : null,
    activeUnits: exact ? activeUnitsOf(statistics) : null,
    meanActivation: statistics.sums.reduce((sum, h) => sum + h, 0) / outputs,
    weightNorm: null,
    gradientNorm: null,
    updateRatio: null,
  };
}

/** Mean of the layers' sparsities: the network's sparsity (the paper, section 3.1). Null where it is not defined. */
export function meanSparsity(layers: readonly Pick<LayerFigures, "sparsity">[]): number | null {
  if (layers.length === 0 || layers.some((layer) => layer.sparsity === null)) return null;
  return layers.reduce((sum, layer) => sum + (layer.sparsity ?? 0), 0) / layers.length;
}

/** Null before training has lasted one window: no unit has had the chance to be missed. */
function dyingUnits(history: UnitHistory, position: TrainingPosition, window: number): number | null {
  const isDying = dyingAt(position, window);
  return isDying && countOf(history.lastFiredStep, isDying);
}

/** Whether a unit that last fired in a step of training is dying; null before training has lasted one window. */
export function dyingAt(
  { step, stepsPerEpoch, examplesPerEpoch }: Pick<TrainingPosition, "step" | "stepsPerEpoch" | "examplesPerEpoch">,
  window: number,
): ((lastFiredStep: number) => boolean) | null {
  /** The steps saw at least `window` examples; an epoch's last mini-batch may be smaller than the others. */
  const fillWindow = (steps: number) => steps * examplesPerEpoch >= window * stepsPerEpoch;
  return fillWindow(step) ? (last) => fillWindow(step - Math.max(last, 0)) : null;
}

function dormantUnits(statistics: LayerStatistics, threshold: number): number {
  const dormant = isDormant(statistics, threshold);
  return countOf(statistics.absoluteSums, (_, unit) => dormant(unit));
}

/** Tells of a unit whether it is τ-dormant. @param threshold τ */
export function isDormant({ absoluteSums, units }: LayerStatistics, threshold: number): (unit: number) => boolean {
  const mean = absoluteSums.reduce((sum, value) => sum + value, 0) / units;
  return (unit) => absoluteSums[unit]! <= threshold * mean;
}

/** Null when the set is too small to tell rare from dead: n < 2 ÷ threshold. */
function rareUnits({ n, firings }: LayerStatistics, threshold: number): number | null {
  const isRare = rareOn(n, threshold);
  return isRare && countOf(firings, isRare);
}

/** Whether a unit that fires on so many of n examples is rare; null where there are too few to tell. */
export function rareOn(n: number, threshold: number): ((firings: number) => boolean) | null {
  return n < 2 / threshold ? null : (firings) => firings > 0 && firings < threshold * n;
}

/** Units active per example: mean and quantiles. */
export function activeUnitsOf({
  activeHistogram,
  n,
}: Pick<LayerStatistics, "activeHistogram" | "n">): NonNullable<LayerFigures["activeUnits"]> {
  const mean = activeHistogram.reduce((sum, examples, active) => sum + examples * active, 0) / n;
  /** Smallest count that at least the share q of the examples does not exceed. */
  const quantile = (q: number) => {
    let seen = 0;
    for (let active = 0; active < activeHistogram.length; active++) {
      seen += activeHistogram[active]!;
      if (seen >= q * n) return active;
    }
    return activeHistogram.length - 1;
  };
  return { mean, p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9) };
}

function countOf(values: ArrayLike<number>, matches: (value: number, index: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (matches(values[i]!, i)) count++;
  return count;
}
