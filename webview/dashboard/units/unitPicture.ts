/** One layer's units at one evaluation of a run, or in a probe, with what follows from their figures. */
import type { LayerShape, SetName } from "../../../src/common/run.js";
import type { UnitFigures } from "../../../src/common/unitFrames.js";
import { hasExactZeros } from "../../../src/common/units.js";
import type { Measured } from "../measured.js";
import { kindsOf, type UnitKinds } from "./unitKinds.js";

/** What units were measured on, and when; a probe is at no step of a training. */
export interface Occasion {
  set: SetName;
  /** How often each unit was looked at. */
  n: number;
  step?: number;
  epoch?: number;
}

/** Of a probe there is nothing that training tells. */
export type PicturedUnits = Partial<UnitFigures> &
  Pick<UnitFigures, "firingFrequency" | "meanActivation" | "maximum" | "activeUnits">;

export interface UnitPicture<At extends Occasion = Occasion> extends UnitKinds {
  layer: { layer: number; activation: string };
  evaluation: At;
  figures: PicturedUnits;
  units: number;
  /** Whether a unit was looked at in every position of an example, as the channels of convolutions are. */
  positions?: boolean;
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
): UnitPicture<Measured> {
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
