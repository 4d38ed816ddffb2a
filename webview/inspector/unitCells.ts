/** Units of a layer as the dashboard's map draws them, by what is known from weights alone. */
import type { MapLayout } from "../dashboard/units/mapLayout.js";
import { paintMap } from "../dashboard/units/mapPainter.js";
import type { UnitKind } from "../dashboard/units/unitKinds.js";
import type { Theme } from "../shared/theme.js";
import type { UnitMark } from "./layerMarks.js";

/** Of a unit about which there is nothing to say: a quiet colour of the ramp. A unit that came back has the loudest. */
const plainFrequency = 0.0005;

/** Draws the map, and gives the canvas its size. */
export function paintUnits(
  canvas: HTMLCanvasElement,
  layout: MapLayout,
  marks: ArrayLike<number>,
  legend: readonly UnitMark[],
  theme: Theme,
): void {
  canvas.width = layout.columns * layout.pitch;
  canvas.height = layout.rows * layout.pitch;
  canvas.style.width = `${layout.width}px`;
  canvas.style.height = `${layout.height}px`;
  const context = canvas.getContext("2d");
  if (!context) return;
  const units = marks.length;
  const kinds = Array.from(marks, (mark): UnitKind => (mark > 0 ? legend[mark - 1]!.kind : "ordinary"));
  const cells = {
    order: Uint32Array.from({ length: units }, (_, unit) => unit),
    frequencies: Float32Array.from(kinds, (kind) => (kind === "alwaysOn" ? 1 : plainFrequency)),
    kinds,
  };
  paintMap(context, layout, cells, theme);
}
