/** docs/reproduction.md's tables, from what is kept of the trials. Pure. */
import { integer, percent, significant } from "../../common/format.js";
import { paramsText } from "../../common/paramsText.js";
import type { RowTraits } from "../../common/studies.js";
import { hasBands } from "../../common/studyReport.js";
import {
  absence,
  deviationWords,
  figureName,
  meanText,
  publishedWords,
  rowName,
  sourceWords,
  studyTitle,
} from "../../common/studyWords.js";
import type { TrialRecord } from "../../common/sweepRecord.js";
import { type StudiedSweep, studyReport } from "./report.js";

const locale = "en";

/** Between `<!-- begin NAME -->` and `<!-- end NAME -->` the document is written by a program. A study without a place gets one, at the end. */
export function withTables(document: string, name: string, tables: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 && to < 0) return `${document.trimEnd()}\n\n## ${name}\n\n${begin}\n\n${tables}\n${end}\n`;
  if (from < 0 || to < from) throw new Error(`The document has only one of ${begin} and ${end}, or has them reversed.`);
  return `${document.slice(0, from + begin.length)}\n\n${tables}\n${document.slice(to)}`;
}

/** Published and ours side by side, the deviations, and every trial. */
export function studyMarkdown(sweep: StudiedSweep): string {
  const report = studyReport(sweep);
  if (!report) throw new Error("The sweep names no study.");
  const { id, source, figure, rows, deviations } = report;
  const shown = rows.filter(({ of, zeros, published }) => of > 0 || zeros !== null || published === null);
  const finished = sweep.trials.filter(({ state }) => state === "finished").length;
  const lines = [
    `**${studyTitle(id)}** (${sourceWords(source)}): ${figureName(figure).toLowerCase()}, ${howChosen(rows)}; ${finished} of ${sweep.trials.length} trials have been run.`,
    "",
    "| network | published | ours | networks | zeros published | zeros ours | chosen |",
    "|---|---|---|---|---|---|---|",
    ...shown.map((row) => {
      const { ours, zeros, publishedZeros, chosen, trials } = row;
      const missing = absence(row);
      return `| ${[
        rowName(row),
        publishedWords(row, figure),
        ours ? [meanText(ours, figure, locale), missing && `(${missing})`].filter(Boolean).join(" ") : missing,
        String(trials.length),
        publishedZeros === undefined ? "–" : percent(publishedZeros, 1, locale),
        zeros === null ? "–" : percent(zeros, 1, locale),
        paramsText(chosen) || "–",
      ].join(" | ")} |`;
    }),
    "",
    "What differs from the paper:",
    "",
    ...deviations.map((deviation) => `- ${deviationWords(deviation)}`),
    "",
    ...trialLines(sweep.trials),
  ];
  return `${lines.join("\n")}\n`;
}

function howChosen(rows: readonly RowTraits[]): string {
  return hasBands(rows)
    ? "mean over all networks with so many zeros, each at its best validation error"
    : "selected on the validation set";
}

function trialLines(trials: readonly TrialRecord[]): string[] {
  return [
    "Every trial:",
    "",
    "| trial | validation error | test error | zeros | dead units | best epoch | training examples a second |",
    "|---|---|---|---|---|---|---|",
    ...trials.map(({ number, stage, params, result }) => {
      const name = `${number}: ${[stage, paramsText(params)].filter(Boolean).join(", ")}`;
      if (!result) return `| ${name} | not run | – | – | – | – | – |`;
      const { valid, test, sparsity, dead, bestEpoch, epochs, samplesPerSecond } = result;
      return `| ${[
        name,
        percent(valid.error, 2, locale),
        percent(test.error, 2, locale),
        sparsity ? percent(sparsity.mean, 1, locale) : "not defined",
        dead ? integer(dead.total, locale) : "not defined",
        `${significant(bestEpoch, locale)} of ${significant(epochs, locale)}`,
        integer(samplesPerSecond, locale),
      ].join(" | ")} |`;
    }),
  ];
}
