/** What a person has chosen to look at. VS Code keeps it while the view is hidden, moved, or its window reloads. */

export interface Sort {
  column: string;
  descending: boolean;
}

/** Which tensors are listed. */
export interface TensorFilter {
  /** Words that the name has to have. */
  search: string;
  /** Empty for all. */
  role: string;
  dtype: string;
  onlyZeros: boolean;
  /** Index of a layer. */
  layer: number | null;
  /** Of a comparison: only tensors that differ. */
  onlyDifferent: boolean;
}

export interface InspectorViewState {
  /** What was shown; of a comparison it brings the page back. */
  files: string[];
  /** Null for the file's order. */
  sort: Sort | null;
  filter: TensorFilter;
  grouped: boolean;
  /** Index of the tensor whose details are open. */
  details: number | null;
  /** Of the table, in pixels. */
  scroll: number;
  /** The second file stands for the earlier one. */
  swapped: boolean;
}

export const noFilter: TensorFilter = {
  search: "",
  role: "",
  dtype: "",
  onlyZeros: false,
  layer: null,
  onlyDifferent: true,
};

export function initialViewState(files: readonly string[] = []): InspectorViewState {
  return {
    files: [...files],
    sort: null,
    filter: noFilter,
    grouped: false,
    details: null,
    scroll: 0,
    swapped: false,
  };
}

/** @param kept anything: an older or newer version may have written it; what is not understood is as if never chosen */
export function restoreViewState(kept: unknown): InspectorViewState {
  const state = initialViewState();
  if (!isObject(kept)) return state;
  const { files, sort, filter, grouped, details, scroll, swapped } = kept;
  if (Array.isArray(files) && files.every((file) => typeof file === "string")) state.files = files;
  if (isObject(sort) && typeof sort.column === "string")
    state.sort = { column: sort.column, descending: sort.descending === true };
  if (isObject(filter)) state.filter = restoreFilter(filter);
  state.grouped = grouped === true;
  state.swapped = swapped === true;
  state.details = isIndex(details) ? details : null;
  if (typeof scroll === "number" && scroll >= 0) state.scroll = scroll;
  return state;
}

function restoreFilter({
  search,
  role,
  dtype,
  onlyZeros,
  layer,
  onlyDifferent,
}: Record<string, unknown>): TensorFilter {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    search: text(search),
    role: text(role),
    dtype: text(dtype),
    onlyZeros: onlyZeros === true,
    layer: isIndex(layer) ? layer : null,
    onlyDifferent: onlyDifferent !== false,
  };
}

function isIndex(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
