/** Pictures of the training set, a row for each class. */
import type { DatasetSummary } from "../../src/common/datasetPage.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { integer } from "../shared/numbers.js";

export function samplesSection({ samples, classes, imageShape, planes }: DatasetSummary): HTMLElement {
  const [height, columns] = imageShape as readonly [number, number];
  const rows = height / planes;
  const lines = (samples ?? []).map((pictures, k) => {
    const name = classes[k]?.name ?? String(k);
    const drawn = pictures.map((picture) => canvasOf(bytesOf(picture), rows, columns, planes));
    for (const canvas of drawn) canvas.setAttribute("aria-label", t("Training example of class {0}", name));
    const words = drawn.length > 0 ? drawn : [element("span", { class: "note" }, t("none"))];
    return element(
      "div",
      { class: "samples-row" },
      element("span", { class: "samples-class", attributes: { title: name } }, name),
      element("div", { class: "samples-pictures" }, ...words),
    );
  });
  return element(
    "section",
    { class: "panel", data: { section: "samples" } },
    element(
      "div",
      { class: "panel-head" },
      element(
        "div",
        { class: "head-words" },
        element("h2", {}, t("Samples")),
        element(
          "span",
          { class: "caption" },
          t("the first training examples of each class, {0} × {1}", integer(rows), integer(columns)),
        ),
      ),
    ),
    ...lines,
  );
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Three planes are colours; the two of a stereo pair stand side by side. */
function canvasOf(values: Uint8Array, rows: number, columns: number, planes: number): HTMLCanvasElement {
  const views = planes === 3 ? 1 : planes;
  const canvas = element("canvas", { class: "sample", attributes: { role: "img" } });
  canvas.width = columns * views;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context?.createImageData(canvas.width, rows);
  if (!context || !image) return canvas;
  const plane = rows * columns;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < canvas.width; x++) {
      const from = Math.floor(x / columns) * plane + y * columns + (x % columns);
      const to = 4 * (y * canvas.width + x);
      for (let c = 0; c < 3; c++) image.data[to + c] = values[planes === 3 ? from + c * plane : from] ?? 0;
      image.data[to + 3] = 255;
    }
  context.putImageData(image, 0, 0);
  return canvas;
}
