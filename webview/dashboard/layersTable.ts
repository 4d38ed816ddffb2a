/** Where every hidden layer stands, at the latest evaluation. */
import type { Experiment } from "../../src/common/experiment.js";
import { type Definition, definitions, type LayerFigures } from "../../src/common/metrics.js";
import type { LayerShape } from "../../src/common/run.js";
import { element, setText, setValue } from "../shared/dom.js";
import { counted, epochNumber, integer, noFigure, percent } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { layerStyle } from "./charts/seriesStyle.js";
import { deadShare, unitsWithoutZeros } from "./headline.js";
import type { DashboardModel } from "./model.js";
import { setWords } from "./wording.js";

/** From this share on, dead units are worth a second look. */
const notableDeadShare = 0.01;

type CountName = "dead" | "dying" | "dormant" | "rare" | "alwaysOn";
const counts: CountName[] = ["dead", "dying", "dormant", "rare", "alwaysOn"];

export class LayersTable {
  readonly root: HTMLElement;
  private readonly caption = element("span", { class: "caption" });
  private readonly heads = new Map<string, HTMLElement>();
  private readonly body = element("tbody");
  private rows: Row[] = [];

  constructor(private theme: Theme) {
    const head = element("tr", {}, element("th", { attributes: { scope: "col" } }, "Layer"));
    for (const name of ["sparsity", ...counts, "activeUnits"] as const) {
      const made = headCell(definitions[name]);
      this.heads.set(name, made);
      head.append(made);
    }
    const table = element("table", { class: "layers" }, element("thead", {}, head), this.body);
    const region = { tabindex: "0", role: "region", "aria-label": "Layers" };
    this.root = element(
      "section",
      { class: "panel" },
      element("div", { class: "panel-head" }, element("h2", {}, "Layers"), this.caption),
      element("div", { class: "scroller scroller-flat", attributes: region }, table),
    );
  }

  render(model: DashboardModel): void {
    const { hidden, latest, run } = model;
    setText(this.caption, captionOf(model));
    const other = unitsWithoutZeros(hidden);
    const first = this.heads.get("sparsity");
    if (first) setHead(first, other ? definitions.nearZero : definitions.sparsity);
    this.nameThresholds(run?.config?.evaluation);
    if (this.rows.length !== hidden.length) {
      this.rows = hidden.map((layer) => new Row(layer.layer, this.theme));
      this.body.replaceChildren(...this.rows.map((row) => row.root));
    }
    this.rows.forEach((row, l) => {
      row.render(hidden[l] as LayerShape, latest?.layers[l], other);
    });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    for (const row of this.rows) row.setTheme(theme);
  }

  /** A count means little without the threshold it was made with. */
  private nameThresholds(evaluation: Experiment["evaluation"] | undefined): void {
    if (!evaluation) return;
    const add = (name: CountName, words: string) => {
      const head = this.heads.get(name);
      if (head) setHead(head, { ...definitions[name], text: `${definitions[name].text} In this run: ${words}.` });
    };
    const { dyingWindow, dormantThreshold, rareThreshold } = evaluation;
    add("dormant", `τ = ${dormantThreshold}`);
    add("rare", `fewer than ${percent(rareThreshold, 2)} of the examples`);
    add("dying", dyingWindow === undefined ? "one epoch" : counted(dyingWindow, "example", "examples"));
  }
}

class Row {
  readonly root: HTMLTableRowElement;
  private readonly name = element("th", { attributes: { scope: "row" } });
  private readonly filled = element("div", { class: "bar-filled" });
  private readonly sparsity = element("td", { class: "with-bar", data: { figure: "sparsity" } });
  private readonly sparsityText = element("span");
  private readonly cells = new Map<CountName, HTMLElement>();
  private readonly active = element("td", { data: { figure: "activeUnits" } });
  private readonly activeMean = element("span");
  private readonly activeRange = element("span", { class: "note" });

  constructor(
    private readonly layer: number,
    theme: Theme,
  ) {
    const bar = element("div", { class: "bar", attributes: { "aria-hidden": "true" } }, this.filled);
    this.sparsity.append(element("div", { class: "bar-cell" }, bar, this.sparsityText));
    this.active.append(this.activeMean, this.activeRange);
    this.root = element("tr", { data: { layer: String(layer) } }, this.name, this.sparsity);
    for (const name of counts) {
      const cell = element("td", { data: { figure: name } });
      this.cells.set(name, cell);
      this.root.append(cell);
    }
    this.root.append(this.active);
    this.setTheme(theme);
  }

  render(shape: LayerShape, figures: LayerFigures | undefined, other: string | null): void {
    setText(this.name, `${shape.layer} · ${integer(shape.units)}`);
    this.name.title = `Layer ${shape.layer}: ${counted(shape.units, `${shape.activation} unit`, `${shape.activation} units`)}`;
    const share = (other ? figures?.nearZero : figures?.sparsity) ?? null;
    setValue(this.sparsity, figures?.sparsity ?? null);
    setText(this.sparsityText, share === null ? noFigure : percent(share, 1));
    this.filled.style.width = `${(share ?? 0) * 100}%`;
    for (const [name, cell] of this.cells) {
      const value = figures?.[name] ?? null;
      setValue(cell, value);
      setText(cell, value === null ? noFigure : integer(value));
      cell.classList.toggle("zero", value === null || value === 0);
    }
    const dead = deadShare(figures, shape.units);
    this.cells.get("dead")?.classList.toggle("notable", dead !== null && dead >= notableDeadShare);
    const active = figures?.activeUnits ?? null;
    setValue(this.active, active?.mean ?? null);
    setText(this.activeMean, active ? integer(active.mean) : noFigure);
    setText(this.activeRange, active ? `${integer(active.p10)}–${integer(active.p90)}` : "");
    this.active.classList.toggle("zero", active === null);
  }

  setTheme(theme: Theme): void {
    this.filled.style.backgroundColor = layerStyle(this.layer, theme).stroke;
  }
}

function captionOf(model: DashboardModel): string {
  const { latest } = model;
  if (!latest) return "not evaluated yet";
  const set = setWords[latest.set];
  return `${set}, ${counted(latest.n, "example", "examples")}, epoch ${epochNumber(latest.epoch)}`;
}

function headCell(definition: Definition): HTMLElement {
  const cell = element("th", { attributes: { scope: "col" } });
  setHead(cell, definition);
  return cell;
}

function setHead(cell: HTMLElement, { label, text }: Definition): void {
  setText(cell, label);
  cell.title = text;
}
