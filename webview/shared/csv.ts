/** Tables as text for other programs. */

export interface Cell {
  /** As people read it. */
  text: string;
  /** As programs read it; null for no figure. */
  value: number | string | null;
}

export interface FigureTable {
  columns: string[];
  rows: Cell[][];
}

/** RFC 4180 with line feeds: numbers in full precision with a point, no figure as an empty field. */
export function csvOf({ columns, rows }: FigureTable): string {
  const lines = [columns, ...rows.map((row) => row.map((cell) => cell.value))];
  return `${lines.map((line) => line.map(field).join(",")).join("\n")}\n`;
}

function field(value: number | string | null): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
