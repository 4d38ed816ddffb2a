/** What a person has chosen to look at. VS Code keeps it while the view is hidden, moved, or its window reloads. */

export type UnitOrder = "frequency" | "position";
export type Zoom = readonly [fromEpoch: number, toEpoch: number];

/** The step of an evaluation; of a measurement in pre-training "step/layer". */
export type MomentKey = number | string;

export interface ViewState {
  folder: string;
  /** 1-based; null for the layer that calls for a look. */
  layer: number | null;
  sort: UnitOrder;
  /** The evaluation that is looked at; null follows the latest. */
  step: MomentKey | null;
  /** The epochs that the charts show; null for all. */
  zoom: Zoom | null;
  /** Names of the sections that are open. */
  open: string[];
  /** Charts whose value axis was switched, by name: true for logarithmic. */
  logarithmic: Record<string, boolean>;
}

export function initialViewState(folder = ""): ViewState {
  return { folder, layer: null, sort: "frequency", step: null, zoom: null, open: [], logarithmic: {} };
}

/** @param kept anything: an older or newer version may have written it; what is not understood is as if never chosen */
export function restoreViewState(kept: unknown): ViewState {
  const state = initialViewState();
  if (!isObject(kept)) return state;
  const { folder, layer, sort, step, zoom, open, logarithmic } = kept;
  if (typeof folder === "string") state.folder = folder;
  if (Number.isInteger(layer) && (layer as number) > 0) state.layer = layer as number;
  if (sort === "position") state.sort = sort;
  if (Number.isFinite(step) && (step as number) >= 0) state.step = step as number;
  if (typeof step === "string" && /^\d{1,15}\/\d{1,4}$/.test(step)) state.step = step;
  if (Array.isArray(zoom)) state.zoom = zoomOf(zoom[0], zoom[1]);
  if (Array.isArray(open)) state.open = open.filter((name) => typeof name === "string");
  if (isObject(logarithmic))
    for (const [name, on] of Object.entries(logarithmic)) if (typeof on === "boolean") state.logarithmic[name] = on;
  return state;
}

/** Null unless it is a range with some width. */
export function zoomOf(from: unknown, to: unknown): Zoom | null {
  if (typeof from !== "number" || typeof to !== "number" || !Number.isFinite(from) || !Number.isFinite(to)) return null;
  return to - from > 1e-9 ? [from, to] : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
