/**
 * Reviews as lists of terms with counts, a review a line: `good:2 very_good:1 #label#:positive`. The format of the processed Amazon
 * reviews of Blitzer, Dredze and Pereira (2007).
 */

import type { Line } from "./lines.js";
import { recordError, shown, type TextRecord } from "./record.js";

const labelMark = "#label#:";
/** Their features are words and pairs of words. */
const longestFeature = 512;

/** @param labelled whether labels are read. @throws DataError countSyntax, labelMissing */
export async function* wordCounts(
  lines: AsyncIterable<Line[]>,
  file: string,
  labelled: boolean,
): AsyncGenerator<TextRecord> {
  for await (const some of lines)
    for (const { number, text } of some) {
      const parts = text.split(/[ \t]+/).filter(Boolean);
      if (parts.length > 0) yield recordOf(parts, file, number, labelled);
    }
}

function recordOf(parts: readonly string[], file: string, line: number, labelled: boolean): TextRecord {
  const terms: string[] = [];
  let label: string | null = null;
  for (const part of parts) {
    if (part.startsWith(labelMark)) label = part.slice(labelMark.length) || null;
    else terms.push(termOf(part, file, line));
  }
  if (labelled && !parts.some((part) => part.startsWith(labelMark)))
    throw recordError(
      "labelMissing",
      file,
      line,
      `There is no ${labelMark} on this line. End it with the label, such as ${labelMark}positive, or name the file in dataset.text.unlabelledFiles.`,
      { key: "dataset.text.unlabelledFiles" },
    );
  return { line, terms, label: labelled ? label : null };
}

function termOf(part: string, file: string, line: number): string {
  const colon = part.lastIndexOf(":");
  const count = part.slice(colon + 1);
  if (colon > 0 && colon <= longestFeature && /^[1-9]\d{0,8}$/.test(count)) return part.slice(0, colon);
  throw recordError(
    "countSyntax",
    file,
    line,
    `${shown(part)} is not a term with its count, such as good:2 (a count is a whole number from 1 on). Mend it, or set dataset.text.format to what the file is.`,
  );
}
