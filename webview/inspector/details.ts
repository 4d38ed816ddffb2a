/** Everything that is known about one tensor, beside the table. */
import { nearZeroEpsilon } from "../../src/common/metrics.js";
import { printable } from "../../src/common/printable.js";
import { groupShare, roleTexts } from "../../src/common/tensors.js";
import { element, icon } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { compact, integer, noFigure, percent } from "../shared/numbers.js";
import { picture } from "./cells.js";
import { histogramBars, powersShown } from "./histogramBars.js";
import type { TensorRow } from "./model.js";
import { bytesText, notYet, shapeText } from "./wording.js";

const pictureWidth = 250;
const pictureHeight = 72;

export class Details {
  readonly root = element("aside", { class: "details-pane", attributes: { "aria-label": t("Details of the tensor") } });
  private drawn = "";

  constructor(private readonly close: () => void) {
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.close();
    });
  }

  /** @param row null hides them; @param layer name of the one it belongs to */
  render(row: TensorRow | null, layer: string | null, revision: string): void {
    this.root.hidden = row === null;
    const key = `${row?.index} ${row?.figures !== null} ${revision}`;
    if (!row || key === this.drawn) return;
    this.drawn = key;
    const name = printable(row.name);
    const close = element(
      "button",
      {
        class: "icon-button",
        attributes: { type: "button", "aria-label": t("Close details"), title: t("Close details") },
      },
      icon("close"),
    );
    close.addEventListener("click", () => this.close());
    const role = roleTexts[row.role];
    this.root.replaceChildren(
      element("div", { class: "details-head" }, element("h3", {}, name), close),
      element("p", { class: "note" }, t(role.text)),
      ...histogram(row),
      element(
        "dl",
        { class: "details-figures" },
        ...figuresOf(row, layer).map(([label, value]) =>
          element("div", {}, element("dt", {}, label), element("dd", {}, value)),
        ),
      ),
    );
  }
}

function histogram({ figures }: TensorRow): HTMLElement[] {
  const bars = figures?.counted ? histogramBars(figures) : null;
  if (!bars) return [];
  const inner = powerOfTwo(bars.top + 1 - powersShown);
  const outer = powerOfTwo(bars.top + 1);
  const ticks = [`−${outer}`, `−${inner}`, "0", inner, outer];
  return [
    element(
      "figure",
      { class: "details-picture" },
      picture(pictureWidth, pictureHeight, bars) as unknown as HTMLElement,
      element("figcaption", { class: "ticks" }, ...ticks.map((words) => element("span", {}, words))),
    ),
  ];
}

function figuresOf(
  { shape, storedAs, elements, bytes, role, figures }: TensorRow,
  layer: string | null,
): [string, string][] {
  const known: [string, string][] = [
    [t("Role"), t(roleTexts[role].label)],
    [t("Layer"), layer === null ? noFigure : printable(layer)],
    [t("Shape"), shapeText(shape)],
    [t("Type"), printable(storedAs)],
    [t("Elements"), integer(elements)],
    [t("Size"), bytesText(bytes)],
  ];
  if (!figures) return [...known, [t("Zeros"), notYet]];
  if (!figures.counted) return [...known, [t("Zeros"), t("not counted: the elements are no numbers")]];
  const of = (count: number) => (elements > 0 ? `${integer(count)} · ${percent(count / elements, 2)}` : integer(count));
  const orNone = (value: number | null, show: (value: number) => string) => (value === null ? noFigure : show(value));
  const share = (n: number) => orNone(groupShare(figures.groupsOfFour, n), (value) => percent(value, 1));
  return [
    ...known,
    [t("Zeros"), of(figures.zeros)],
    [`|w| < ${nearZeroEpsilon}`, of(figures.nearZero)],
    [t("Norm"), orNone(figures.norm, compact)],
    [t("Smallest"), orNone(figures.min, compact)],
    [t("Largest"), orNone(figures.max, compact)],
    [t("Not a number"), integer(figures.notNumbers)],
    [t("Infinite"), integer(figures.infinite)],
    [t("Dead rows"), orNone(figures.deadRows, integer)],
    [t("Dead columns"), orNone(figures.deadColumns, integer)],
    ["1:4", share(1)],
    ["2:4", share(2)],
    ["3:4", share(3)],
  ];
}

/** −3 → "2⁻³" */
function powerOfTwo(exponent: number): string {
  const raised = [...String(exponent)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
  return `2${raised}`;
}
