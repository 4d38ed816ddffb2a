/** The units of the chosen layer, a cell each, with why each is dead. One tab stop; arrow keys move from unit to unit, as does a pointer. */
import { printable } from "../../src/common/printable.js";
import { boxOf, layoutMap, type MapLayout, movedPlace, placeAt } from "../dashboard/units/mapLayout.js";
import { paintMark } from "../dashboard/units/mapPainter.js";
import { placeBeside } from "../dashboard/units/unitTip.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, integer } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { countMarks, type LayerMarks, reasonTexts, type UnitMark } from "./layerMarks.js";
import { paintUnits } from "./unitCells.js";

const height = 84;
const markSize = 11;
const ringRoom = 2;

export class StructureMap {
  readonly root: HTMLElement;
  private readonly title = element("span", { class: "caption" });
  private readonly canvas = element("canvas", {
    attributes: { tabindex: "0", role: "application", "aria-roledescription": t("unit map") },
    data: { structure: "" },
  });
  private readonly ring = element("div", { class: "cell-ring" });
  private readonly tip = element("div", { class: "unit-tip", attributes: { role: "tooltip" } });
  private readonly said = element("div", { class: "visually-hidden", attributes: { "aria-live": "polite" } });
  private readonly legendRow = element("div", { class: "legend" });
  private readonly box: HTMLElement;
  private shown: LayerMarks | null = null;
  private legend: readonly UnitMark[] = [];
  private layout: MapLayout | null = null;
  private cursor = 0;
  private hovered: number | null = null;
  private focused = false;

  constructor(private theme: Theme) {
    this.ring.hidden = true;
    this.tip.hidden = true;
    this.box = element("div", { class: "unit-map structure-map" }, this.canvas, this.ring, this.tip, this.said);
    this.root = element("section", { class: "panel" }, this.title, this.box, this.legendRow);
    new ResizeObserver(() => this.draw()).observe(this.box);
    this.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
      const units = this.shown?.layer.units ?? 0;
      this.hovered = this.layout && placeAt(this.layout, units, offsetX, offsetY);
      this.point();
    });
    this.canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.point();
    });
    this.canvas.addEventListener("focus", () => this.setFocused(this.canvas.matches(":focus-visible")));
    this.canvas.addEventListener("blur", () => this.setFocused(false));
    this.canvas.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param layer null hides the map */
  render(layer: LayerMarks | null, legend: readonly UnitMark[]): void {
    this.root.hidden = !layer?.marks;
    if (layer === this.shown && legend === this.legend) return;
    if (layer?.layer.name !== this.shown?.layer.name) this.cursor = 0;
    this.shown = layer;
    this.legend = legend;
    if (!layer?.marks) return;
    const name = t("Units of {0}", printable(layer.layer.name));
    setText(this.title, name);
    const counts = countMarks(layer.marks, legend);
    const words = legend.map(({ counted: say }, m) => say(integer(counts[m]!)));
    const keys = t("Arrow keys move from unit to unit.");
    const units = counted(layer.layer.units, "{0} unit", "{0} units");
    this.canvas.setAttribute("aria-label", `${name}: ${units}, ${words.join(", ")}. ${keys}`);
    this.legendRow.replaceChildren(...legend.map(({ kind }, m) => this.key(kind, words[m]!)));
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    const { shown, legend } = this;
    this.shown = null;
    this.render(shown, legend);
  }

  private key(kind: UnitMark["kind"], words: string): HTMLElement {
    const canvas = element("canvas", { class: "mark", attributes: { "aria-hidden": "true" } });
    const size = Math.round(markSize * Math.max(1, window.devicePixelRatio || 1));
    canvas.width = size;
    canvas.height = size;
    const context = canvas.getContext("2d");
    if (context) paintMark(context, kind, 0, 0, size, this.theme);
    return element("span", { class: "key" }, canvas, element("span", {}, words));
  }

  private draw(): void {
    const { shown, legend } = this;
    const width = this.box.clientWidth - 2 * ringRoom;
    if (!shown?.marks || width <= 0) return;
    this.layout = layoutMap(shown.layer.units, width, height, Math.max(1, window.devicePixelRatio || 1), 3);
    paintUnits(this.canvas, this.layout, shown.marks, legend, this.theme);
    this.point();
  }

  private point(): void {
    const { shown, layout } = this;
    const unit = this.hovered ?? (this.focused ? this.cursor : null);
    this.ring.hidden = unit === null;
    this.tip.hidden = unit === null;
    if (unit === null || !layout || !shown) return;
    const cell = boxOf(layout, unit);
    this.ring.style.transform = `translate(${cell.left}px, ${cell.top}px)`;
    this.ring.style.width = `${cell.size}px`;
    this.ring.style.height = `${cell.size}px`;
    const [name, ...rest] = this.wordsOf(unit);
    this.tip.replaceChildren(
      element("p", {}, element("strong", {}, name!)),
      ...rest.map((words) => element("p", {}, words)),
    );
    placeBeside(
      this.tip,
      { ...cell, left: cell.left + ringRoom, top: cell.top + ringRoom },
      this.box.getBoundingClientRect(),
    );
  }

  private wordsOf(unit: number): string[] {
    const { marks, structure } = this.shown!;
    const mark = this.legend[(marks?.[unit] ?? 0) - 1];
    const name = t("Unit {0}", integer(unit));
    if (!mark) return [name, t("Its weights leave it alive.")];
    return [name, mark.counted("").trim(), ...reasonTexts(structure?.[unit] ?? 0)];
  }

  private press(event: KeyboardEvent): void {
    const { layout, shown } = this;
    if (!layout || !shown) return;
    const control = event.ctrlKey || event.metaKey;
    const moved = movedPlace(layout, shown.layer.units, this.cursor, event.key, control);
    if (moved === null) return;
    event.preventDefault();
    this.cursor = moved;
    this.hovered = null;
    this.setFocused(true);
  }

  private setFocused(focused: boolean): void {
    this.focused = focused;
    this.point();
    if (focused && this.shown) setText(this.said, this.wordsOf(this.cursor).join(". "));
  }
}
