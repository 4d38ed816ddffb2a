/** What a person has chosen to look at. VS Code keeps it while the view is hidden, moved, or its window reloads. */

import { type SetName, setNames } from "../../src/common/run.js";
import type { UnitOrder } from "../dashboard/viewState.js";

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

/** What a person chose of the probe. */
export interface ProbeChoice {
  /** An experiment; null for the one that is suggested. */
  config: string | null;
  set: SetName;
  /** How many examples, as typed; empty for all. */
  n: string;
  /** Whose units are shown, from 1; null for the layer that calls for a look. */
  layer: number | null;
  sort: UnitOrder;
  /** Names of the tables that are open. */
  open: string[];
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
  /** The probe stands in the place of the tensors. */
  probing: boolean;
  probe: ProbeChoice;
}

export const noFilter: TensorFilter = {
  search: "",
  role: "",
  dtype: "",
  onlyZeros: false,
  layer: null,
  onlyDifferent: true,
};

const noProbe: ProbeChoice = { config: null, set: "valid", n: "", layer: null, sort: "frequency", open: [] };

export function initialViewState(files: readonly string[] = []): InspectorViewState {
  return {
    files: [...files],
    sort: null,
    filter: noFilter,
    grouped: false,
    details: null,
    scroll: 0,
    swapped: false,
    probing: false,
    probe: noProbe,
  };
}

/** @param kept anything: an older or newer version may have written it; what is not understood is as if never chosen */
export function restoreViewState(kept: unknown): InspectorViewState {
  const state = initialViewState();
  if (!isObject(kept)) return state;
  const { files, sort, filter, grouped, details, scroll, swapped, probing, probe } = kept;
  if (Array.isArray(files) && files.every((file) => typeof file === "string")) state.files = files;
  if (isObject(sort) && typeof sort.column === "string")
    state.sort = { column: sort.column, descending: sort.descending === true };
  if (isObject(filter)) state.filter = restoreFilter(filter);
  state.grouped = grouped === true;
  state.swapped = swapped === true;
  state.probing = probing === true;
  if (isObject(probe)) state.probe = restoreProbe(probe);
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

function restoreProbe({ config, set, n, layer, sort, open }: Record<string, unknown>): ProbeChoice {
  return {
    config: typeof config === "string" ? config : null,
    set: setNames.find((name) => name === set) ?? noProbe.set,
    n: typeof n === "string" ? n : "",
    layer: isIndex(layer) && layer > 0 ? layer : null,
    sort: sort === "position" ? sort : noProbe.sort,
    open: Array.isArray(open) ? open.filter((name) => typeof name === "string") : [],
  };
}

function isIndex(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
