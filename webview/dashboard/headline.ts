/** The figures of the whole network at one evaluation. Null where a figure is not defined or not measured yet. */

import type { LayerFigures } from "../../src/common/metrics.js";
import type { EvalLine, LayerShape } from "../../src/common/run.js";
import type { TrainLoss } from "../../src/common/trainingSeries.js";
import { type Activation, hasExactZeros } from "../../src/common/units.js";
import type { Measured } from "./measured.js";
import type { DashboardModel } from "./model.js";

export interface Headline {
  error: number | null;
  /** In stars; null where labels are not stars. */
  rmse: number | null;
  best: { error: number; epoch: number } | null;
  trainLoss: TrainLoss | null;
  /** Of a network: the mean over its hidden layers. */
  sparsity: number | null;
  nearZero: number | null;
  dead: number | null;
  /** Of the layers that have been measured, and how many these are. */
  units: number;
  layers: number;
  activeUnits: number | null;
  /** 10–90 % range of the active units; quantiles do not add up, so only a single hidden layer has one. */
  activeRange: { p10: number; p90: number } | null;
}

/** @param evaluation whose figures; the training loss is that up to it, or the latest where it is followed */
export function headlineOf(
  model: DashboardModel,
  evaluation: Measured | null = model.newest,
  following = true,
): Headline {
  const { best, hidden } = model;
  // in pre-training the layers above have no figures yet
  const layers = evaluation?.layers ?? [];
  const figures = layers.filter((layer) => layer !== undefined);
  const only = figures.length === 1 ? figures[0]?.activeUnits : null;
  return {
    error: evaluation?.error ?? null,
    rmse: evaluation?.rmse ?? null,
    best: best && { error: best.error, epoch: best.epoch },
    trainLoss: following || !evaluation ? model.training.loss : evaluation.trainLoss,
    sparsity: meanOf(figures.map((layer) => layer.sparsity)),
    nearZero: meanOf(figures.map((layer) => layer.nearZero)),
    dead: sumOf(figures.map((layer) => layer.dead)),
    units: unitsOf(evaluation ? hidden.filter((_, l) => layers[l] !== undefined) : hidden),
    layers: evaluation ? figures.length : hidden.length,
    activeUnits: sumOf(figures.map((layer) => layer.activeUnits?.mean ?? null)),
    activeRange: only ? { p10: only.p10, p90: only.p90 } : null,
  };
}

/** The layer that calls for a look: the one with most dead units, the first of several; the first where none are. 1-based. */
export function layerToLookAt(evaluation: EvalLine | null): number {
  let most = 0;
  let layer = 1;
  evaluation?.layers.forEach(({ dead }, l) => {
    if ((dead ?? 0) <= most) return;
    most = dead ?? 0;
    layer = l + 1;
  });
  return layer;
}

export function unitsOf(layers: readonly LayerShape[]): number {
  return layers.reduce((sum, layer) => sum + layer.units, 0);
}

/** The kind of unit for which sparsity is not defined here; null when it is defined. */
export function unitsWithoutZeros(layers: readonly LayerShape[]): Activation | null {
  for (const { activation } of layers) if (activation !== "softmax" && !hasExactZeros(activation)) return activation;
  return null;
}

/** Share of a layer's units that are dead. */
export function deadShare(figures: Pick<LayerFigures, "dead"> | undefined, units: number): number | null {
  return figures && figures.dead !== null && units > 0 ? figures.dead / units : null;
}

export function meanOf(values: readonly (number | null)[]): number | null {
  const sum = sumOf(values);
  return sum === null ? null : sum / values.length;
}

/** Null unless every part is known: a sum over some of the layers would pass for the whole. */
function sumOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length > 0 ? sum : null;
}
