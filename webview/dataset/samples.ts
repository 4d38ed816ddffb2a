/** Pictures of the training set, a row for each class. */
import type { DatasetSummary } from "../../src/common/datasetPage.js";
import { element } from "../shared/dom.js";
import { bytesOf, exampleCanvas } from "../shared/exampleCanvas.js";
import { t } from "../shared/l10n.js";
import { integer } from "../shared/numbers.js";

export function samplesSection({ samples, classes, imageShape, planes }: DatasetSummary): HTMLElement {
  const [height, columns] = imageShape as readonly [number, number];
  const rows = height / planes;
  const lines = (samples ?? []).map((pictures, k) => {
    const name = classes[k]?.name ?? String(k);
    const drawn = pictures.map((picture) => exampleCanvas(bytesOf(picture), rows, columns, planes));
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
