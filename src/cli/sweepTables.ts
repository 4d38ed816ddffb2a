/** Plain-text tables of a sweep, for terminals. */
import { duration, integer, percent, significant, stars } from "../common/format.js";
import { paramsText } from "../common/paramsText.js";
import type { StudyReport } from "../common/studyReport.js";
import {
  absence,
  deviationWords,
  figureName,
  meanText,
  publishedWords,
  rowName,
  sourceWords,
  studyTitle,
} from "../common/studyWords.js";
import { countTrials, type SweepRecord } from "../common/sweepRecord.js";
import type { SweepSummary } from "../common/sweepSummary.js";
import { studyReport } from "../engine/studies/report.js";
import { summarise } from "../engine/sweeps/summary.js";
import { table } from "./tables.js";

/** A sweep as a table: one line a group of trials that differ in seed and fold alone. */
export function sweepLines(record: SweepRecord): string[] {
  const counts = countTrials(record);
  const states = (["finished", "failed", "stopped", "paused", "running", "pending"] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${integer(counts[state])} ${state}`);
  const lines = [
    `${record.name}: ${record.state}, ${integer(counts.total)} trials (${states.join(", ")}) in ${duration(record.seconds)}`,
    "",
  ];
  lines.push(...groupsTable(summarise(record)), ...studyLines(studyReport(record)));
  for (const { by, group, chosen, mean, n } of record.selections) {
    const figure =
      by === "reconstructionError"
        ? `reconstruction error of ${significant(mean)}`
        : `validation error of ${percent(mean, 2)}`;
    const among = Object.keys(group).length > 0 ? ` for ${paramsText(group)}` : "";
    lines.push(
      "",
      `Selected${among}: ${paramsText(chosen)}, with a ${figure} (${n === 1 ? "one trial" : `mean of ${n}`}).`,
    );
  }
  for (const { number, error } of record.trials) if (error) lines.push("", `Trial ${number} failed: ${error.message}`);
  if (record.error) lines.push("", `The sweep could not go on: ${record.error.message}`);
  return [...lines, ""];
}

/** Published and ours side by side, and every difference; nothing for a sweep that repeats nothing of the paper. */
function studyLines(report: StudyReport | null): string[] {
  if (!report) return [];
  const { id, source, figure, rows, deviations } = report;
  const share = (value: number | null | undefined) => (typeof value === "number" ? percent(value, 1) : "–");
  const cells = rows.map((row) => [
    `  ${rowName(row)}`,
    publishedWords(row, figure),
    [row.ours ? meanText(row.ours, figure) : "", absence(row)].filter(Boolean).join(", "),
    share(row.publishedZeros),
    share(row.zeros),
  ]);
  const head = ["  Network", "Published", "Ours", "Zeros, published", "Zeros, ours"];
  return [
    "",
    `Beside the paper: ${studyTitle(id)} (${sourceWords(source)}), ${figureName(figure).toLowerCase()}`,
    "",
    ...table(head, cells),
    ...(deviations.length > 0 ? ["", "What differs from the paper:"] : []),
    ...deviations.map((deviation) => `  - ${deviationWords(deviation)}`),
  ];
}

/** Means stand with their standard deviation and the number of trials that they are over. */
function groupsTable({ groups }: SweepSummary): string[] {
  const compared = groups.some(({ againstBest }) => againstBest);
  const staged = groups.some(({ stage }) => stage !== "");
  const shown = (figure: { mean: number; sd: number | null } | null, text: (value: number) => string) =>
    figure ? `${text(figure.mean)}${figure.sd === null ? "" : ` ± ${text(figure.sd)}`}` : "–";
  const p = (value: number | null | undefined) => (value === null || value === undefined ? "–" : significant(value));
  const starred = groups.some(({ figures }) => figures.validRmse);
  const rows = groups.map(({ stage, params, n, figures, best, selected, againstBest }) => [
    `${best ? "* " : selected ? "+ " : "  "}${staged ? `${stage}: ` : ""}${paramsText(params) || "base"}`,
    integer(n),
    shown(figures.validError, (value) => percent(value, 2)),
    shown(figures.testError, (value) => percent(value, 2)),
    ...(starred ? [shown(figures.validRmse, stars), shown(figures.testRmse, stars)] : []),
    shown(figures.sparsity, (value) => percent(value, 1)),
    ...(compared ? [p(againstBest?.tTest), p(againstBest?.wilcoxon)] : []),
  ]);
  const head = [
    "  Trials",
    "Finished",
    "Validation error",
    "Test error",
    ...(starred ? ["Validation RMSE", "Test RMSE"] : []),
    "Zeros",
    ...(compared ? ["p (t)", "p (Wilcoxon)"] : []),
  ];
  const notes = ["* lowest validation error", ...(groups.some(({ selected }) => selected) ? ["+ selected"] : [])];
  if (compared) notes.push("p: paired over seeds and folds, against *, two-sided");
  return [...table(head, rows), `  ${notes.join("; ")}`];
}
