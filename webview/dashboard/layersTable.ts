/** Where every hidden layer stands at the moment shown, or in a probe; choosing a row chooses the layer whose units are shown. */
import type { Experiment } from "../../src/common/experiment.js";
import { type ActivationFigures, type Definition, definitions } from "../../src/common/metrics.js";
import { printable } from "../../src/common/printable.js";
import { element, setText, setValue } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { compact, counted, epochNumber, integer, noFigure, percent, significant } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { layerStyle } from "./charts/seriesStyle.js";
import { deadShare } from "./headline.js";
import type { Occasion } from "./units/unitPicture.js";
import { setWords } from "./wording.js";

/** A layer as the table names it. */
export interface TabledLayer {
  layer: number;
  units: number;
  activation: string;
  /** What its file calls it, where that says more than its number. */
  name?: string;
}

/** What the table shows: of a run, or of a probe. */
export interface TabledModel {
  hidden: readonly TabledLayer[];
  /** No unit of any layer can be exactly zero: the share near zero is shown for all. */
  withoutZeros: boolean;
  /** What units were counted with, where it is known. */
  thresholds: Partial<Experiment["evaluation"]> | undefined;
}

export interface TabledMoment {
  evaluation: (Occasion & { layers: readonly (ActivationFigures | undefined)[] }) | null;
}

/** From this share on, dead units are worth a second look. */
const notableDeadShare = 0.01;

/** Characters of a layer's name that there is room for. */
const mostOfName = 20;
/** What only training tells: a probe has none of it. */
const ofTraining = ["dying", "gradientNorm", "updateRatio"];

type CountName = "dead" | "dying" | "dormant" | "rare" | "alwaysOn";
type MeanName = "meanActivation" | "gradientNorm" | "updateRatio";
const counts: CountName[] = ["dead", "dying", "dormant", "rare", "alwaysOn"];
/** Shown where there is room; the charts have them at any width. */
const means: { name: MeanName; show(value: number): string }[] = [
  { name: "meanActivation", show: significant },
  { name: "gradientNorm", show: compact },
  { name: "updateRatio", show: compact },
];

export class LayersTable {
  readonly root: HTMLElement;
  private readonly caption = element("span", { class: "caption" });
  private readonly heads = new Map<string, HTMLElement>();
  private readonly body = element("tbody");
  private readonly scroller = element("div", { class: "scroller scroller-flat" });
  private rows: Row[] = [];
  private selected = 0;

  /** @param trained whether the layers were trained here: else what only training tells is left out */
  constructor(
    private theme: Theme,
    private readonly choose: (layer: number) => void,
    private readonly trained = true,
  ) {
    const head = element("tr", {}, element("th", { attributes: { scope: "col" } }, t("Layer")));
    for (const name of ["sparsity", ...counts, "activeUnits", ...means.map((mean) => mean.name)] as const) {
      if (!trained && ofTraining.includes(name)) continue;
      const made = headCell(definitions[name]);
      if (means.some((mean) => mean.name === name)) made.classList.add("roomy");
      this.heads.set(name, made);
      head.append(made);
    }
    const table = element(
      "table",
      { class: "layers", attributes: { role: "grid", "aria-label": t("Layers") } },
      element("thead", {}, head),
      this.body,
    );
    this.body.addEventListener("keydown", (event) => this.press(event));
    this.scroller.append(table);
    this.root = element(
      "section",
      { class: "panel layers-panel" },
      element("div", { class: "panel-head" }, element("h2", {}, t("Layers")), this.caption),
      this.scroller,
    );
  }

