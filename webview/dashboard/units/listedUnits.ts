/** Units of a layer as a list tells of them. */
import { t } from "../../shared/l10n.js";
import { compact, smallPercent } from "../../shared/numbers.js";
import { type ListedUnit, unitName } from "../../shared/unitList.js";
import { firings } from "./unitKinds.js";
import type { UnitPicture } from "./unitPicture.js";
import { deathWords } from "./unitWords.js";

/** The dead, those that have not fired for longest first. @param stepsPerEpoch null where it is not known */
export function deadUnits(picture: UnitPicture, stepsPerEpoch: number | null): ListedUnit[] {
  const { figures, evaluation } = picture;
  const dead = unitsOf(picture, (unit) => picture.kinds[unit] === "dead");
  const { lastFiredStep } = figures;
  const { step } = evaluation;
  // what no training tells of
  if (!lastFiredStep || step === undefined) return dead.map((unit) => entry(picture, unit, ""));
  const last = (unit: number) => lastFiredStep[unit] as number;
  return dead
    .sort((a, b) => last(a) - last(b) || a - b)
    .map((unit) => entry(picture, unit, deathWords(last(unit), step, stepsPerEpoch)));
}

/** Those that fire least first. */
export function listed(picture: UnitPicture, isOne: (unit: number) => boolean): ListedUnit[] {
  const { firingFrequency } = picture.figures;
  const frequency = (unit: number) => firingFrequency[unit] as number;
  const { n } = picture.evaluation;
  return unitsOf(picture, isOne)
    .sort((a, b) => frequency(a) - frequency(b) || a - b)
    .map((unit) => entry(picture, unit, t("fires on {0}", smallPercent(firings(frequency(unit), n) / n))));
}

/** For units whose firing is not defined: by their mean output. */
export function listedByMean(picture: UnitPicture, isOne: (unit: number) => boolean): ListedUnit[] {
  const mean = (unit: number) => picture.figures.meanActivation[unit] as number;
  return unitsOf(picture, isOne)
    .sort((a, b) => mean(a) - mean(b) || a - b)
    .map((unit) => entry(picture, unit, t("mean activation {0}", compact(mean(unit)))));
}

function unitsOf({ units }: UnitPicture, isOne: (unit: number) => boolean): number[] {
  return Array.from({ length: units }, (_, unit) => unit).filter(isOne);
}

/** The words say whether it is dead. */
function entry({ layer }: UnitPicture, unit: number, words: string): ListedUnit {
  const place = { layer: layer.layer, unit };
  return { place, name: unitName(layer.layer, unit), dead: false, words };
}
