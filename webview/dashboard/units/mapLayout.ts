/** Where each cell of the unit map lies. Lengths are CSS pixels unless they say otherwise. */

export interface MapLayout {
  columns: number;
  rows: number;
  /** A cell with its gap, in device pixels: whole, so that all cells look alike. */
  pitch: number;
  /** Room between cells, in device pixels. */
  gap: number;
  /** Of the whole map. */
  width: number;
  height: number;
  ratio: number;
}

/** Cells are as large as lets the map keep to its height, within these bounds. */
const largest = 20;
const smallest = 5;
/** Very wide layers rather shrink their cells than grow without bounds. */
const smallestOfMany = 2;
const manyUnits = 20_000;

/**
 * @param height that the map should keep to; it is exceeded rather than that cells become unreadable
 * @param least the smallest cell that is still read
 */
export function layoutMap(
  units: number,
  width: number,
  height: number,
  ratio: number,
  least = units > manyUnits ? smallestOfMany : smallest,
): MapLayout {
  let pitch = Math.round(largest * ratio);
  const columnsOf = (size: number) => Math.max(1, Math.min(units, Math.floor((width * ratio) / size)));
  while (pitch > Math.round(least * ratio) && Math.ceil(units / columnsOf(pitch)) * pitch > height * ratio) pitch--;
  pitch = Math.max(1, Math.min(pitch, Math.floor(width * ratio)));
  const columns = columnsOf(pitch);
  const rows = Math.ceil(units / columns);
  const gap = pitch >= 4 * ratio ? Math.max(1, Math.round(ratio)) : 0;
  return {
    columns,
    rows,
    pitch,
    gap,
    width: (columns * pitch) / ratio,
    height: (rows * pitch) / ratio,
    ratio,
  };
}

export interface Box {
  left: number;
  top: number;
  size: number;
}

/** @param place of the cell in the order shown */
export function boxOf(layout: MapLayout, place: number): Box {
  const { columns, pitch, gap, ratio } = layout;
  const left = ((place % columns) * pitch) / ratio;
  const top = (Math.floor(place / columns) * pitch) / ratio;
  return { left, top, size: (pitch - gap) / ratio };
}

/** The cell at a point of the map; null beside the cells. */
export function placeAt(layout: MapLayout, units: number, x: number, y: number): number | null {
  const { columns, pitch, ratio } = layout;
  const column = Math.floor((x * ratio) / pitch);
  const row = Math.floor((y * ratio) / pitch);
  const place = row * columns + column;
  return column >= 0 && column < columns && row >= 0 && place < units ? place : null;
}

/** Rows that Page Up and Page Down skip. */
const page = 5;

/** Where a key moves the cell cursor; null for keys that do not. Home and End go to the row's ends, with Control to the map's. */
export function movedPlace(
  layout: Pick<MapLayout, "columns">,
  units: number,
  place: number,
  key: string,
  control = false,
): number | null {
  const { columns } = layout;
  const last = units - 1;
  const start = place - (place % columns);
  const down = (rows: number) => {
    const target = place + rows * columns;
    if (target <= last) return target;
    // Below the last full row: to its end, unless the place is in the last row already.
    return Math.floor(place / columns) === Math.floor(last / columns) ? place : last;
  };
  const up = (rows: number) => Math.max(place % columns, place - rows * columns);
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, place - 1);
    case "ArrowRight":
      return Math.min(last, place + 1);
    case "ArrowUp":
      return up(1);
    case "ArrowDown":
      return down(1);
    case "PageUp":
      return up(page);
    case "PageDown":
      return down(page);
    case "Home":
      return control ? 0 : start;
    case "End":
      return control ? last : Math.min(last, start + columns - 1);
    default:
      return null;
  }
}