  /** @param selected the chosen layer, from 1 */
  render({ hidden, withoutZeros, thresholds }: TabledModel, { evaluation }: TabledMoment, selected: number): void {
    this.root.hidden = hidden.length === 0;
    setText(this.caption, captionOf(evaluation));
    const first = this.heads.get("sparsity");
    if (first) setHead(first, withoutZeros ? definitions.nearZero : definitions.sparsity);
    this.nameThresholds(thresholds);
    const remade = this.rows.length !== hidden.length;
    if (remade) {
      this.rows = hidden.map((layer) => new Row(layer.layer, this.theme, this.trained, () => this.choose(layer.layer)));
      this.body.replaceChildren(...this.rows.map((row) => row.root));
    }
    this.rows.forEach((row, l) => {
      row.render(hidden[l] as TabledLayer, evaluation?.layers[l], withoutZeros);
      row.select(l + 1 === selected);
    });
    if (selected !== this.selected || remade) this.reveal(selected);
    this.selected = selected;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    for (const row of this.rows) row.setTheme(theme);
  }

  private press(event: KeyboardEvent): void {
    const last = this.rows.length;
    const moves: Record<string, number> = {
      ArrowDown: this.selected + 1,
      ArrowUp: this.selected - 1,
      Home: 1,
      End: last,
    };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const layer = Math.min(last, Math.max(1, target));
    this.choose(layer);
    this.rows[layer - 1]?.root.focus({ preventScroll: true });
    this.reveal(layer);
  }

  /** Scrolls the table, never the page. */
  private reveal(layer: number): void {
    const row = this.rows[layer - 1]?.root;
    if (!row || this.scroller.scrollHeight <= this.scroller.clientHeight) return;
    const { scroller } = this;
    const head = this.rows[0]?.root.offsetTop ?? 0;
    const [top, bottom] = [row.offsetTop, row.offsetTop + row.offsetHeight];
    if (top - head < scroller.scrollTop) scroller.scrollTop = top - head;
    else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
  }

  /** A count means little without the threshold it was made with. */
  private nameThresholds(evaluation: TabledModel["thresholds"]): void {
    if (!evaluation) return;
    const add = (name: CountName, words: string) => {
      const head = this.heads.get(name);
      const { label, text } = definitions[name];
      const here = this.trained ? t("{0} In this run: {1}.", t(text), words) : t("{0} Here: {1}.", t(text), words);
      if (head) setHead(head, { label, text: here });
    };
    const { dyingWindow, dormantThreshold, rareThreshold } = evaluation;
    if (dormantThreshold !== undefined) add("dormant", `τ = ${significant(dormantThreshold)}`);
    if (rareThreshold !== undefined) add("rare", t("fewer than {0} of the examples", percent(rareThreshold, 2)));
    add("dying", dyingWindow === undefined ? t("one epoch") : counted(dyingWindow, "{0} example", "{0} examples"));
  }
}

class Row {
  readonly root: HTMLTableRowElement;
  private readonly size = element("span");
  private readonly called = element("span", { class: "note layer-name" });
  private readonly name = element("th", { attributes: { scope: "row" } }, this.size, this.called);
  private readonly filled = element("div", { class: "bar-filled" });
  private readonly sparsity = element("td", { class: "with-bar", data: { figure: "sparsity" } });
  private readonly sparsityText = element("span");
  private readonly sparsityNote = element("span", { class: "note" });
  private readonly cells = new Map<CountName, HTMLElement>();
  private readonly active = element("td", { data: { figure: "activeUnits" } });
  private readonly activeMean = element("span");
  private readonly activeRange = element("span", { class: "note" });
  private readonly means: { show(value: number): string; name: MeanName; cell: HTMLElement }[];

