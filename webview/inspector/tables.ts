/** What is listed, as text for other programs: raw values, in full precision. */
import { csvOf } from "../shared/csv.js";

/** A column of raw values; figures as numbers, what does not exist as null. */
export interface RawColumn<Row> {
  name: string;
  value(row: Row): number | string | null;
}

/** With heads; a tab or a line end within a name becomes a space. */
export function tsvOf<Row>(columns: readonly RawColumn<Row>[], rows: readonly Row[]): string {
  const field = (value: number | string | null) => (value === null ? "" : String(value).replace(/[\t\r\n]/g, " "));
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ value }) => field(value(row))))];
  return `${lines.map((line) => line.join("\t")).join("\n")}\n`;
}

export function csvTable<Row>(columns: readonly RawColumn<Row>[], rows: readonly Row[]): string {
  return csvOf({
    columns: columns.map(({ name }) => name),
    rows: rows.map((row) => columns.map(({ value }) => ({ text: "", value: value(row) }))),
  });
}

export function jsonTable<Row>(columns: readonly RawColumn<Row>[], rows: readonly Row[]): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ name, value }) => [name, value(row)])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
