/** The unit page's words for states, moments and what is missing. */
import type { MissingReason, Moment, UnitReport, UnitState } from "../../src/common/unitReport.js";
import { t } from "../shared/l10n.js";
import { compact, epochNumber, integer } from "../shared/numbers.js";

/** What matters first of how a unit fires. */
export type UnitCondition = "dead" | "rare" | "alwaysOn" | "alive" | "undefined" | "unmeasured";

export const conditionWords: Record<UnitCondition, string> = {
  dead: t("Dead"),
  rare: t("Rare"),
  alwaysOn: t("Always on"),
  alive: t("Alive"),
  undefined: t("No exact zeros"),
  unmeasured: t("Not measured yet"),
};

/** A shape for every condition, so that colour is not needed. */
export const conditionIcons: Record<UnitCondition, string> = {
  dead: "close",
  rare: "circle-large-outline",
  alwaysOn: "circle-filled",
  alive: "pulse",
  undefined: "dash",
  unmeasured: "watch",
};

export function conditionOf(now: UnitState | null): UnitCondition {
  if (!now) return "unmeasured";
  if (now.dead === null) return "undefined";
  if (now.dead) return "dead";
  if (now.rare) return "rare";
  return now.alwaysOn ? "alwaysOn" : "alive";
}

export const missingTitles: Record<MissingReason, string> = {
  noConfig: t("Nothing is known of this network"),
  noCheckpoint: t("There is no checkpoint yet"),
  damaged: t("The checkpoint cannot be read"),
  noData: t("The data are not on this machine"),
  otherData: t("The data are not those of the run"),
  failed: t("The network cannot be run"),
};

/** "step 35,120 (epoch 7.02)" */
export function momentText({ step, epoch }: Moment): string {
  return t("step {0} (epoch {1})", integer(step), epochNumber(epoch));
}

/** A figure that may be negative. */
export function signed(value: number): string {
  return compact(value).replace(/^-/, "−");
}

/** "layer 2 of 3 · 1,000 rectifiers …" */
export function identityText({ unit }: UnitReport): string {
  const { layer, layers, units, inputs, activation, sign } = unit;
  return [
    t("layer {0} of {1}", layer, layers),
    t("{0} units, {1} inputs", integer(units), integer(inputs)),
    sign === -1 ? t("{0}, output negated", activation) : activation,
  ].join(" · ");
}
