/** Which rows a table lists, and in what order. */
import type { Sort } from "./viewState.js";

/** What a table needs to know of a column to sort by it. */
export interface SortedColumn<Row> {
  id: string;
  /** Null comes last, whichever way. */
  value(row: Row): number | string | null;
}

export interface Group<Row> {
  /** Index of the layer; null for what belongs to none. */
  layer: number | null;
  rows: readonly Row[];
}

/** A row, or the head of a group. */
export type Item<Row> = { row: Row } | { group: Group<Row> };

/** Stable: equal rows, and those without a value, keep the file's order. */
export function sorted<Row>(rows: readonly Row[], columns: readonly SortedColumn<Row>[], sort: Sort | null): Row[] {
  const column = columns.find(({ id }) => id === sort?.column);
  if (!column || !sort) return [...rows];
  const sign = sort.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: column.value(row) }));
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * compareNames(String(a), String(b));
  });
  return keyed.map(({ row }) => row);
}

const names = new Intl.Collator(undefined, { numeric: true });

/** layer2 before layer10. */
function compareNames(a: string, b: string): number {
  return names.compare(a, b);
}

/** @returns whether a name has every word, wherever */
export function searcher(search: string): (name: string) => boolean {
  const words = search.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return (name) => {
    const lower = words.length > 0 ? name.toLocaleLowerCase() : "";
    return words.every((word) => lower.includes(word));
  };
}

/** Layers in their order, each with its rows; what belongs to none comes last. */
export function grouped<Row>(rows: readonly Row[], layerOf: (row: Row) => number | null): Item<Row>[] {
  const groups = new Map<number | null, Row[]>();
  for (const row of rows) {
    const layer = layerOf(row);
    const group = groups.get(layer);
    if (group) group.push(row);
    else groups.set(layer, [row]);
  }
  const layers = [...groups.keys()].sort((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY));
  return layers.flatMap((layer) => {
    const of = groups.get(layer)!;
    return [{ group: { layer, rows: of } }, ...of.map((row) => ({ row }))];
  });
}
