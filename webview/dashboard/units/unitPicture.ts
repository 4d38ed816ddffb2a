/** One layer's units at one evaluation, with what follows from their figures. */
import type { LayerShape } from "../../../src/common/run.js";
import type { UnitFigures } from "../../../src/common/unitFrames.js";
import { hasExactZeros } from "../../../src/common/units.js";
import type { Measured } from "../measured.js";
import { kindsOf, type UnitKinds } from "./unitKinds.js";

export interface UnitPicture extends UnitKinds {
  layer: LayerShape;
  evaluation: Measured;
  figures: UnitFigures;
  units: number;
  /** Whether firing, and with it dead and rare, is defined for these units. */
  fires: boolean;
  rareDefined: boolean;
}

/** @param rareThreshold of the run's config */
export function unitPicture(
  layer: LayerShape,
  evaluation: Measured,
  figures: UnitFigures,
  rareThreshold: number,
): UnitPicture {
  const rareDefined = (evaluation.layers[layer.layer - 1]?.rare ?? null) !== null;
  return {
    ...kindsOf(figures.firingFrequency, evaluation.n, rareDefined ? rareThreshold : null),
    layer,
    evaluation,
    figures,
    units: figures.firingFrequency.length,
    fires: layer.activation !== "softmax" && hasExactZeros(layer.activation),
    rareDefined,
  };
}
