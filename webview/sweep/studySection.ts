/** Beside the paper: each published row with what this sweep's trials came to, and every way in which they differ from the paper's. */
import { paramsText } from "../../src/common/paramsText.js";
import { hasBands, type StudyReport, type StudyRow } from "../../src/common/studyReport.js";
import {
  absence,
  deviationWords,
  figureName,
  figureText,
  meanText,
  publishedWords,
  rowName,
  sourceWords,
  studyTitle,
} from "../../src/common/studyWords.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { integer, language, locale, noFigure, percent } from "../shared/numbers.js";
import { svg } from "../shared/svg.js";
import { readTheme } from "../shared/theme.js";
import type { SweepModel } from "./model.js";
import { scaleOf } from "./scale.js";

const strip = { width: 120, height: 22, inset: 8 };

export class StudySection {
  readonly root: HTMLElement;
  private readonly title = element("h2");
  private readonly caption = element("span", { class: "caption" });
  private readonly head = element("tr");
  private readonly body = element("tbody");
  private readonly legend = element("div", { class: "legend" });
  private readonly deviations = element("ul", { class: "deviations", data: { field: "deviations" } });
  private readonly differences: HTMLElement;
  private drawn = -1;
  private report: StudyReport | null = null;

  constructor() {
    const table = element(
      "table",
      { class: "study", attributes: { "aria-label": t("Beside the paper") } },
      element("thead", {}, this.head),
      this.body,
    );
    const scroller = element(
      "div",
      { class: "scroller", attributes: { tabindex: "0", role: "region", "aria-label": t("Beside the paper") } },
      table,
    );
    this.differences = element(
      "div",
      { class: "column" },
      element("div", {}, element("h3", {}, t("What differs from the paper")), this.deviations),
    );
    this.root = element(
      "section",
      { class: "panel study-panel", data: { field: "study" } },
      element("div", { class: "panel-head" }, element("div", { class: "head-words" }, this.title, this.caption)),
      element(
        "div",
        { class: "columns" },
        element("div", { class: "column" }, element("div", {}, scroller, this.legend)),
        this.differences,
      ),
    );
  }

  render({ study, revision }: SweepModel): void {
    this.root.hidden = study === null;
    if (!study || revision === this.drawn) return;
    this.drawn = revision;
    this.report = study;
    setText(this.title, studyTitle(study.id, language));
    setText(this.caption, `${sourceWords(study.source, language)} · ${figureName(study.figure, language)}`);
    this.draw();
    this.deviations.replaceChildren(
      ...study.deviations.map((deviation) => element("li", {}, deviationWords(deviation, language))),
    );
    this.differences.hidden = study.deviations.length === 0;
  }

  repaint(): void {
    this.draw();
  }

  private draw(): void {
    const { report } = this;
    if (!report) return;
    const { rows, figure } = report;
    const zeros = rows.some((row) => row.zeros !== null || row.publishedZeros !== undefined);
    const values = rows.flatMap(({ published, ours }) => [published ?? [], ours?.mean ?? []].flat());
    const drawn = rows.some(({ published }) => published !== null) && new Set(values).size > 1;
    const scale = drawn ? scaleOf(values, false) : null;
    const heads: [string, string, string][] = [
      [t("Network"), "", ""],
      [t("Published"), t("{0} in the paper", figureName(figure, language)), ""],
      [t("Ours"), whichOurs(rows, figure), ""],
      ...(scale ? ([["", "", "strip-cell"]] as [string, string, string][]) : []),
      ...(zeros
        ? ([
            [t("Zeros, published"), t("Share of exact zeros, mean over the hidden layers"), "wide"],
            [t("Zeros, ours"), t("Share of exact zeros, mean over the hidden layers"), "wide"],
          ] as [string, string, string][])
        : []),
      [t("Trials"), t("How many have finished"), "wide"],
    ];
    this.head.replaceChildren(
      ...heads.map(([label, title, name]) =>
        label
          ? element("th", { class: name, attributes: { scope: "col", ...(title && { title }) } }, label)
          : element("td", { class: name }),
      ),
    );
    this.body.replaceChildren(...rows.map((row) => this.row(row, figure, scale, zeros)));
    this.legend.hidden = scale === null;
    if (scale)
      this.legend.replaceChildren(
        element("span", { class: "key" }, glyph(false), t("published")),
        element("span", { class: "key" }, glyph(true), t("ours")),
      );
  }

