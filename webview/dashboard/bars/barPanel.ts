/** A histogram with its heading, what it says to those who cannot see it, its table, and the units of the bar that was opened. */
import type { FigureTable } from "../../shared/csv.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import type { Theme } from "../../shared/theme.js";
import { UnitList } from "../../shared/unitList.js";
import { TableSection, type TableServices } from "../tableSection.js";
import { BarChart, type BarContent, type BarLook } from "./barChart.js";

export interface BarPanelContent extends BarContent {
  title: string;
  caption: string;
  summary: string;
  table(): FigureTable;
}

/** Units that are listed have pages where there is `openUnit`. */
type BarServices = TableServices & { openUnit?(layer: number, unit: number): void };

export class BarPanel {
  readonly root: HTMLElement;
  private readonly heading = element("h2");
  private readonly caption = element("span", { class: "caption" });
  private readonly chart: BarChart;
  private readonly listTitle = element("strong");
  private readonly list: UnitList;
  private readonly opened: HTMLElement;
  private readonly table: TableSection;
  private content: BarPanelContent | null = null;
  /** Index of the bar whose units are listed. */
  private open: number | null = null;

  constructor(name: string, theme: Theme, services: BarServices) {
    this.chart = new BarChart(
      theme,
      (words) => setText(this.caption, words ?? this.content?.caption ?? ""),
      (index) => this.setOpen(index),
    );
    this.table = new TableSection(name, services);
    this.list = new UnitList(services.openUnit);
    const close = element("button", {
      class: "icon-button codicon codicon-close",
      attributes: { type: "button", "aria-label": t("Close") },
    });
    close.addEventListener("click", () => {
      this.setOpen(null);
      this.chart.root.focus();
    });
    this.opened = element(
      "div",
      { class: "opened-bar", data: { openedBar: "" } },
      element("div", { class: "opened-head" }, this.listTitle, close),
      this.list.root,
    );
    this.opened.hidden = true;
    this.root = element(
      "section",
      { class: "panel", data: { histogram: name } },
      element("div", { class: "panel-head" }, this.heading, this.caption),
      this.chart.root,
      this.opened,
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
    if (this.open !== null) this.drawOpen({ anew: false });
  }

  setTheme(theme: Theme): void {
    this.chart.setTheme(theme);
  }

  /** What was opened is closed, since it was of something else. */
  close(): void {
    this.setOpen(null);
  }

  private setOpen(index: number | null): void {
    this.open = index === this.open ? null : index;
    this.drawOpen({ anew: true });
  }

  private drawOpen({ anew }: { anew: boolean }): void {
    const bar = this.open === null ? undefined : this.bar(this.open);
    const units = bar?.units?.() ?? [];
    this.opened.hidden = units.length === 0;
    if (!bar || units.length === 0) return;
    setText(this.listTitle, bar.words);
    this.list.render(bar.words, units, { anew });
  }

  private bar(index: number): BarLook | undefined {
    const { leading = [], bars = [] } = this.content ?? {};
    return [...leading, ...bars][index];
  }
}
