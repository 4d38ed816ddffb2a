/**
 * The network as a row of layers, each with its units. One tab stop: arrow keys move, Enter or Space chooses a layer, which then filters
 * the table. Only cards in sight are made.
 */
import { printable } from "../../src/common/printable.js";
import { layoutMap } from "../dashboard/units/mapLayout.js";
import { element, icon, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { integer } from "../shared/numbers.js";
import { coalesced } from "../shared/redraw.js";
import type { Theme } from "../shared/theme.js";
import { drawName } from "./cells.js";
import { itemWindow, scrollTo } from "./itemWindow.js";
import { type LayerMarks, marksText, type UnitMark } from "./layerMarks.js";
import { paintUnits } from "./unitCells.js";
import { notYet } from "./wording.js";

const cardWidth = 176;
const mapWidth = 150;
const mapHeight = 34;
/** More units than the picture has pixels are told in words alone. */
const mostDrawn = mapWidth * mapHeight;

export class LayerStrip {
  readonly root: HTMLElement;
  private readonly list = element("div", { class: "strip-cards" });
  private readonly scroller = element(
    "div",
    {
      class: "strip-scroller",
      attributes: { role: "listbox", tabindex: "0", "aria-label": t("Layers"), "aria-orientation": "horizontal" },
    },
    this.list,
  );
  private readonly caption = element("span", { class: "caption" });
  private cards = new Map<number, Card>();
  private layers: readonly LayerMarks[] = [];
  private legend: readonly UnitMark[] = [];
  private chosen: number | null = null;
  private current = 0;

  constructor(
    private theme: Theme,
    private readonly choose: (layer: number | null) => void,
  ) {
    const soon = coalesced(() => this.draw());
    this.scroller.addEventListener("scroll", soon);
    new ResizeObserver(soon).observe(this.scroller);
    this.scroller.addEventListener("keydown", (event) => this.press(event));
    for (const name of ["focus", "blur"]) this.scroller.addEventListener(name, () => this.draw());
    this.list.addEventListener("click", (event) => {
      const card = (event.target as Element).closest<HTMLElement>("[data-layer]");
      if (card) this.take(Number(card.dataset.layer));
    });
    this.root = element(
      "section",
      { class: "panel strip-panel" },
      element(
        "div",
        { class: "panel-head" },
        element("div", { class: "head-words" }, element("h2", {}, t("Layers")), this.caption),
      ),
      this.scroller,
    );
  }

  render(layers: readonly LayerMarks[], legend: readonly UnitMark[], chosen: number | null): void {
    this.root.hidden = layers.length === 0;
    if (layers !== this.layers || legend !== this.legend) for (const card of this.cards.values()) card.drawn = null;
    if (chosen !== null && chosen !== this.chosen) this.current = chosen;
    this.layers = layers;
    this.legend = legend;
    this.chosen = chosen;
    this.current = Math.min(this.current, Math.max(0, layers.length - 1));
    this.list.style.width = `${layers.length * cardWidth}px`;
    setText(this.caption, t("a layer chosen here filters the table"));
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    for (const card of this.cards.values()) card.drawn = null;
    this.draw();
  }

  private draw(): void {
    const { scrollLeft, clientWidth } = this.scroller;
    const { first, end } = itemWindow(this.layers.length, cardWidth, scrollLeft, clientWidth);
    for (const [l, card] of this.cards)
      if (l < first || l >= end) {
        card.root.remove();
        this.cards.delete(l);
      }
    for (let l = first; l < end; l++) {
      let card = this.cards.get(l);
      if (!card) {
        card = new Card(l);
        this.cards.set(l, card);
        this.list.append(card.root);
      }
      card.render(this.layers[l]!, this.legend, this.theme, this.layers.length);
      card.root.setAttribute("aria-selected", String(l === this.chosen));
      card.root.classList.toggle("current", l === this.current && document.activeElement === this.scroller);
    }
    const shown = this.cards.get(this.current);
    if (shown) this.scroller.setAttribute("aria-activedescendant", shown.root.id);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  private take(layer: number): void {
    this.current = layer;
    this.choose(layer === this.chosen ? null : layer);
    this.draw();
  }

  private press(event: KeyboardEvent): void {
    const last = this.layers.length - 1;
    const target = { ArrowRight: this.current + 1, ArrowLeft: this.current - 1, Home: 0, End: last }[event.key];
    if (target !== undefined) {
      this.current = Math.min(last, Math.max(0, target));
      this.scroller.scrollLeft = scrollTo(this.current, cardWidth, this.scroller.scrollLeft, this.scroller.clientWidth);
      this.draw();
    } else if (event.key === "Enter" || event.key === " ") this.take(this.current);
    else if (event.key === "Escape" && this.chosen !== null) this.choose(null);
    else return;
    event.preventDefault();
  }
}

class Card {
  readonly root: HTMLElement;
  /** What it shows; null when that has to be drawn anew. */
  drawn: LayerMarks | null = null;
  private readonly name = element("span", { class: "card-name" });
  private readonly shape = element("span", { class: "card-shape" });
  private readonly canvas = element("canvas", { attributes: { "aria-hidden": "true" } });
  private readonly words = element("span", { class: "card-words" });

  constructor(private readonly l: number) {
    const box = element(
      "div",
      { class: "card-box" },
      this.name,
      this.shape,
      element("div", { class: "card-map" }, this.canvas),
      this.words,
    );
    this.root = element(
      "div",
      { class: "card", attributes: { role: "option", id: `layer${l}` }, data: { layer: String(l) } },
      box,
      element("span", { class: "card-arrow" }, icon("chevron-right")),
    );
    this.root.style.transform = `translateX(${l * cardWidth}px)`;
  }

  render(layer: LayerMarks, legend: readonly UnitMark[], theme: Theme, count: number): void {
    if (this.drawn === layer) return;
    this.drawn = layer;
    const { name, kind, inputs, units, activation } = layer.layer;
    this.root.classList.toggle("last", this.l === count - 1);
    this.root.setAttribute("aria-setsize", String(count));
    this.root.setAttribute("aria-posinset", String(this.l + 1));
    drawName(this.name, name);
    const parts = [`${integer(inputs)} → ${integer(units)}`, ...(activation ? [printable(activation)] : [])];
    if (kind === "conv") parts.unshift(t("conv"));
    setText(this.shape, parts.join(" · "));
    this.shape.title = parts.join(" · ");
    const { marks } = layer;
    const marked = marks ? Array.prototype.some.call(marks, (mark: number) => mark > 0) : false;
    this.words.classList.toggle("marked", marked);
    setText(this.words, marks ? marksText(marks, legend, 2) : marks === null ? t("dead units not defined") : notYet);
    this.words.title =
      marks === null
        ? t(
            "Only rectifiers that follow their weights and bias directly can be structurally dead, as far as a file tells.",
          )
        : marks
          ? marksText(marks, legend)
          : "";
    this.canvas.hidden = !marks || units > mostDrawn;
    if (!marks || this.canvas.hidden) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    paintUnits(this.canvas, layoutMap(units, mapWidth, mapHeight, ratio, 1), marks, legend, theme);
  }
}
