/** Texts in CSV (RFC 4180: quotes, line ends within them) and TSV (no quotes); the first line names the columns. */
import { tableRows } from "../tableRows.js";
import { missingKey } from "./jsonRecords.js";
import type { Line } from "./lines.js";
import { type RecordKeys, recordError, type TextRecord } from "./record.js";
import { termsOf } from "./tokens.js";

/** @throws DataError csvSyntax, keyMissing */
export async function* tableRecords(
  lines: AsyncIterable<Line[]>,
  file: string,
  keys: RecordKeys,
  delimiter: "," | "\t",
): AsyncGenerator<TextRecord> {
  let places: { text: number; label: number | null; columns: number } | null = null;
  for await (const { line, cells } of tableRows(lines, file, delimiter)) {
    if (!places) {
      places = placesOf(cells, keys, file, line);
      continue;
    }
    if (cells.length !== places.columns)
      throw recordError(
        "csvSyntax",
        file,
        line,
        `There are ${cells.length} columns, ${places.columns} in the first line. ${delimiter === "," ? "Put texts that have commas, quotes or line ends into double quotes, and double each quote within." : "A text has no tabs."}`,
      );
    const label = places.label === null ? "" : (cells[places.label] as string).trim();
    yield { line, terms: termsOf(cells[places.text] as string), label: label === "" ? null : label };
  }
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
