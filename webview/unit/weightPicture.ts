/** A unit's incoming weights as an image: blue for negative, orange for positive ones. */
import type { WeightPicture } from "../../src/common/unitReport.js";
import { divergingRamp, rampReach } from "../dashboard/pictures/divergingRamp.js";
import { paintImage } from "../dashboard/pictures/pixels.js";
import { cssColour, packed } from "../dashboard/units/ramp.js";
import type { FigureTable } from "../shared/csv.js";
import { element } from "../shared/dom.js";
import { bytesOf } from "../shared/exampleCanvas.js";
import { t } from "../shared/l10n.js";
import { compact, integer } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { signed } from "./wording.js";

/** CSS pixels that an image takes at most, each way. */
const side = 224;
/** Of the planes beside each other. */
const gap = 6;

export function weightCanvas(picture: WeightPicture, theme: Theme): HTMLCanvasElement {
  const { columns, planes, largest } = picture;
  const rows = picture.rows / planes;
  const values = new Int8Array(bytesOf(picture.values).buffer);
  const colours = divergingRamp(theme.surface).map(packed);
  const ratio = Math.max(1, window.devicePixelRatio || 1);
  const zoom = Math.max(1, Math.floor((side * ratio) / Math.max(rows, columns)));
  const between = Math.round(gap * ratio);
  const label = t(
    "Incoming weights, {0} × {1}, largest |weight| {2}",
    integer(rows),
    integer(columns),
    compact(largest),
  );
  const canvas = element("canvas", { class: "weight-picture", attributes: { role: "img", "aria-label": label } });
  canvas.width = planes * columns * zoom + (planes - 1) * between;
  canvas.height = rows * zoom;
  canvas.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
  canvas.style.width = `${canvas.width / ratio}px`;
  const context = canvas.getContext("2d");
  const image = context?.createImageData(canvas.width, canvas.height);
  if (!context || !image) return canvas;
  const pixels = new Uint32Array(image.data.buffer);
  for (let plane = 0; plane < planes; plane++) {
    const place = { left: plane * (columns * zoom + between), top: 0, zoom };
    const at = plane * rows * columns;
    paintImage(pixels, image.width, { rows, columns }, place, (k) => colours[(values[at + k] ?? 0) + rampReach] ?? 0);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** "−0.31 … +0.31" under the ramp's colours. */
export function weightLegend({ largest }: WeightPicture, theme: Theme): HTMLElement {
  const ramp = element("canvas", { class: "ramp", attributes: { "aria-hidden": "true" } });
  const colours = divergingRamp(theme.surface);
  ramp.width = colours.length;
  ramp.height = 1;
  const context = ramp.getContext("2d");
  colours.forEach((colour, x) => {
    if (!context) return;
    context.fillStyle = cssColour(colour);
    context.fillRect(x, 0, 1, 1);
  });
  const key = element("span", { class: "key" }, signed(-largest), ramp, `+${compact(largest)}`);
  return element("div", { class: "filter-legend" }, key);
}

export function weightTable(picture: WeightPicture): FigureTable {
  const { columns, planes, largest } = picture;
  const rows = picture.rows / planes;
  const values = new Int8Array(bytesOf(picture.values).buffer);
  const plane = (k: number) => Math.floor(k / (rows * columns));
  const heads = [t("Row"), t("Column"), t("Weight")];
  return {
    columns: planes > 1 ? [t("Plane"), ...heads] : heads,
    rows: Array.from(values, (value, k) => {
      const cells = [Math.floor(k / columns) % rows, k % columns].map((at) => ({ text: integer(at), value: at }));
      const weight = (value / rampReach) * largest;
      const all = [...cells, { text: signed(weight), value: weight }];
      return planes > 1 ? [{ text: integer(plane(k)), value: plane(k) }, ...all] : all;
    }),
  };
}
