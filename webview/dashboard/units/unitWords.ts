/** What the map says about a unit. */
import { t } from "../../shared/l10n.js";
import { compact, epochNumber, integer, smallPercent } from "../../shared/numbers.js";
import { unitName } from "../../shared/unitList.js";
import { setWords } from "../wording.js";
import { firings } from "./unitKinds.js";
import type { UnitPicture } from "./unitPicture.js";

export interface UnitWords {
  /** "Unit 3·417" */
  name: string;
  dead: boolean;
  /** "dead since about epoch 7"; empty for a unit that needs no remark. */
  remark: string;
  /** "fires on 0 of 10,000 validation examples (0 %)" */
  fires: string;
  figures: { label: string; text: string }[];
}

/** @param stepsPerEpoch null where it is not known */
export function unitWords(picture: UnitPicture, unit: number, stepsPerEpoch: number | null): UnitWords {
  const { figures, evaluation, layer } = picture;
  const { firingFrequency, meanActivation, maximum, bias, incomingNorm, outgoingNorm, lastFiredStep } = figures;
  const { maxUpdate, maxUpdateStep } = figures;
  const count = firings(firingFrequency[unit] as number, evaluation.n);
  const set = setWords[evaluation.set];
  const examples = picture.positions
    ? t("{0} of {1} positions of {2} examples", integer(count), integer(evaluation.n), set)
    : t("{0} of {1} {2} examples", integer(count), integer(evaluation.n), set);
  const shown = (value: number | undefined) => compact(value as number);
  return {
    name: unitName(layer.layer, unit),
    dead: picture.fires && picture.kinds[unit] === "dead",
    remark: remarkOf(picture, unit, stepsPerEpoch),
    fires: picture.fires ? t("fires on {0} ({1})", examples, smallPercent(count / evaluation.n)) : "",
    figures: [
      { label: t("mean activation"), text: shown(meanActivation[unit]) },
      { label: t("largest |h|"), text: shown(maximum[unit]) },
      ...(bias ? [{ label: t("bias"), text: shown(bias[unit]) }] : []),
      ...(incomingNorm && outgoingNorm
        ? [{ label: t("‖w‖ in · out"), text: `${shown(incomingNorm[unit])} · ${shown(outgoingNorm[unit])}` }]
        : []),
      ...(picture.fires && lastFiredStep
        ? [{ label: t("last fired"), text: stepWords(lastFiredStep[unit] as number, stepsPerEpoch) }]
        : []),
      ...(maxUpdate && maxUpdateStep
        ? [
            {
              label: t("largest update"),
              text: updateWords(maxUpdate[unit] as number, maxUpdateStep[unit] as number, stepsPerEpoch),
            },
          ]
        : []),
    ],
  };
}

/** All of it as one sentence, for those who hear it. */
export function spokenUnit({ name, remark, fires, figures }: UnitWords): string {
  const spoken = figures.map(({ label, text }) => `${label} ${text}`);
  return [[name, remark].filter(Boolean).join(", "), fires, ...spoken].filter(Boolean).join(". ");
}

function remarkOf(picture: UnitPicture, unit: number, stepsPerEpoch: number | null): string {
  if (!picture.fires) return "";
  const { step } = picture.evaluation;
  const { lastFiredStep } = picture.figures;
  switch (picture.kinds[unit]) {
    case "dead":
      return step === undefined || !lastFiredStep
        ? t("dead")
        : deathWords(lastFiredStep[unit] as number, step, stepsPerEpoch);
    case "rare":
      return t("rare");
    case "alwaysOn":
      return t("always on");
    default:
      return "";
  }
}

/** Since when a unit that fires on no example of the set has not fired in training either. */
export function deathWords(lastFired: number, step: number, stepsPerEpoch: number | null): string {
  if (step === 0) return t("dead from the start");
  if (lastFired < 0) return t("dead, never fired in training");
  if (stepsPerEpoch === null) return t("dead since about step {0}", integer(lastFired));
  // Firing within the last epoch of training examples is not dead there, only on this set.
  if (step - lastFired < stepsPerEpoch) return t("dead on this set, fires in training");
  return t("dead since about epoch {0}", epochNumber(Math.round((lastFired / stepsPerEpoch) * 10) / 10));
}

/** "step 35,120 (epoch 7.02)" */
function stepWords(step: number, stepsPerEpoch: number | null): string {
  if (step < 0) return t("never in training");
  if (stepsPerEpoch === null) return t("step {0}", integer(step));
  return t("step {0} (epoch {1})", integer(step), epochNumber(step / stepsPerEpoch));
}

function updateWords(size: number, step: number, stepsPerEpoch: number | null): string {
  return step < 0 ? t("none") : t("{0} at {1}", compact(size), stepWords(step, stepsPerEpoch));
}
