/** Why a unit is dead, in words: the same on the command line, on the unit page and in the Problems panel. */
import { percent, significant } from "./format.js";
import { english, type Language } from "./language.js";
import type { Death, DeathCause, Mend, Moment } from "./unitReport.js";

export interface DeathWords {
  /** "Killed within one step" */
  title: string;
  /** What the evidence is, in one or two sentences with its numbers. */
  evidence: string;
  /** One for each mend. */
  mend: string[];
}

export function deathWords(death: Death, language: Language = english): DeathWords {
  return {
    title: causeTitle(death.cause, language),
    evidence: evidenceWords(death, language),
    mend: death.mend.map((one) => mendWords(one, language)),
  };
}

/** Of one unit: "Killed within one step". */
export function causeTitle(cause: DeathCause, { t }: Language = english): string {
  if (cause === "neverAlive") return t("Never alive");
  if (cause === "largeUpdate") return t("Killed within one step");
  if (cause === "biasDriven") return t("Bias driven down");
  if (cause === "decayed") return t("Decayed by the L1 penalty");
  if (cause === "deadInputs") return t("Inputs are dead");
  return t("Unknown cause");
}

/** What became of most dead units of a layer: "most were killed within one step". */
export function mostlyWords(cause: DeathCause, { t }: Language = english): string {
  if (cause === "neverAlive") return t("most were never alive");
  if (cause === "largeUpdate") return t("most were killed within one step");
  if (cause === "biasDriven") return t("most had their bias driven down");
  if (cause === "decayed") return t("most decayed by the L1 penalty");
  if (cause === "deadInputs") return t("most have dead inputs");
  return t("the evidence does not say why");
}

/** "step 1,200 (epoch 2.4)" */
export function momentWords({ step, epoch }: Moment, { t, locale }: Language = english): string {
  const fraction = { maximumFractionDigits: 2 };
  return t("step {0} (epoch {1})", step.toLocaleString(locale), epoch.toLocaleString(locale, fraction));
}

export function mendWords({ key, now, suggested }: Mend, { t, locale }: Language = english): string {
  const number = (value: number) => value.toLocaleString(locale, { maximumSignificantDigits: 6 });
  const to = now !== null && suggested !== null;
  if (key === "training.learningRate")
    return to
      ? t("Lower training.learningRate, such as from {0} to {1}.", number(now), number(suggested))
      : t("Lower training.learningRate.");
  if (key === "training.l1")
    return to
      ? t("Lower training.l1, such as from {0} to {1}.", number(now), number(suggested))
      : t("Lower training.l1.");
  if (key === "training.targetSparsity")
    return t("Lower training.targetSparsity: the penalty grows until so many outputs are zero.");
  if (key === "training.revive") return t("Let training.revive give dead units fresh weights.");
  if (key === "warmStart") return t("Begin with another network than that of warmStart.");
  return t("Mend the layer below: its dead units are what this unit listens to.");
}

function evidenceWords(death: Death, language: Language): string {
  const { t, locale } = language;
  const number = (value: number) => significant(value, locale).replace("-", "−");
  const at = (moment: Moment) => momentWords(moment, language);
  const { cause, evidence } = death;
  switch (cause) {
    case "neverAlive": {
      const { steps, evaluations, bias, incomingNorm, warmStart } = evidence;
      const fired = t(
        "It has fired in none of {0} training steps and at none of {1} evaluations; it began with bias {2} and incoming weights of norm {3}.",
        steps.toLocaleString(locale),
        evaluations.toLocaleString(locale),
        number(bias),
        number(incomingNorm),
      );
      return warmStart ? `${fired} ${t("Its network came from another run, in which it may have fired.")}` : fired;
    }
    case "largeUpdate": {
      const update = t(
        "Before its largest update, at {0}, it fired on {1} of the examples. That update came in {2}: ‖Δ‖ = {3}, {4} times the norm of its incoming weights and {5} times the largest update of a typical unit of the layer.",
        at(evidence.before),
        percent(evidence.firingFrequency, 1, locale),
        at(evidence.at),
        number(evidence.update),
        number(evidence.ofNorm),
        number(evidence.ofTypical),
      );
      const { lastFired } = death;
      if (lastFired === null || lastFired.step <= evidence.at.step) return `${update} ${t("It never fired after it.")}`;
      const last = at(lastFired);
      const since = evidence.atOnce
        ? t("It last fired in {0}.", last)
        : t("Since then only stray training examples made it fire, the last in {0}.", last);
      return `${update} ${since}`;
    }
    case "biasDriven":
      return t(
        "From {0} to {1} its bias fell from {2} to {3}, where its largest output had been {4}; the norm of its incoming weights went from {5} to {6}.",
        at(evidence.from),
        at(evidence.to),
        number(evidence.bias.from),
        number(evidence.bias.to),
        number(evidence.maximum),
        number(evidence.incomingNorm.from),
        number(evidence.incomingNorm.to),
      );
    case "decayed":
      return t(
        "From {0} to {1}, under an L1 penalty of λ = {2}, the most that its weights add up to on any example fell from {3} to {4} or less, while its bias went from {5} to {6}; the norm of its incoming weights went from {7} to {8}.",
        at(evidence.from),
        at(evidence.to),
        number(evidence.l1),
        number(evidence.drive.from),
        number(evidence.drive.to),
        number(evidence.bias.from),
        number(evidence.bias.to),
        number(evidence.incomingNorm.from),
        number(evidence.incomingNorm.to),
      );
    case "deadInputs":
      return t(
        "{0} of the weights that could make it fire come from dead units: {1} of {2} units of layer {3} are dead. Its bias is {4}.",
        percent(evidence.share, 1, locale),
        evidence.dead.toLocaleString(locale),
        evidence.units.toLocaleString(locale),
        evidence.layer,
        number(evidence.bias),
      );
    case "unknown":
      return t("Nothing that was recorded decides what it died of.");
  }
}
