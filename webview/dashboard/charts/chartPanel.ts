/** A chart with its heading, what it says to those who cannot see it, and the same figures as a table. */
import type { FigureTable } from "../../shared/csv.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { epochNumber } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import type { ChartServices } from "../services.js";
import { TableSection } from "../tableSection.js";
import { type ChartContent, EpochChart } from "./epochChart.js";
import type { ValueScale } from "./scales.js";
import { epochDigits, shownEpochs } from "./zoom.js";

export interface PanelContent extends Omit<ChartContent, "scale"> {
  caption: string;
  /** Stands in place of the chart when it has nothing to draw; else null. */
  instead: string | null;
  /** Differs when the table does. */
  revision: string;
  /** Made only when somebody looks at it. */
  table(): FigureTable;
}

export interface PanelOptions {
  title: string;
  name: string;
  tall?: boolean;
  theme: Theme;
  scale: ValueScale;
  /** The same axis the other way, for those who switch; `scale` is the logarithmic one then. */
  linear?: ValueScale;
  travel(epoch: number): void;
  markText(value: number): string;
  namesMarks?: boolean;
}

export class ChartPanel {
  readonly root: HTMLElement;
  private readonly caption = element("span", { class: "caption" });
  private readonly instead = element("p", { class: "instead" });
  private readonly plot: HTMLElement;
  private readonly table: TableSection;
  private readonly logarithmic: HTMLButtonElement;
  private readonly chart: EpochChart;
  private readonly heading: HTMLHeadingElement;
  private content: PanelContent | null = null;
  private hoveredEpoch: number | null = null;

  constructor(
    private readonly options: PanelOptions,
    private readonly services: ChartServices,
  ) {
    const { view } = services;
    this.heading = element("h2", {}, options.title);
    this.plot = element("div", {
      class: options.tall ? "plot plot-tall" : "plot",
      attributes: {
        tabindex: "0",
        role: "application",
        "aria-roledescription": t("chart"),
        "aria-label": options.title,
      },
    });
    this.logarithmic = element("button", {
      class: "switch",
      attributes: { type: "button", title: t("Logarithmic axis") },
      data: { action: "logarithmic" },
    });
    setText(this.logarithmic, t("log"));
    this.logarithmic.hidden = !options.linear;
    this.logarithmic.addEventListener("click", () => view.setLogarithmic(options.name, !this.isLogarithmic));
    this.table = new TableSection(options.name, services);
    this.table.setTitle(options.title);
    this.root = element(
      "section",
      { class: "panel", data: { chart: options.name } },
      element(
        "div",
        { class: "panel-head" },
        this.heading,
        element("div", { class: "head-words" }, this.caption, this.logarithmic),
      ),
      this.plot,
      this.instead,
      this.table.root,
    );
    const hovered = (epoch: number | null) => {
      this.hoveredEpoch = epoch;
      this.renderCaption();
    };
    this.chart = new EpochChart(this.plot, options.theme, {
      markText: options.markText,
      namesMarks: options.namesMarks ?? false,
      hovered,
      zoomed: (zoom) => view.setZoom(zoom),
      travelled: (epoch) => options.travel(epoch),
      said: (words) => services.say(words),
    });
  }

  render(content: PanelContent): void {
    this.content = content;
    this.plot.hidden = content.instead !== null;
    this.table.root.hidden = content.instead !== null;
    this.logarithmic.hidden = content.instead !== null || !this.options.linear;
    this.logarithmic.setAttribute("aria-pressed", String(this.isLogarithmic));
    this.instead.hidden = content.instead === null;
    setText(this.instead, content.instead ?? "");
    this.renderCaption();
    if (content.instead !== null) return;
    const { scale, linear } = this.options;
    this.chart.update({ ...content, scale: this.isLogarithmic ? scale : (linear ?? scale) });
    const summary = this.summary(content);
    if (this.plot.getAttribute("aria-label") !== summary) this.plot.setAttribute("aria-label", summary);
    this.table.render(content.revision, () => content.table());
  }

  /** In pixels; 0 while it is not shown. */
  get plotWidth(): number {
    return this.plot.clientWidth;
  }

  setTitle(title: string): void {
    setText(this.heading, title);
    this.table.setTitle(title);
  }

  /** A hundredth of what is shown can be told. */
  private get digits(): number {
    const [from, to] = shownEpochs(this.content?.zoom ?? null, this.content?.lastEpoch ?? 1);
    return epochDigits((to - from) / 100);
  }

  private get isLogarithmic(): boolean {
    return this.services.view.state.logarithmic[this.options.name] ?? this.options.scale.logarithmic;
  }

  setTheme(theme: Theme): void {
    this.chart.setTheme(theme);
  }

  private renderCaption(): void {
    const epoch = this.hoveredEpoch;
    if (this.content?.instead) setText(this.caption, "");
    else if (epoch === null) setText(this.caption, this.content?.caption ?? "");
    else {
      const phase = this.content?.phases.findLast((one) => one.epoch <= epoch);
      setText(this.caption, [t("epoch {0}", epochNumber(epoch, this.digits)), phase?.name].filter(Boolean).join(" · "));
    }
  }

  private summary(content: PanelContent): string {
    const ends = content.series
      .filter((series) => !series.faint)
      .map((series) => {
        const last = series.latest ?? series.values.findLast((value) => value !== null);
        return last === undefined || last === null ? "" : `${series.label} ${series.show(last)}`;
      });
    return t("{0}, latest: {1}", this.heading.textContent ?? "", ends.filter(Boolean).join(", "));
  }
}
