/** A histogram with its heading, what it says to those who cannot see it, and its table. */
import type { FigureTable } from "../../shared/csv.js";
import { element, setText } from "../../shared/dom.js";
import type { Theme } from "../../shared/theme.js";
import { TableSection, type TableServices } from "../tableSection.js";
import { BarChart, type BarContent } from "./barChart.js";

export interface BarPanelContent extends BarContent {
  title: string;
  caption: string;
  summary: string;
  table(): FigureTable;
}

export class BarPanel {
  readonly root: HTMLElement;
  private readonly heading = element("h2");
  private readonly caption = element("span", { class: "caption" });
  private readonly chart: BarChart;
  private readonly table: TableSection;
  private content: BarPanelContent | null = null;

  constructor(name: string, theme: Theme, services: TableServices) {
    this.chart = new BarChart(theme, (words) => setText(this.caption, words ?? this.content?.caption ?? ""));
    this.table = new TableSection(name, services);
    this.root = element(
      "section",
      { class: "panel", data: { histogram: name } },
      element("div", { class: "panel-head" }, this.heading, this.caption),
      this.chart.root,
      this.table.root,
    );
  }

  /** @param revision differs when the content does */
  render(content: BarPanelContent, revision: string): void {
    this.content = content;
    setText(this.heading, content.title);
    setText(this.caption, content.caption);
    this.chart.render(content, content.summary);
    this.table.setTitle(content.title);
    this.table.render(revision, () => content.table());
  }

  setTheme(theme: Theme): void {
    this.chart.setTheme(theme);
  }
}
