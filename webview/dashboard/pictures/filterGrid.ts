/**
 * Filters, each an image. One tab stop: arrow keys move from filter to filter, Escape lets go; a pointer does the same by hovering.
 * The one that is looked at is shown larger.
 */
import type { Pictures } from "../../../src/common/pictures.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { compact, integer } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { boxOf, type MapLayout, movedPlace, placeAt } from "../units/mapLayout.js";
import { packed } from "../units/ramp.js";
import { placeBeside } from "../units/unitTip.js";
import { divergingRamp, rampReach } from "./divergingRamp.js";
import { paintImage } from "./pixels.js";

/** CSS pixels, about. */
const cellSize = 34;
const gap = 4;
const largeSize = 140;
const ringRoom = 2;

export class FilterGrid {
  readonly root: HTMLElement;
  private readonly canvas = element("canvas", {
    data: { filters: "" },
    attributes: { tabindex: "0", role: "application", "aria-roledescription": t("filters") },
  });
  private readonly ring = element("div", { class: "cell-ring" });
  private readonly large = element("canvas", { attributes: { "aria-hidden": "true" } });
  private readonly name = element("strong");
  private readonly words = element("p");
  private readonly tip: HTMLElement;
  private readonly said = element("div", { class: "visually-hidden", attributes: { "aria-live": "polite" } });
  private pictures: Pictures | null = null;
  private layout: MapLayout | null = null;
  private colours: number[];
  private painted = "";
  private cursor = 0;
  private hovered: number | null = null;
  private focused = false;

  constructor(theme: Theme) {
    this.colours = coloursOf(theme);
    this.tip = element(
      "div",
      { class: "unit-tip filter-tip", attributes: { role: "tooltip" } },
      this.large,
      element("p", {}, this.name),
      this.words,
    );
    this.root = element("div", { class: "filter-grid" }, this.canvas, this.ring, this.tip, this.said);
    new ResizeObserver(() => this.draw()).observe(this.root);
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => this.hover(this.placeOf(event)));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("focus", () => this.setFocused(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => this.setFocused(false));
  }

  render(pictures: Pictures): void {
    if (this.pictures === pictures) return;
    const { from, units, largest } = pictures.filters;
    this.cursor = Math.max(0, Math.min(this.cursor, largest.length - 1));
    this.hovered = null;
    this.pictures = pictures;
    Object.assign(this.canvas.dataset, { units, from, count: largest.length });
    const last = from + largest.length - 1;
    const name = t("Filters of units {0} to {1} of layer 1", integer(from), integer(last));
    this.canvas.setAttribute("aria-label", `${name}. ${t("Arrow keys move from filter to filter.")}`);
    this.painted = "";
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.colours = coloursOf(theme);
    this.painted = "";
    this.draw();
  }

  private get count(): number {
    return this.pictures?.filters.largest.length ?? 0;
  }

  private draw(): void {
    const { pictures, canvas } = this;
    const width = this.root.clientWidth - 2 * ringRoom;
    if (!pictures || width <= 0) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const side = Math.max(pictures.rows, pictures.columns);
    const zoom = Math.max(1, Math.round((cellSize * ratio) / side));
    const between = Math.round(gap * ratio);
    const pitch = side * zoom + between;
    const columns = Math.max(1, Math.min(this.count, Math.floor((width * ratio + between) / pitch)));
    const rows = Math.ceil(this.count / columns);
    const [wide, high] = [columns * pitch - between, rows * pitch - between];
    const key = [columns, pitch, zoom].join();
    if (key !== this.painted) {
      this.painted = key;
      this.layout = { columns, rows, pitch, gap: between, width: wide / ratio, height: high / ratio, ratio };
      canvas.width = wide;
      canvas.height = Math.max(1, high);
      canvas.style.width = `${wide / ratio}px`;
      canvas.style.height = `${high / ratio}px`;
      const context = canvas.getContext("2d");
      const image = context?.createImageData(canvas.width, canvas.height);
      if (context && image) {
        const pixels = new Uint32Array(image.data.buffer);
        for (let place = 0; place < this.count; place++) {
          const [left, top] = [(place % columns) * pitch, Math.floor(place / columns) * pitch];
          this.paint(pixels, image.width, place, { left, top, zoom });
        }
        context.putImageData(image, 0, 0);
      }
    }
    this.point();
  }

  private paint(
    pixels: Uint32Array,
    width: number,
    place: number,
    at: { left: number; top: number; zoom: number },
  ): void {
    const { pictures, colours } = this;
    if (!pictures) return;
    const size = pictures.rows * pictures.columns;
    const values = new Int8Array(pictures.filters.values, place * size, size);
    paintImage(pixels, width, pictures, at, (k) => colours[(values[k] as number) + rampReach] as number);
  }

  private point(): void {
    const { pictures, layout } = this;
    const told = this.hovered ?? (this.focused ? this.cursor : null);
    const shown = told !== null && pictures !== null && layout !== null && told < this.count;
    this.ring.hidden = this.tip.hidden = !shown;
    if (!shown) return;
    const cell = boxOf(layout, told);
    this.ring.style.transform = `translate(${cell.left}px, ${cell.top}px)`;
    this.ring.style.width = this.ring.style.height = `${cell.size}px`;
    const { name, words } = this.wordsOf(told);
    setText(this.name, name);
    setText(this.words, words);
    this.drawLarge(pictures, told);
    const at = { ...cell, left: cell.left + ringRoom, top: cell.top + ringRoom };
    placeBeside(this.tip, at, this.root.getBoundingClientRect());
  }

  private drawLarge(pictures: Pictures, place: number): void {
    const { large } = this;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const zoom = Math.max(1, Math.floor((largeSize * ratio) / Math.max(pictures.rows, pictures.columns)));
    large.width = pictures.columns * zoom;
    large.height = pictures.rows * zoom;
    large.style.width = `${large.width / ratio}px`;
    large.style.height = `${large.height / ratio}px`;
    const context = large.getContext("2d");
    const image = context?.createImageData(large.width, large.height);
    if (!context || !image) return;
    this.paint(new Uint32Array(image.data.buffer), image.width, place, { left: 0, top: 0, zoom });
    context.putImageData(image, 0, 0);
  }

  private wordsOf(place: number): { name: string; words: string } {
    const { from = 0, largest = [] } = this.pictures?.filters ?? {};
    return {
      name: t("Unit {0}·{1}", 1, from + place),
      words: t("largest |weight| {0}", compact(largest[place] ?? 0)),
    };
  }

  private hover(place: number | null): void {
    if (place === this.hovered) return;
    this.hovered = place;
    this.point();
  }

  private press(event: KeyboardEvent): void {
    if (!this.layout) return;
    if (event.key === "Escape") {
      this.focused = false;
      this.point();
    } else {
      const control = event.ctrlKey || event.metaKey;
      const moved = movedPlace(this.layout, this.count, this.cursor, event.key, control);
      if (moved === null) return;
      this.cursor = moved;
      this.hovered = null;
      this.setFocused(true);
    }
    event.preventDefault();
  }

  private setFocused(focused: boolean): void {
    this.focused = focused;
    this.point();
    const { name, words } = this.wordsOf(this.cursor);
    setText(this.said, focused && this.count > 0 ? `${name}, ${words}` : "");
  }

  private placeOf(event: MouseEvent): number | null {
    return this.layout && placeAt(this.layout, this.count, event.offsetX, event.offsetY);
  }
}

function coloursOf(theme: Theme): number[] {
  return divergingRamp(theme.surface).map(packed);
}
