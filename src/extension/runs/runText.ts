/** A run in a few words: for trees, the status bar, the CodeLens and notifications. */
import { duration, epochInProgress, integer, percent, recipeOf, significant } from "../../common/format.js";
import type { Language } from "../../common/language.js";
import { phaseInProgress, phaseText } from "../../common/phases.js";
import type { EvalLine, ReconstructionLine, RunRecord, RunState } from "../../common/run.js";

/** The colours and shapes of states; ids of VS Code's own icons and colours. */
export const stateIcons: Record<RunState, { icon: string; color?: string }> = {
  running: { icon: "sync~spin", color: "charts.blue" },
  paused: { icon: "debug-pause" },
  finished: { icon: "pass", color: "charts.green" },
  stopped: { icon: "debug-stop" },
  failed: { icon: "error", color: "list.errorForeground" },
  interrupted: { icon: "debug-disconnect", color: "list.warningForeground" },
};

export function stateWord(state: RunState, { t }: Language): string {
  switch (state) {
    case "running":
      return t("running");
    case "paused":
      return t("paused");
    case "finished":
      return t("finished");
    case "stopped":
      return t("stopped");
    case "failed":
      return t("failed");
    case "interrupted":
      return t("interrupted");
  }
}

/** "1.83 % · 89 % zeros · 2 dead"; empty while there is no result. */
export function resultText({ summary }: RunRecord, { t, locale }: Language): string {
  if (!summary) return "";
  const parts = [percent(summary.test.error, 2, locale)];
  if (summary.sparsity) parts.push(t("{0} zeros", percent(summary.sparsity.mean, 0, locale)));
  if (summary.dead) parts.push(t("{0} dead", integer(summary.dead.total, locale)));
  return parts.join(" · ");
}

/** "finished · 1.83 % · 89 % zeros · 2 dead", or "running · epoch 3/10". */
export function descriptionText(run: RunRecord, language: Language): string {
  const underWay = run.state === "running" || run.state === "paused" || run.state === "interrupted";
  const rest = underWay ? epochText(run, language) : resultText(run, language);
  return [stateWord(run.state, language), rest].filter(Boolean).join(" · ");
}

/** "epoch 3/10": the epoch that is being trained; of a run with phases "pre-training, layer 2 of 3, epoch 4 of 30". */
export function epochText(run: RunRecord, language: Language): string {
  const { progress } = run;
  const { t, locale } = language;
  const phase = phaseInProgress(run, true);
  if (phase) return phaseText(phase, language);
  const epoch = epochInProgress(progress, true);
  return t("epoch {0}/{1}", integer(epoch, locale), integer(progress.epochs, locale));
}

/** Decimal units, as file managers count: "4.2 MB". */
export function sizeText(bytes: number, { locale }: Pick<Language, "locale">): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${units[power]}`;
}

/** How long ago something was: "3 days ago". */
export function ageText(milliseconds: number, { locale }: Pick<Language, "locale">): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const minutes = Math.max(0, milliseconds) / 60_000;
  if (minutes < 60) return words.format(-Math.floor(minutes), "minute");
  if (minutes < 24 * 60) return words.format(-Math.floor(minutes / 60), "hour");
  return words.format(-Math.floor(minutes / 60 / 24), "day");
}

/** "4.55 % validation error · 95 % zeros · 3 dead": where a run in progress stands. */
export function evaluationText(evaluation: EvalLine, { t, locale }: Language): string {
  const { error, layers } = evaluation;
  const parts = [t("{0} validation error", percent(error, 2, locale))];
  const zeros = layers.map(({ sparsity }) => sparsity).filter((sparsity) => sparsity !== null);
  if (zeros.length > 0)
    parts.push(t("{0} zeros", percent(zeros.reduce((sum, share) => sum + share, 0) / zeros.length, 0, locale)));
  const dead = deadUnits(evaluation);
  if (dead !== null) parts.push(t("{0} dead", integer(dead, locale)));
  return parts.join(" · ");
}

/** Dead units over all layers, or null where that is not defined or not yet measured. */
export function deadUnits(evaluation: EvalLine | undefined): number | null {
  const dead = evaluation?.layers.map((layer) => layer.dead).filter((count) => count !== null) ?? [];
  return dead.length > 0 ? dead.reduce((sum, count) => sum + count, 0) : null;
}

/** "quick: epoch 3/10 · 12 dead", or before the first evaluation "quick: pre-training, … · reconstruction error 12.3" */
export function liveText(
  run: RunRecord,
  evaluation: EvalLine | undefined,
  language: Language,
  reconstruction?: ReconstructionLine,
): string {
  const { t, locale } = language;
  const dead = deadUnits(evaluation);
  const parts = [epochText(run, language)];
  if (!evaluation && reconstruction)
    parts.push(t("reconstruction error {0}", significant(reconstruction.loss, locale)));
  if (dead !== null) parts.push(t("{0} dead", integer(dead, locale)));
  return `${run.name}: ${parts.join(" · ")}`;
}

/** Lines of a tooltip, plain text. */
export function tooltipLines(run: RunRecord, language: Language): string[] {
  const { t, locale } = language;
  const { summary, progress } = run;
  const lines = [`${run.name} · ${descriptionText(run, language)}`, recipeOf(run, language)];
  if (run.dataset) lines.push(t("Data set: {0} ({1})", run.dataset.name, run.dataset.origin));
  if (summary)
    lines.push(
      t(
        "Test error {0} of {1} examples, at epoch {2} (best validation error)",
        percent(summary.test.error, 2, locale),
        integer(summary.test.n, locale),
        integer(summary.bestEpoch, locale),
      ),
      t(
        "{0} · {1} examples per second",
        duration(summary.seconds, language),
        integer(summary.samplesPerSecond, locale),
      ),
    );
  if (run.state === "running") {
    lines.push(t("Step {0} of {1}", integer(progress.step, locale), integer(progress.totalSteps, locale)));
    if (progress.remainingSeconds !== null) lines.push(t("{0} left", duration(progress.remainingSeconds, language)));
  }
  if (run.error) lines.push(run.error.message);
  lines.push(t("Started {0}", new Date(run.created).toLocaleString(locale)));
  return lines.filter(Boolean);
}
