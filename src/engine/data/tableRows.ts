/** Rows of CSV (RFC 4180: quotes, line ends within them) and of tables with other separators (no quotes). */
import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { DataError } from "./dataError.js";
import { type Line, textLimits } from "./text/lines.js";
import { recordError, shown } from "./text/record.js";

export type Separator = "," | ";" | "\t" | " ";

export interface Row {
  /** From 1: where the row ends. */
  line: number;
  cells: string[];
}

/** Empty lines are left out; how many cells each row should have is for the caller to check. @throws DataError csvSyntax */
export async function* tableRows(
  lines: AsyncIterable<Line[]>,
  file: string,
  separator: Separator,
): AsyncGenerator<Row> {
  const quotes = separator === "," || separator === ";";
  const parser = parse({
    delimiter: separator,
    quote: quotes ? '"' : null,
    // a quote within a field without quotes is a quote
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: textLimits.line,
    record_delimiter: "\n",
    info: true,
  });
  pipeline(Readable.from(texts(lines)), parser, () => undefined); // errors come out of the loop below
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (record.length === 1 && record[0]?.trim() === "") continue;
      yield { line: info.lines, cells: record };
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
