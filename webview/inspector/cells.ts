/** Cells that are more than text. */
import { printable } from "../../src/common/printable.js";
import type { TensorFigures } from "../../src/common/tensors.js";
import { element, setText } from "../shared/dom.js";
import { barsPath, histogramBars, zeroBarPath } from "./histogramBars.js";

/** Of a name that is too long the end stays: it tells more than the middle. */
const tailLength = 22;
const pictureWidth = 88;
const pictureHeight = 17;
const svgNamespace = "http://www.w3.org/2000/svg";

export function drawName(cell: HTMLElement, name: string): void {
  const shown = printable(name);
  if (cell.title === shown) return;
  cell.title = shown;
  const cut = tailStart(shown);
  cell.replaceChildren(
    element("span", { class: "name-head" }, shown.slice(0, cut)),
    element("span", { class: "name-tail" }, shown.slice(cut)),
  );
}

/** Where the last parts of a long name begin, such as ".dense.weight"; its length where it is short. */
export function tailStart(name: string): number {
  if (name.length <= tailLength) return name.length;
  const earliest = name.length - tailLength;
  const boundary = name.slice(earliest, -1).search(/[./]/);
  return boundary < 0 ? name.length - tailLength / 2 : earliest + boundary;
}

/** A share with a bar. @param share null for none */
export function drawShare(cell: HTMLElement, share: number | null, text: string): void {
  if (cell.childElementCount !== 2)
    cell.replaceChildren(
      element(
        "div",
        { class: "bar", attributes: { "aria-hidden": "true" } },
        element("div", { class: "bar-filled share-filled" }),
      ),
      element("span", { class: "share-text" }),
    );
  const filled = cell.querySelector<HTMLElement>(".bar-filled")!;
  const width = `${100 * (share ?? 0)}%`;
  if (filled.style.width !== width) filled.style.width = width;
  setText(cell.lastElementChild as Element, text);
}

/** @param figures null where there are none yet */
export function drawHistogram(cell: HTMLElement, figures: TensorFigures | null): void {
  const bars = figures?.counted ? histogramBars(figures) : null;
  const key = bars ? bars.counts.join() : "";
  if (cell.dataset.bars === key) return;
  cell.dataset.bars = key;
  cell.replaceChildren(...(bars ? [picture(pictureWidth, pictureHeight, bars)] : []));
}

export function picture(
  width: number,
  height: number,
  bars: NonNullable<ReturnType<typeof histogramBars>>,
): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, "svg");
  const attributes = { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", class: "histogram" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, String(value));
  for (const [name, path] of [
    ["histogram-values", barsPath(bars, width, height)],
    ["histogram-zeros", zeroBarPath(bars, width, height)],
  ] as const) {
    const shape = document.createElementNS(svgNamespace, "path");
    shape.setAttribute("class", name);
    shape.setAttribute("d", path);
    svg.append(shape);
  }
  return svg;
}
