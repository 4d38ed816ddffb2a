/** What a person has chosen to look at. VS Code keeps it while the view is hidden, moved, or its window reloads. */
export interface SweepViewState {
  folder: string;
  /** Ids of figures; empty for the page's own choice. */
  x: string;
  y: string;
  /** Whether means are drawn, where there are several trials a group. */
  means: boolean;
  /** Column and direction of the table of trials. */
  sort: { column: string; descending: boolean };
  filter: string;
}

export function initialViewState(folder = ""): SweepViewState {
  return { folder, x: "", y: "", means: true, sort: { column: "number", descending: false }, filter: "" };
}

/** @param kept anything: an older or newer version may have written it; what is not understood is as if never chosen */
export function restoreViewState(kept: unknown): SweepViewState {
  const state = initialViewState();
  if (typeof kept !== "object" || kept === null) return state;
  const { folder, x, y, means, sort, filter } = kept as Record<string, unknown>;
  for (const [name, value] of Object.entries({ folder, x, y, filter }))
    if (typeof value === "string") Object.assign(state, { [name]: value });
  if (typeof means === "boolean") state.means = means;
  if (typeof sort === "object" && sort !== null) {
    const { column, descending } = sort as Record<string, unknown>;
    if (typeof column === "string") state.sort = { column, descending: descending === true };
  }
  return state;
}
