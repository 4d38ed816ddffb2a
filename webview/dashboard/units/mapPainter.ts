/** Draws the unit map: filled cells as pixels, the marks of dead, rare and always-on units over them. */
import type { Theme } from "../../shared/theme.js";
import { boxOf, type MapLayout } from "./mapLayout.js";
import { packed, rampColour, rampFor } from "./ramp.js";
import { rampPosition, type UnitKind } from "./unitKinds.js";

export interface MapCells {
  /** Unit indices in the order shown. */
  order: ArrayLike<number>;
  frequencies: ArrayLike<number>;
  kinds: readonly UnitKind[];
}

/** Below this cell size, in device pixels, marks are mere colours. */
const smallestMark = 4;

export function paintMap(context: CanvasRenderingContext2D, layout: MapLayout, cells: MapCells, theme: Theme): void {
  const { columns, rows, pitch, gap } = layout;
  const size = pitch - gap;
  const image = context.createImageData(columns * pitch, rows * pitch);
  const pixels = new Uint32Array(image.data.buffer);
  const ramp = rampFor(theme.surface).map(packed);
  for (let place = 0; place < cells.order.length; place++) {
    const unit = cells.order[place] as number;
    const kind = cells.kinds[unit];
    if (kind === "dead" || kind === "rare") continue;
    const position = rampPosition(cells.frequencies[unit] as number);
    const colour = ramp[Math.round(position * (ramp.length - 1))] as number;
    const left = (place % columns) * pitch;
    const top = Math.floor(place / columns) * pitch;
    for (let y = top; y < top + size; y++) {
      const start = y * image.width + left;
      pixels.fill(colour, start, start + size);
    }
  }
  context.putImageData(image, 0, 0);
  paintMarks(context, layout, cells, theme);
}

/** One mark in a square of `size` pixels, for the legend. */
export function paintMark(
  context: CanvasRenderingContext2D,
  kind: UnitKind,
  left: number,
  top: number,
  size: number,
  theme: Theme,
): void {
  context.save();
  if (kind === "alwaysOn") {
    context.fillStyle = cssRamp(theme, 1);
    context.fillRect(left, top, size, size);
  }
  beginMarks(context, kind, size, theme);
  mark(context, kind, left, top, size);
  endMarks(context, kind);
  context.restore();
}

export function paintRamp(canvas: HTMLCanvasElement, theme: Theme): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  for (let x = 0; x < canvas.width; x++) {
    context.fillStyle = cssRamp(theme, x / (canvas.width - 1));
    context.fillRect(x, 0, 1, canvas.height);
  }
}

function cssRamp(theme: Theme, position: number): string {
  return `rgb(${rampColour(rampFor(theme.surface), position).join(" ")})`;
}

/** All marks of a kind in one path: thousands of them cost one stroke. */
function paintMarks(context: CanvasRenderingContext2D, layout: MapLayout, cells: MapCells, theme: Theme): void {
  const { ratio } = layout;
  const size = layout.pitch - layout.gap;
  for (const kind of ["dead", "rare", "alwaysOn"] as const) {
    context.save();
    beginMarks(context, kind, size, theme);
    for (let place = 0; place < cells.order.length; place++) {
      if (cells.kinds[cells.order[place] as number] !== kind) continue;
      const box = boxOf(layout, place);
      mark(context, kind, Math.round(box.left * ratio), Math.round(box.top * ratio), size);
    }
    endMarks(context, kind);
    context.restore();
  }
}

function beginMarks(context: CanvasRenderingContext2D, kind: UnitKind, size: number, theme: Theme): void {
  context.beginPath();
  context.lineWidth = Math.max(1, size / 8);
  context.strokeStyle = context.fillStyle = theme.dim;
  if (kind === "dead") {
    context.strokeStyle = context.fillStyle = theme.alarm;
    context.lineWidth = Math.max(1, size / 6);
  } else if (kind === "rare") {
    const dash = Math.max(1, size / 5);
    context.strokeStyle = theme.foreground;
    context.lineWidth = Math.max(1, Math.round(size / 10));
    context.setLineDash([dash, dash]);
  } else if (kind === "alwaysOn") {
    context.fillStyle = theme.surface === "dark" ? "#000000" : "#ffffff";
  }
}

function mark(context: CanvasRenderingContext2D, kind: UnitKind, left: number, top: number, size: number): void {
  if (size < smallestMark - 1) {
    if (kind === "dead") context.rect(left, top, size, size);
    return;
  }
  if (kind === "dead") {
    const inset = size * 0.16;
    context.moveTo(left + inset, top + inset);
    context.lineTo(left + size - inset, top + size - inset);
    context.moveTo(left + size - inset, top + inset);
    context.lineTo(left + inset, top + size - inset);
  } else if (kind === "rare") {
    const line = context.lineWidth / 2;
    context.rect(left + line, top + line, size - 2 * line, size - 2 * line);
  } else if (kind === "alwaysOn") {
    const hole = Math.max(2, Math.round(size * 0.36));
    const inset = Math.round((size - hole) / 2);
    context.rect(left + inset, top + inset, hole, hole);
  }
}

function endMarks(context: CanvasRenderingContext2D, kind: UnitKind): void {
  if (kind === "alwaysOn") context.fill();
  else context.stroke();
}
