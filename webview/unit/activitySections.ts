/** What a unit gives on the validation set: its outputs, the examples and classes that excite it, and units that fire with it. */
import { isMissing, type TopExample, type UnitActivity, type UnitReport } from "../../src/common/unitReport.js";
import { BarPanel, type BarPanelContent } from "../dashboard/bars/barPanel.js";
import { layerStyle } from "../dashboard/charts/seriesStyle.js";
import type { ChartServices } from "../dashboard/services.js";
import { TableSection } from "../dashboard/tableSection.js";
import { roundMarks } from "../dashboard/units/evenBins.js";
import { setWords } from "../dashboard/wording.js";
import type { Cell } from "../shared/csv.js";
import { element } from "../shared/dom.js";
import { bytesOf, exampleCanvas } from "../shared/exampleCanvas.js";
import { t } from "../shared/l10n.js";
import { compact, counted, epochNumber, integer, noFigure, percent, significant } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { UnitList, unitName } from "../shared/unitList.js";
import { Section } from "./section.js";
import { missingTitles } from "./wording.js";

export class ActivitySections {
  readonly histogram: BarPanel;
  readonly examples = new Section("examples", t("Top activating examples"));
  readonly classes = new Section("classes", t("Firing by class"));
  readonly similar = new Section("similar", t("Units that fire with it"));
  private readonly examplesTable: TableSection;
  private readonly similarList: UnitList;
  private shown: { report: UnitReport; revision: string; waiting: string } | null = null;

  constructor(
    private theme: Theme,
    services: ChartServices,
    open: (layer: number, unit: number) => void,
  ) {
    this.histogram = new BarPanel("activation", theme, services);
    this.examplesTable = new TableSection("examples", services);
    this.examplesTable.setTitle(t("Top activating examples"));
    this.similarList = new UnitList(open);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.histogram.setTheme(theme);
    const { shown } = this;
    if (shown) this.render(shown.report, shown.revision, shown.waiting);
  }

  /** @param waiting what stands in place of what is not there yet */
  render(report: UnitReport, revision: string, waiting: string): void {
    this.shown = { report, revision, waiting };
    const { activity } = report;
    const known = activity !== null && !isMissing(activity);
    // of a unit that never fires there is nothing to be drawn
    const fires = known && activity.fires !== 0;
    for (const { root } of [this.histogram, this.classes, this.similar]) root.hidden = !fires;
    if (!known || !fires) {
      if (activity === null) this.examples.showInstead(waiting);
      else if (!known) this.examples.showInstead(missingTitles[activity.missing], activity.message);
      else this.examples.showInstead(t("It fires on none of {0}: no example excites it.", sampleText(activity)));
      return;
    }
    this.histogram.render(histogramOf(activity, report.unit.layer, this.theme), revision);
    this.renderExamples(activity, revision);
    this.renderClasses(activity);
    this.renderSimilar(activity, report);
  }

  private renderExamples(activity: UnitActivity, revision: string): void {
    const { top, classes, imageShape } = activity;
    const named = (label: number) => classes[label]?.name ?? String(label);
    const items = top.map((example) => exampleOf(example, named(example.label), imageShape));
    this.examplesTable.render(revision, () => ({
      columns: [t("Example"), t("Class"), t("Activation")],
      rows: top.map(({ example, label, activation }) => [
        { text: integer(example), value: example },
        { text: named(label), value: named(label) },
        { text: compact(activation), value: activation },
      ]),
    }));
    const list = element("ul", { class: imageShape ? "examples" : "examples texts" }, ...items);
    this.examples.show(sampleText(activity), list, this.examplesTable.root);
  }

  private renderClasses(activity: UnitActivity): void {
    const { classes, fires } = activity;
    const measure = ({ fires: count, n, mean }: (typeof classes)[number]) =>
      count === null ? mean : n > 0 ? count / n : 0;
    const most = Math.max(...classes.map((one) => Math.abs(measure(one))), Number.MIN_VALUE);
    const rows = classes.map((one) => {
      const filled = element("span", { class: "bar-filled" });
      filled.style.width = `${((100 * Math.abs(measure(one))) / most).toFixed(1)}%`;
      const cells = [
        one.fires === null ? noFigure : one.n > 0 ? percent(one.fires / one.n, 1) : noFigure,
        one.fires === null ? integer(one.n) : t("{0} of {1}", integer(one.fires), integer(one.n)),
        compact(one.mean),
      ];
      return element(
        "tr",
        { data: { class: String(one.label) } },
        element("th", { attributes: { scope: "row", title: one.name } }, one.name),
        element(
          "td",
          { class: "class-bar" },
          element("span", { class: "bar", attributes: { "aria-hidden": "true" } }, filled),
        ),
        ...cells.map((text) => element("td", {}, text)),
      );
    });
    const heads = ["", t("Fires on"), t("Examples"), t("Mean activation")].map((text) =>
      text ? element("th", { attributes: { scope: "col" } }, text) : element("td"),
    );
    const table = element(
      "table",
      { class: "classes" },
      element("thead", {}, element("tr", {}, element("th", { attributes: { scope: "col" } }, t("Class")), ...heads)),
      element("tbody", {}, ...rows),
    );
    const attributes = { tabindex: "0", role: "region", "aria-label": t("Firing by class") };
    const caption = fires === null ? t("bars: mean activation") : t("bars: share of the class that it fires on");
    this.classes.show(`${caption} · ${sampleText(activity)}`, element("div", { class: "scroller", attributes }, table));
  }