  constructor(
    private readonly layer: number,
    theme: Theme,
    trained: boolean,
    choose: () => void,
  ) {
    const bar = element("div", { class: "bar", attributes: { "aria-hidden": "true" } }, this.filled);
    this.sparsity.append(element("div", { class: "bar-cell" }, bar, this.sparsityText), this.sparsityNote);
    this.active.append(this.activeMean, this.activeRange);
    this.root = element("tr", { data: { layer: String(layer) } }, this.name, this.sparsity);
    const has = (name: string) => trained || !ofTraining.includes(name);
    for (const name of counts.filter(has)) {
      const cell = element("td", { data: { figure: name } });
      this.cells.set(name, cell);
      this.root.append(cell);
    }
    this.means = means
      .filter(({ name }) => has(name))
      .map((mean) => ({ ...mean, cell: element("td", { class: "roomy", data: { figure: mean.name } }) }));
    this.root.append(this.active, ...this.means.map(({ cell }) => cell));
    this.root.addEventListener("click", choose);
    this.setTheme(theme);
  }

  /** @param withoutZeros whether the column's head says already that it is of what is near zero */
  render(shape: TabledLayer, figures: ActivationFigures | undefined, withoutZeros: boolean): void {
    setText(this.size, `${shape.layer} · ${integer(shape.units)}`);
    setText(this.called, shape.name === undefined ? "" : shortName(shape.name));
    this.called.hidden = shape.name === undefined;
    const units = counted(shape.units, "{0} unit", "{0} units");
    const words = t("Layer {0}: {1}, {2}", shape.layer, units, shape.activation);
    const title = shape.name === undefined ? words : `${words}\n${printable(shape.name)}`;
    if (this.name.title !== title) this.name.title = title;
    const near = figures !== undefined && figures.sparsity === null;
    const share = (near ? figures.nearZero : figures?.sparsity) ?? null;
    setText(this.sparsityNote, near && !withoutZeros ? t("near zero") : "");
    setValue(this.sparsity, figures?.sparsity ?? null);
    setText(this.sparsityText, share === null ? noFigure : percent(share, 1));
    this.filled.style.width = `${(share ?? 0) * 100}%`;
    for (const [name, cell] of this.cells) showFigure(cell, figures?.[name] ?? null, integer);
    for (const { cell, name, show } of this.means) showFigure(cell, figures?.[name] ?? null, show);
    const dead = deadShare(figures, shape.units);
    this.cells.get("dead")?.classList.toggle("notable", dead !== null && dead >= notableDeadShare);
    const active = figures?.activeUnits ?? null;
    setValue(this.active, active?.mean ?? null);
    setText(this.activeMean, active ? integer(active.mean) : noFigure);
    setText(this.activeRange, active ? `${integer(active.p10)}–${integer(active.p90)}` : "");
    this.active.classList.toggle("zero", active === null);
  }

  select(selected: boolean): void {
    this.root.setAttribute("aria-selected", String(selected));
    this.root.tabIndex = selected ? 0 : -1;
  }

  setTheme(theme: Theme): void {
    this.filled.style.backgroundColor = layerStyle(this.layer, theme).stroke;
  }
}

function showFigure(cell: HTMLElement, value: number | null, show: (value: number) => string): void {
  setValue(cell, value);
  setText(cell, value === null ? noFigure : show(value));
  cell.classList.toggle("zero", value === null || value === 0);
}

function captionOf(evaluation: TabledMoment["evaluation"]): string {
  if (!evaluation) return t("not evaluated yet");
  const examples = counted(evaluation.n, "{0} example", "{0} examples");
  if (evaluation.epoch === undefined) return `${setWords[evaluation.set]}, ${examples}`;
  return t("{0}, {1}, epoch {2}", setWords[evaluation.set], examples, epochNumber(evaluation.epoch));
}

/** Of long names the end says more than the beginning, which many share. */
function shortName(name: string): string {
  const shown = printable(name);
  return shown.length > mostOfName ? `…${shown.slice(1 - mostOfName)}` : shown;
}

function headCell(definition: Definition): HTMLElement {
  const cell = element("th", { attributes: { scope: "col" } });
  setHead(cell, definition);
  return cell;
}

function setHead(cell: HTMLElement, { label, text }: Definition): void {
  setText(cell, t(label));
  const title = t(text);
  if (cell.title !== title) cell.title = title;
}
