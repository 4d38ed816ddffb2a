/** Texts in CSV (RFC 4180: quotes, line ends within them) and TSV (no quotes); the first line names the columns. */
import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { DataError } from "../dataError.js";
import { missingKey } from "./jsonRecords.js";
import { type Line, textLimits } from "./lines.js";
import { type RecordKeys, recordError, shown, type TextRecord } from "./record.js";
import { termsOf } from "./tokens.js";

/** @throws DataError csvSyntax, keyMissing */
export async function* tableRecords(
  lines: AsyncIterable<Line[]>,
  file: string,
  keys: RecordKeys,
  delimiter: "," | "\t",
): AsyncGenerator<TextRecord> {
  const parser = parse({
    delimiter,
    quote: delimiter === "," ? '"' : null,
    // a quote within a field without quotes is a quote
    relax_quotes: true,
    // checked here, to say what is expected
    relax_column_count: true,
    max_record_size: textLimits.line,
    record_delimiter: "\n",
    info: true,
  });
  pipeline(Readable.from(texts(lines)), parser, () => undefined); // errors come out of the loop below
  let places: { text: number; label: number | null; columns: number } | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const line = info.lines;
      if (record.length === 1 && record[0]?.trim() === "") continue;
      if (!places) {
        places = placesOf(record, keys, file, line);
        continue;
      }
      if (record.length !== places.columns)
        throw recordError(
          "csvSyntax",
          file,
          line,
          `There are ${record.length} columns, ${places.columns} in the first line. ${delimiter === "," ? "Put texts that have commas, quotes or line ends into double quotes, and double each quote within." : "A text has no tabs."}`,
        );
      const label = places.label === null ? "" : (record[places.label] as string).trim();
      yield { line, terms: termsOf(record[places.text] as string), label: label === "" ? null : label };
    }
  } catch (error) {
    throw error instanceof CsvError ? syntaxError(error, file) : error;
  } finally {
    parser.destroy();
  }
}

async function* texts(lines: AsyncIterable<Line[]>): AsyncGenerator<string> {
  for await (const some of lines) yield some.map(({ text }) => `${text}\n`).join("");
}

function placesOf(head: string[], keys: RecordKeys, file: string, line: number) {
  const columns = head.map((name) => name.trim());
  const placeOf = (name: string, setting: string) => {
    const place = columns.indexOf(name);
    if (place < 0) throw missingKey("column", name, columns, setting, file, line);
    return place;
  };
  return {
    text: placeOf(keys.text, "textKey"),
    label: keys.label === null ? null : placeOf(keys.label, "labelKey"),
    columns: columns.length,
  };
}

function syntaxError(error: CsvError, file: string): DataError {
  const line = typeof error.lines === "number" ? error.lines : 1;
  const what: Partial<Record<string, string>> = {
    CSV_QUOTE_NOT_CLOSED: "A double quote is opened and never closed.",
    CSV_INVALID_CLOSING_QUOTE: "Something follows a closing double quote.",
    CSV_MAX_RECORD_SIZE: `An example is longer than ${textLimits.line} bytes: a double quote may be missing.`,
  };
  return recordError(
    "csvSyntax",
    file,
    line,
    `${what[error.code] ?? `${shown(error.message)}.`} Put texts that have commas, quotes or line ends into double quotes, and double each quote within.`,
  );
}
