/** A probe's layers as the dashboard's parts draw them. */
import type { ProbeReport } from "../../../src/common/probe.js";
import type { TabledLayer } from "../../dashboard/layersTable.js";
import { kindsOf } from "../../dashboard/units/unitKinds.js";
import type { UnitPicture } from "../../dashboard/units/unitPicture.js";

/** @param l index of a layer */
export function probedPicture({ layers, evaluation, thresholds }: ProbeReport, l: number): UnitPicture | null {
  const probed = layers[l];
  const figures = evaluation.layers[l];
  if (!probed || !figures) return null;
  const { layer, units, activation, observations, positions, responses } = probed;
  const { firings, meanActivation, maximum, activeUnits } = responses;
  // of millions of positions single precision could not tell one from none missing
  const firingFrequency = Float64Array.from(firings, (count) => count / observations);
  const rareDefined = figures.rare !== null;
  return {
    ...kindsOf(firingFrequency, observations, rareDefined ? thresholds.rareThreshold : null),
    layer: { layer, activation },
    evaluation: { set: evaluation.set, n: observations },
    figures: { firingFrequency, meanActivation, maximum, activeUnits },
    units,
    positions,
    fires: figures.sparsity !== null,
    rareDefined,
  };
}

export function tabledLayers({ layers }: ProbeReport): TabledLayer[] {
  return layers.map(({ layer, units, activation, name }) => ({
    layer,
    units,
    activation,
    // a checkpoint's layers have no names but their numbers
    ...(name !== `layer${layer}` && { name }),
  }));
}

/** The layer with most dead units, the first of several; the first where none are. From 0. */
export function layerToLookAt({ evaluation }: ProbeReport): number {
  const dead = evaluation.layers.map((figures) => figures.dead ?? 0);
  return Math.max(0, dead.indexOf(Math.max(...dead, 0)));
}

export interface ProbeHeadline {
  /** Means over the layers; null where it is not defined for all of them. */
  sparsity: number | null;
  nearZero: number | null;
  /** Of the layers whose units can be exactly zero; null where there are none. */
  dead: number | null;
  /** Of these layers. */
  units: number;
}

export function probeHeadline({ layers, evaluation }: ProbeReport): ProbeHeadline {
  const mean = (values: readonly (number | null)[]) =>
    values.length === 0 || values.includes(null)
      ? null
      : (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
  const exact = evaluation.layers.flatMap(({ dead }, l) => (dead === null ? [] : [{ dead, units: layers[l]!.units }]));
  return {
    sparsity: mean(evaluation.layers.map(({ sparsity }) => sparsity)),
    nearZero: mean(evaluation.layers.map(({ nearZero }) => nearZero)),
    dead: exact.length === 0 ? null : exact.reduce((sum, layer) => sum + layer.dead, 0),
    units: exact.reduce((sum, layer) => sum + layer.units, 0),
  };
}
