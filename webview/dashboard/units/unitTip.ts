/** The box that tells of the unit under the pointer or the cell cursor; kept open, it leads to the unit's page. */
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import type { Box } from "./mapLayout.js";
import type { UnitWords } from "./unitWords.js";

const distance = 6;

export class UnitTip {
  readonly root = element("div", { class: "unit-tip", data: { unitTip: "" }, attributes: { role: "tooltip" } });
  private readonly name = element("strong");
  private readonly remark = element("span");
  private readonly fires = element("p");
  private readonly figures = element("dl");
  private readonly open = element("button", {
    class: "link-button",
    attributes: { type: "button" },
    data: { action: "openUnit" },
  });
  private readonly hint = element("span", { class: "note" }, t("Escape or a click lets go"));
  private readonly foot = element("p", { class: "tip-foot" }, this.open, this.hint);

  /** @param open asks for the page of the unit that is told of, where it has one */
  constructor(open?: () => void) {
    if (open) this.open.addEventListener("click", open);
    else this.open.hidden = true;
    this.root.append(element("p", {}, this.name, this.remark), this.fires, this.figures, this.foot);
    this.root.hidden = true;
  }

  show(unit: number, words: UnitWords, pinned: boolean): void {
    this.root.dataset.unit = String(unit);
    this.root.classList.toggle("pinned", pinned);
    setText(this.name, words.name);
    setText(this.remark, words.remark && ` · ${words.remark}`);
    setText(this.fires, words.fires);
    this.figures.replaceChildren(
      ...words.figures.map(({ label, text }) => element("div", {}, element("dt", {}, label), element("dd", {}, text))),
    );
    setText(this.open, words.dead ? t("Why did it die?") : t("Open unit"));
    this.foot.hidden = !pinned;
    this.root.hidden = false;
  }

  hide(): void {
    this.root.hidden = true;
    delete this.root.dataset.unit;
  }

  place(cell: Box, bounds: DOMRect): void {
    placeBeside(this.root, cell, bounds);
  }
}

/**
 * Beside a cell: below it, or above where the window ends; never beyond the map's sides.
 * @param cell within the map
 * @param bounds of the map in the window
 */
export function placeBeside(tip: HTMLElement, cell: Box, bounds: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.max(0, Math.min(cell.left - 12, bounds.width - width));
  const below = cell.top + cell.size + distance;
  const above = cell.top - distance - height;
  const fitsBelow = bounds.top + below + height <= window.innerHeight;
  const fitsAbove = bounds.top + above >= 0;
  tip.style.left = `${left}px`;
  tip.style.top = `${fitsBelow || !fitsAbove ? below : above}px`;
}
