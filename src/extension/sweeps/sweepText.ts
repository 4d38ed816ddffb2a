/** A sweep in a few words: for trees, the status bar, the CodeLens and notifications. */
import { duration, integer, percent } from "../../common/format.js";
import type { Language } from "../../common/language.js";
import { paramsText } from "../../common/paramsText.js";
import { countTrials, type SweepProgress, type SweepRecord, type TrialRecord } from "../../common/sweepRecord.js";
import { stateWord } from "../runs/runText.js";

/** "6 trials" */
export function trialsText(trials: number, { t, locale }: Language): string {
  return trials === 1 ? t("1 trial") : t("{0} trials", integer(trials, locale));
}

/** "running · 3/6 trials · 1 failed", "finished · 6 trials". */
export function sweepDescription(record: SweepRecord, language: Language): string {
  const { t, locale } = language;
  const { finished, failed, total } = countTrials(record);
  const done =
    finished === total
      ? trialsText(total, language)
      : t("{0}/{1} trials", integer(finished, locale), integer(total, locale));
  const parts = [stateWord(record.state, language), done];
  if (failed > 0) parts.push(t("{0} failed", integer(failed, locale)));
  return parts.join(" · ");
}

/** "quick: 3/6 trials · 12 s left" */
export function liveSweepText(record: SweepRecord, { remainingSeconds }: SweepProgress, language: Language): string {
  const { t, locale } = language;
  const { finished, failed, total } = countTrials(record);
  const parts = [t("{0}/{1} trials", integer(finished + failed, locale), integer(total, locale))];
  if (remainingSeconds !== null) parts.push(t("{0} left", duration(remainingSeconds, language)));
  return `${record.name}: ${parts.join(" · ")}`;
}

/** "l1 0.003 · seed 1", or the base where nothing is varied. */
export function trialLabel({ number, params }: TrialRecord, { t }: Language): string {
  return paramsText(params) || t("Trial {0}", number);
}

export function trialState({ state, reused }: TrialRecord, { t }: Language): string {
  switch (state) {
    case "pending":
      return t("waiting");
    case "finished":
      return reused ? t("done before") : t("finished");
    default:
      return stateWord(state, { t, locale: undefined });
  }
}

/** "5.60 % · 70 % zeros" of a trial that has finished, which its icon says; "running", "done before · …" of others. */
export function trialDescription(trial: TrialRecord, language: Language): string {
  const { result, state, reused } = trial;
  const parts = result && state === "finished" && !reused ? [] : [trialState(trial, language)];
  if (result) {
    parts.push(percent(result.test.error, 2, language.locale));
    if (result.sparsity) parts.push(language.t("{0} zeros", percent(result.sparsity.mean, 0, language.locale)));
  }
  return parts.join(" · ");
}

/** "6 trials · about 40 s" @param seconds null where it cannot be told */
export function estimateText(trials: number, seconds: number | null, language: Language): string {
  const count = trialsText(trials, language);
  return seconds === null ? count : language.t("{0} · about {1}", count, duration(roughly(seconds), language));
}

/** Two digits are more than an estimate knows. */
function roughly(seconds: number): number {
  return Math.max(1, Number(seconds.toPrecision(seconds < 10 ? 1 : 2)));
}