  private row(row: StudyRow, figure: StudyReport["figure"], scale: ReturnType<typeof scaleOf> | null, zeros: boolean) {
    const { ours, published, publishedZeros, chosen, done, of } = row;
    const missing = absence(row, language);
    const choice = paramsText(chosen);
    const name = element("th", { attributes: { scope: "row" } }, rowName(row, language));
    if (choice) name.append(element("span", { class: "row-note" }, t("chosen: {0}", choice)));
    const own = element("td", { data: { column: "ours", ...(ours && { value: String(ours.mean) }) } });
    if (ours) own.append(meanText(ours, figure, locale));
    if (missing) own.append(element("span", { class: "row-note" }, missing));
    const share = (value: number | null | undefined) => (typeof value === "number" ? percent(value, 1) : noFigure);
    const cells = [
      element(
        "td",
        { data: { column: "published" }, class: published === null ? "words" : "" },
        publishedWords(row, figure, language),
      ),
      own,
      ...(scale ? [element("td", { class: "strip-cell" }, stripOf(row, figure, scale))] : []),
      ...(zeros
        ? [
            element("td", { class: "wide" }, share(publishedZeros)),
            element("td", { class: "wide", data: { column: "zeros" } }, share(row.zeros)),
          ]
        : []),
      element(
        "td",
        { class: "wide", data: { column: "trials" } },
        of === 0 ? noFigure : row.band ? integer(done) : t("{0} of {1}", integer(done), integer(of)),
      ),
    ];
    return element("tr", { class: of === 0 && !ours ? "absent" : "" }, name, ...cells);
  }
}

/** Both figures on one scale: a hollow diamond as published, a dot as ours. */
function stripOf({ published, ours }: StudyRow, figure: StudyReport["figure"], scale: ReturnType<typeof scaleOf>) {
  const { width, height, inset } = strip;
  const place = (value: number) => inset + scale.at(value) * (width - 2 * inset);
  const middle = height / 2;
  const { grid } = readTheme();
  const words = [
    ...(published === null ? [] : [`${t("published")} ${figureText(published, figure, locale)}`]),
    ...(ours ? [`${t("ours")} ${figureText(ours.mean, figure, locale)}`] : []),
  ];
  const box = svg("svg", { class: "strip", width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  box.setAttribute("aria-label", words.join(", "));
  box.append(svg("line", { x1: 0, x2: width, y1: middle, y2: middle, stroke: grid }));
  if (published !== null) box.append(mark(false, place(published), middle));
  if (ours?.sd) {
    const [from, to] = [place(ours.mean - ours.sd), place(ours.mean + ours.sd)];
    box.append(
      svg("line", {
        x1: from,
        x2: to,
        y1: middle,
        y2: middle,
        stroke: readTheme().hues[0] as string,
        "stroke-width": 2,
      }),
    );
  }
  if (ours) box.append(mark(true, place(ours.mean), middle));
  return box;
}

function mark(own: boolean, x: number, y: number): SVGElement {
  const { foreground, background, hues } = readTheme();
  if (own) return svg("circle", { cx: x, cy: y, r: 4.5, fill: hues[0] as string });
  const size = 5.5;
  const points = [`${x},${y - size}`, `${x + size},${y}`, `${x},${y + size}`, `${x - size},${y}`].join(" ");
  return svg("polygon", { points, fill: background, stroke: foreground, "stroke-width": 1.5 });
}

function glyph(own: boolean): SVGElement {
  const box = svg("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" });
  box.append(mark(own, 7, 7));
  return box;
}

function whichOurs(rows: StudyReport["rows"], figure: StudyReport["figure"]): string {
  const name = figureName(figure, language);
  return hasBands(rows)
    ? t("{0}, mean over all networks with so many zeros", name)
    : t("{0}, of the networks with the lowest validation error", name);
}
