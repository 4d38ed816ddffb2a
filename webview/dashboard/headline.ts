/** The figures of the whole network at one evaluation. Null where a figure is not defined or not measured yet. */

import type { LayerFigures } from "../../src/common/metrics.js";
import type { EvalLine, LayerShape, TrainLine } from "../../src/common/run.js";
import { type Activation, hasExactZeros } from "../../src/common/units.js";
import type { DashboardModel } from "./model.js";
import { linesUntil } from "./time/moment.js";

const lossWindow = 1000;

export interface TrainLoss {
  mean: number;
  /** Examples it is the mean of. */
  n: number;
}

export interface Headline {
  error: number | null;
  best: { error: number; epoch: number } | null;
  trainLoss: TrainLoss | null;
  /** Of a network: the mean over its hidden layers. */
  sparsity: number | null;
  nearZero: number | null;
  dead: number | null;
  units: number;
  activeUnits: number | null;
  /** 10–90 % range of the active units; quantiles do not add up, so only a single hidden layer has one. */
  activeRange: { p10: number; p90: number } | null;
}

/** @param evaluation whose figures; the training loss is that of the lines up to it, or of all where it is followed */
export function headlineOf(model: DashboardModel, evaluation = model.latest, following = true): Headline {
  const { best, hidden } = model;
  const figures = evaluation?.layers ?? [];
  const only = figures.length === 1 ? figures[0]?.activeUnits : null;
  return {
    error: evaluation?.error ?? null,
    best: best && { error: best.error, epoch: best.epoch },
    trainLoss: trainLossAt(model.lines, linesShown(model, evaluation, following)),
    sparsity: meanOf(figures.map((layer) => layer.sparsity)),
    nearZero: meanOf(figures.map((layer) => layer.nearZero)),
    dead: sumOf(figures.map((layer) => layer.dead)),
    units: unitsOf(hidden),
    activeUnits: sumOf(figures.map((layer) => layer.activeUnits?.mean ?? null)),
    activeRange: only ? { p10: only.p10, p90: only.p90 } : null,
  };
}

function linesShown({ lines }: DashboardModel, evaluation: EvalLine | null, following: boolean): number {
  return following || !evaluation ? lines.length : linesUntil(lines, evaluation.step);
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

/**
 * The training loss where the first `end` lines end: over at least lossWindow examples, as far as there are so many. A line may
 * tell of a single mini-batch, whose loss says little.
 */
export function trainLossAt(lines: readonly TrainLine[], end: number): TrainLoss | null {
  let sum = 0;
  let n = 0;
  for (let i = end - 1; i >= 0 && n < lossWindow; i--) {
    const line = lines[i] as TrainLine;
    sum += line.loss * line.n;
    n += line.n;
  }
  return n > 0 ? { mean: sum / n, n } : null;
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
export function deadShare(figures: LayerFigures | undefined, units: number): number | null {
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
