/**
 * The units of a layer, a cell each. One tab stop: arrow keys move a cell cursor, the space bar pins the unit's figures, Escape lets go,
 * Enter opens the unit's page; a pointer does the same by hovering, clicking and double-clicking.
 */
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { counted, epochNumber, integer } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import type { UnitOrder } from "../viewState.js";
import { boxOf, layoutMap, type MapLayout, movedPlace, placeAt } from "./mapLayout.js";
import { paintMap } from "./mapPainter.js";
import { orderUnits } from "./unitOrder.js";
import type { UnitPicture } from "./unitPicture.js";
import { UnitTip } from "./unitTip.js";
import { spokenUnit, unitWords } from "./unitWords.js";

const height = 210;
const ringRoom = 2;

export class UnitMap {
  readonly root: HTMLElement;
  private readonly canvas = element("canvas", {
    data: { map: "" },
    attributes: { tabindex: "0", role: "application", "aria-roledescription": t("unit map") },
  });
  private readonly ring = element("div", { class: "cell-ring" });
  private readonly tip: UnitTip;
  private readonly said = element("div", { class: "visually-hidden", attributes: { "aria-live": "polite" } });
  private picture: UnitPicture | null = null;
  private sort: UnitOrder = "frequency";
  private stepsPerEpoch: number | null = null;
  private layout: MapLayout | null = null;
  private order: ArrayLike<number> = [];
  private placeOf = new Uint32Array();
  private painted = "";
  /** Units, not places: they keep what was pointed at when the order changes. */
  private cursor = 0;
  private hovered: number | null = null;
  private pinned: number | null = null;
  private focused = false;