  private renderSimilar({ similar }: UnitActivity, { unit }: UnitReport): void {
    const { measure, n, units } = similar;
    const what =
      measure === "jaccard"
        ? t("examples that both fire on, of those that either fires on")
        : t("correlation of their outputs");
    if (units.length === 0) {
      this.similar.showInstead(t("No other unit of the layer fires on any example that it fires on."));
      return;
    }
    this.similarList.render(
      t("Units that fire with it"),
      units.map(({ unit: other, similarity }) => ({
        place: { layer: unit.layer, unit: other },
        name: unitName(unit.layer, other),
        dead: false,
        words: percent(similarity, 0),
        bar: similarity,
      })),
    );
    this.similar.show(`${what} · ${counted(n, "{0} example", "{0} examples")}`, this.similarList.root);
  }
}

function histogramOf(activity: UnitActivity, layer: number, theme: Theme): BarPanelContent {
  const { histogram, fires, n, checkpoint } = activity;
  const { from, width, counts, zeros } = histogram;
  const [low, high] = [from, from + Math.max(1, counts.length) * width];
  const range = (bin: number) => `${significant(from + bin * width)} … ${significant(from + (bin + 1) * width)}`;
  const title = t("Activation histogram");
  const zeroText = t("{0} exactly zero, not drawn", counted(zeros, "{0} example", "{0} examples"));
  const caption = [
    ...(fires === null ? [] : [zeroText]),
    t("{0}, epoch {1}", sampleText(activity), epochNumber(checkpoint.epoch)),
  ].join(" · ");
  const cell = (value: number): Cell => ({ text: significant(value), value });
  const { stroke } = layerStyle(layer, theme);
  return {
    title,
    caption,
    summary: `${title}: ${caption}`,
    leading: [],
    bars: counts.map((count, bin) => ({
      from: bin / counts.length,
      to: (bin + 1) / counts.length,
      count,
      fill: stroke,
      words: t("{0} from {1}", counted(count, "{0} example", "{0} examples"), range(bin)),
    })),
    marks: roundMarks(low, high, 6).map((value) => ({ at: (value - low) / (high - low), text: significant(value) })),
    lines: [],
    table: () => ({
      columns: [t("From"), t("To"), t("Examples"), t("Share")],
      rows: [
        ...(fires === null ? [] : [[cell(0), cell(0), countCell(zeros), shareCell(zeros / n)]]),
        ...counts.map((count, bin) => [
          cell(from + bin * width),
          cell(from + (bin + 1) * width),
          countCell(count),
          shareCell(count / n),
        ]),
      ],
    }),
  };
}

function exampleOf(
  { example, activation, picture, terms }: TopExample,
  name: string,
  shape: UnitActivity["imageShape"],
): HTMLElement {
  const words = [
    element("span", { class: "example-value" }, compact(activation)),
    element("span", { class: "note", attributes: { title: name } }, name),
  ];
  if (picture !== null && shape) {
    const canvas = exampleCanvas(bytesOf(picture), shape.rows / shape.planes, shape.columns, shape.planes);
    canvas.setAttribute(
      "aria-label",
      t("Example {0} of class {1}, activation {2}", example, name, compact(activation)),
    );
    return element("li", { data: { example: String(example) } }, canvas, ...words);
  }
  const texts = terms?.map((term) => element("span", { class: "term" }, term)) ?? [];
  const title = element("span", { class: "note" }, t("example {0}", integer(example)));
  return element(
    "li",
    { data: { example: String(example) } },
    element("span", { class: "example-head" }, ...words, title),
    ...(texts.length > 0 ? [element("span", { class: "example-terms" }, ...texts)] : []),
  );
}

function sampleText({ set, n }: UnitActivity): string {
  return t("{0} {1} examples", integer(n), setWords[set]);
}

function countCell(count: number): Cell {
  return { text: integer(count), value: count };
}

function shareCell(share: number): Cell {
  return { text: percent(share, 1), value: share };
}
