/** A chart with its heading, what it says to those who cannot see it, and the same figures as a table. */
import { element, setText } from "../../shared/dom.js";
import { epochNumber } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { type ChartContent, EpochChart } from "./epochChart.js";
import type { ValueScale } from "./scales.js";

export interface ChartTable {
  columns: string[];
  rows: string[][];
}

export interface PanelContent extends ChartContent {
  caption: string;
  /** Stands in place of the chart when it has nothing to draw; else null. */
  instead: string | null;
  /** Made only when somebody looks at it. */
  table(): ChartTable;
}

export interface PanelOptions {
  title: string;
  name: string;
  tall?: boolean;
  theme: Theme;
  scale: ValueScale;
  markText(value: number): string;
  nameBest?: boolean;
}

export class ChartPanel {
  readonly root: HTMLElement;
  private readonly caption = element("span", { class: "caption" });
  private readonly instead = element("p", { class: "instead" });
  private readonly plot: HTMLElement;
  private readonly details: HTMLDetailsElement;
  private readonly scroller: HTMLElement;
  private readonly chart: EpochChart;
  private readonly heading: HTMLHeadingElement;
  private content: PanelContent | null = null;
  private hoveredEpoch: number | null = null;
  private tableRows = "";

  constructor(options: PanelOptions) {
    this.heading = element("h2", {}, options.title);
    this.plot = element("div", {
      class: options.tall ? "plot plot-tall" : "plot",
      attributes: { role: "img", "aria-label": options.title },
    });
    this.scroller = element("div", {
      class: "scroller",
      attributes: { tabindex: "0", role: "region", "aria-label": `${options.title}, as a table` },
    });
    this.details = element("details", {}, element("summary", {}, "Show as table"), this.scroller);
    this.details.addEventListener("toggle", () => this.renderTable());
    this.root = element(
      "section",
      { class: "panel", data: { chart: options.name } },
      element("div", { class: "panel-head" }, this.heading, this.caption),
      this.plot,
      this.instead,
      this.details,
    );
    const hovered = (epoch: number | null) => {
      this.hoveredEpoch = epoch;
      this.renderCaption();
    };
    this.chart = new EpochChart(this.plot, options.theme, {
      scale: options.scale,
      markText: options.markText,
      nameBest: options.nameBest ?? false,
      hovered,
    });
  }

  render(content: PanelContent): void {
    this.content = content;
    this.plot.hidden = content.instead !== null;
    this.details.hidden = content.instead !== null;
    this.instead.hidden = content.instead === null;
    setText(this.instead, content.instead ?? "");
    this.renderCaption();
    if (content.instead !== null) return;
    this.chart.update(content);
    this.plot.setAttribute("aria-label", this.summary(content));
    this.renderTable();
  }

  setTitle(title: string): void {
    setText(this.heading, title);
    this.scroller.setAttribute("aria-label", `${title}, as a table`);
  }

  setTheme(theme: Theme): void {
    this.chart.setTheme(theme);
  }

  private renderCaption(): void {
    const epoch = this.hoveredEpoch;
    if (this.content?.instead) setText(this.caption, "");
    else setText(this.caption, epoch === null ? (this.content?.caption ?? "") : `epoch ${epochNumber(epoch)}`);
  }

  private summary(content: PanelContent): string {
    const ends = content.series
      .filter((series) => !series.faint)
      .map((series) => {
        const last = series.latest ?? series.values.findLast((value) => value !== null);
        return last === undefined || last === null ? "" : `${series.label} ${series.show(last)}`;
      });
    return `${this.heading.textContent}, latest: ${ends.filter(Boolean).join(", ")}`;
  }

  private renderTable(): void {
    if (!this.details.open || !this.content) return;
    const { columns, rows } = this.content.table();
    const key = JSON.stringify([columns, rows.length, rows.at(-1)]);
    if (key === this.tableRows) return;
    this.tableRows = key;
    const head = element("tr", {}, ...columns.map((name) => element("th", { attributes: { scope: "col" } }, name)));
    const body = rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))));
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
    this.scroller.replaceChildren(table);
  }
}