  /** @param open asks for a unit's page, where units have one */
  constructor(
    private theme: Theme,
    private readonly open?: (layer: number, unit: number) => void,
  ) {
    this.tip = new UnitTip(open && (() => this.openPage(this.told)));
    this.ring.hidden = true;
    this.root = element("div", { class: "unit-map" }, this.canvas, this.ring, this.tip.root, this.said);
    new ResizeObserver(() => this.draw()).observe(this.root);
    this.canvas.addEventListener("pointermove", (event) => this.hover(this.unitAt(event)));
    this.canvas.addEventListener("pointerleave", () => this.hover(null));
    this.canvas.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) this.openPage(this.unitAt(event));
      else this.click(this.unitAt(event));
    });
    this.canvas.addEventListener("dblclick", (event) => this.openPage(this.unitAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener("focus", () => this.setFocused(this.canvas.matches(":focus-visible")));
    this.canvas.addEventListener("blur", () => this.setFocused(false));
    this.tip.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.canvas.focus();
      this.letGo();
    });
  }

  render(picture: UnitPicture, sort: UnitOrder, stepsPerEpoch: number | null): void {
    const sameLayer = this.picture?.layer.layer === picture.layer.layer && this.picture.units === picture.units;
    if (!sameLayer) this.letGo();
    if (sameLayer && this.picture === picture && this.sort === sort) return;
    if (!sameLayer || this.sort !== sort || this.painted === "") this.cursor = -1;
    this.picture = picture;
    this.sort = sort;
    this.stepsPerEpoch = stepsPerEpoch;
    this.order = orderUnits(picture.figures.firingFrequency, sort);
    this.placeOf = new Uint32Array(picture.units);
    for (let place = 0; place < picture.units; place++) this.placeOf[this.order[place] as number] = place;
    if (this.cursor < 0) this.cursor = this.order[0] ?? 0;
    this.describe(picture);
    this.painted = "";
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.painted = "";
    this.draw();
  }

  private describe({ layer, units, counts, evaluation, rareDefined }: UnitPicture): void {
    const { dataset } = this.canvas;
    dataset.layer = String(layer.layer);
    dataset.units = String(units);
    dataset.dead = String(counts.dead);
    dataset.rare = rareDefined ? String(counts.rare) : "";
    dataset.step = String(evaluation.step ?? "");
    const parts = [
      counted(units, "{0} unit", "{0} units"),
      t("{0} dead", integer(counts.dead)),
      ...(rareDefined ? [t("{0} rare", integer(counts.rare))] : []),
      t("{0} always on", integer(counts.alwaysOn)),
    ];
    const keys = this.open
      ? t("Arrow keys move from unit to unit, the space bar keeps a unit's figures open, Enter opens its page.")
      : t("Arrow keys move from unit to unit, the space bar keeps a unit's figures open.");
    const name =
      evaluation.epoch === undefined
        ? t("Units of layer {0}", layer.layer)
        : t("Units of layer {0} at epoch {1}", layer.layer, epochNumber(evaluation.epoch));
    this.canvas.setAttribute("aria-label", `${name}: ${parts.join(", ")}. ${keys}`);
  }

  private draw(): void {
    const { picture } = this;
    const width = this.root.clientWidth - 2 * ringRoom;
    if (!picture || width <= 0) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const layout = layoutMap(picture.units, width, height, ratio);
    const key = JSON.stringify(layout);
    if (key !== this.painted) {
      this.painted = key;
      this.layout = layout;
      const { canvas } = this;
      const [wide, high] = [layout.columns * layout.pitch, layout.rows * layout.pitch];
      // Setting a canvas's size clears it and costs layout, even where it is the same.
      if (canvas.width !== wide) canvas.width = wide;
      if (canvas.height !== high) canvas.height = high;
      canvas.style.width = `${layout.width}px`;
      canvas.style.height = `${layout.height}px`;
      const context = canvas.getContext("2d");
      const cells = { order: this.order, frequencies: picture.figures.firingFrequency, kinds: picture.kinds };
      if (context) paintMap(context, layout, cells, this.theme);
    }
    this.point();
  }

  /** The unit that is told of: the pinned one, else the one pointed at, else the keyboard's. */
  private get told(): number | null {
    return this.pinned ?? this.hovered ?? (this.focused ? this.cursor : null);
  }

  private point(): void {
    const { picture, layout, told } = this;
    this.ring.hidden = told === null;
    if (told === null || !picture || !layout) {
      this.tip.hide();
      return;
    }
    const cell = boxOf(layout, this.placeOf[told] ?? 0);
    this.ring.style.transform = `translate(${cell.left}px, ${cell.top}px)`;
    this.ring.style.width = `${cell.size}px`;
    this.ring.style.height = `${cell.size}px`;
    this.ring.classList.toggle("pinned", told === this.pinned);
    this.tip.show(told, unitWords(picture, told, this.stepsPerEpoch), told === this.pinned);
    this.tip.place(
      { ...cell, left: cell.left + ringRoom, top: cell.top + ringRoom },
      this.root.getBoundingClientRect(),
    );
  }

  private hover(unit: number | null): void {
    if (unit === this.hovered) return;
    this.hovered = unit;
    if (this.pinned === null) this.point();
  }

  private click(unit: number | null): void {
    this.focused = false;
    if (unit === null || unit === this.pinned) this.letGo();
    else this.pin(unit);
  }

  private pin(unit: number): void {
    this.pinned = unit;
    this.cursor = unit;
    this.point();
    this.speak(unit, t("Pinned"));
  }

  private openPage(unit: number | null): void {
    if (unit !== null && this.picture) this.open?.(this.picture.layer.layer, unit);
  }

  private letGo(): void {
    this.pinned = null;
    this.point();
  }

  private press(event: KeyboardEvent): void {
    const { picture, layout } = this;
    if (!picture || !layout) return;
    if (event.key === "Enter") this.openPage(this.cursor);
    else if (event.key === " ") {
      if (this.pinned === this.cursor) this.letGo();
      else this.pin(this.cursor);
    } else if (event.key === "Escape") {
      if (this.pinned === null) this.focused = false;
      this.letGo();
      setText(this.said, "");
    } else {
      const place = this.placeOf[this.cursor] ?? 0;
      const moved = movedPlace(layout, picture.units, place, event.key, event.ctrlKey || event.metaKey);
      if (moved === null) return;
      this.focused = true;
      this.hovered = null;
      this.pinned = null;
      this.cursor = this.order[moved] ?? 0;
      this.point();
      this.speak(this.cursor);
    }
    event.preventDefault();
  }

  private speak(unit: number, first = ""): void {
    if (!this.picture) return;
    const words = spokenUnit(unitWords(this.picture, unit, this.stepsPerEpoch));
    setText(this.said, first ? `${first}: ${words}` : words);
  }

  private setFocused(focused: boolean): void {
    this.focused = focused;
    this.point();
    if (focused) this.speak(this.cursor);
  }

  private unitAt(event: MouseEvent): number | null {
    if (!this.picture || !this.layout) return null;
    const place = placeAt(this.layout, this.picture.units, event.offsetX, event.offsetY);
    return place === null ? null : (this.order[place] ?? null);
  }
}
