/**
 * Any figure of the trials against any other: a mark a trial, or a group's mean with its standard deviation. The marks are elements, so
 * that each can be focused, read aloud and clicked; their colours come from the theme.
 */
import { paramsText } from "../../src/common/paramsText.js";
import type { SweepRecord, TrialRecord } from "../../src/common/sweepRecord.js";
import type { SweepGroup, SweepSummary } from "../../src/common/sweepSummary.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { svg } from "../shared/svg.js";
import { readTheme, type Theme } from "../shared/theme.js";
import { onWidth } from "../shared/width.js";
import { axisLabel, axisText, type Figure, seriesAxis } from "./figures.js";
import { type Scale, scaleOf } from "./scale.js";

const height = 300;
const room = { left: 66, right: 14, top: 10, bottom: 40 };

interface Mark {
  /** Trials to open: of a group the first. */
  number: number;
  x: number;
  y: number;
  sdX: number | null;
  sdY: number | null;
  series: number;
  kind: "trial" | "mean";
  /** Partly trained. */
  hollow: boolean;
  chosen: boolean;
  words: string;
}

export interface ScatterContent {
  record: SweepRecord;
  summary: SweepSummary;
  x: Figure;
  y: Figure;
  means: boolean;
}

export class Scatter {
  readonly root: HTMLElement;
  private readonly svg = svg("svg", { class: "scatter", role: "group" });
  private readonly words = element("p", { class: "scatter-words" });
  private readonly legend = element("div", { class: "legend" });
  private readonly empty = element("p", { class: "instead scatter-empty" });
  private content: ScatterContent | null = null;
  private theme: Theme = readTheme();
  private marks: SVGElement[] = [];
  /** Which trial's mark has the tab stop. */
  private current = -1;
  private width = 0;

  /** @param open shows the run of a trial */
  constructor(private readonly open: (number: number) => void) {
    this.root = element("div", { class: "scatter-box" });
    this.root.append(this.svg, this.empty, this.words, this.legend);
    this.svg.addEventListener("keydown", (event) => this.press(event as KeyboardEvent));
    onWidth(this.root, (width) => {
      this.width = width;
      this.draw();
    });
  }

  render(content: ScatterContent): void {
    this.content = content;
    this.draw();
  }

  repaint(): void {
    this.theme = readTheme();
    this.draw();
  }

  private draw(): void {
    const { content, width } = this;
    if (!content || width < 80) return;
    const { x, y } = content;
    const marks = marksOf(content);
    const drawn = marks.flatMap(({ x, y, sdX, sdY }) => [
      { x: x - (sdX ?? 0), y: y - (sdY ?? 0) },
      { x: x + (sdX ?? 0), y: y + (sdY ?? 0) },
    ]);
    const inner = { width: width - room.left - room.right, height: height - room.top - room.bottom };
    const scaleX = scaleOf(
      drawn.map((at) => at.x),
      x.isAxis,
      Math.max(2, Math.floor(inner.width / 80)),
    );
    const scaleY = scaleOf(
      drawn.map((at) => at.y),
      y.isAxis,
    );
    const place = {
      x: (value: number) => room.left + scaleX.at(value) * inner.width,
      y: (value: number) => room.top + (1 - scaleY.at(value)) * inner.height,
    };
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("width", String(width));
    this.svg.setAttribute("height", String(height));
    this.svg.setAttribute("aria-label", t("{0} against {1}", y.label, x.label));
    const hadFocus = this.svg.contains(document.activeElement);
    this.marks = marks.map((mark) => this.mark(mark, place));
    // single trials lie above the means: they are smaller, and would not be reached
    const layers = ["mean", "trial"].flatMap((kind) => this.marks.filter((_, i) => marks[i]?.kind === kind));
    this.svg.replaceChildren(...this.frame(place, scaleX, scaleY, inner), ...layers);
    this.empty.hidden = marks.length > 0;
    setText(this.empty, t("No trial has these figures yet. The first appears as soon as it has been trained."));
    const at = Math.max(
      0,
      marks.findIndex(({ number, kind }) => number === this.current && kind === (content.means ? kind : "trial")),
    );
    this.marks[at]?.setAttribute("tabindex", "0");
    if (hadFocus) (this.marks[at] as SVGElement | undefined)?.focus();
    if (!hadFocus) setText(this.words, marks.length > 0 ? t("Click a mark to open its run.") : "");
    this.drawLegend(content, marks);
  }

  private frame(
    place: { x(value: number): number; y(value: number): number },
    scaleX: Scale,
    scaleY: Scale,
    inner: { width: number; height: number },
  ): SVGElement[] {
    const { x, y } = this.content as ScatterContent;
    const { grid, gridDash, dim, foreground } = this.theme;
    const bottom = room.top + inner.height;
    const dash = gridDash.join(" ");
    const parts: SVGElement[] = [];
    for (const tick of scaleX.ticks) {
      const at = place.x(tick).toFixed(1);
      parts.push(svg("line", { x1: at, x2: at, y1: room.top, y2: bottom, stroke: grid, "stroke-dasharray": dash }));
      parts.push(text(x.tick(tick, scaleX.step), { x: at, y: bottom + 15, fill: dim, "text-anchor": "middle" }));
    }
    for (const tick of scaleY.ticks) {
      const at = place.y(tick).toFixed(1);
      parts.push(
        svg("line", {
          x1: room.left,
          x2: room.left + inner.width,
          y1: at,
          y2: at,
          stroke: grid,
          "stroke-dasharray": dash,
        }),
      );
      parts.push(
        text(y.tick(tick, scaleY.step), { x: room.left - 6, y: Number(at) + 4, fill: dim, "text-anchor": "end" }),
      );
    }
    parts.push(
      text(x.label, { x: room.left + inner.width / 2, y: height - 6, fill: foreground, "text-anchor": "middle" }),
    );
    const middle = room.top + inner.height / 2;
    parts.push(
      text(y.label, {
        x: 11,
        y: middle,
        fill: foreground,
        "text-anchor": "middle",
        transform: `rotate(-90 11 ${middle})`,
      }),
    );
    for (const part of parts) part.setAttribute("aria-hidden", "true");
    return parts;
  }

  private mark(mark: Mark, place: { x(value: number): number; y(value: number): number }): SVGElement {
    const colour = this.theme.hues[mark.series % this.theme.hues.length] as string;
    const [x, y] = [place.x(mark.x), place.y(mark.y)];
    const data = { "data-trial": mark.number, "data-kind": mark.kind };
    const group = svg("g", {
      class: `mark mark-${mark.kind}`,
      role: "button",
      tabindex: "-1",
      "aria-label": mark.words,
      ...data,
    });
    const bar = (from: readonly [number, number], to: readonly [number, number]) =>
      svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: colour, "stroke-width": 1.5 });
    if (mark.sdY) group.append(bar([x, place.y(mark.y - mark.sdY)], [x, place.y(mark.y + mark.sdY)]));
    if (mark.sdX) group.append(bar([place.x(mark.x - mark.sdX), y], [place.x(mark.x + mark.sdX), y]));
    const size = mark.kind === "mean" ? 6 : 4.5;
    const fill = mark.hollow ? this.theme.background : colour;
    if (mark.chosen)
      group.append(
        svg("circle", { cx: x, cy: y, r: size + 4, fill: "none", stroke: this.theme.foreground, "stroke-width": 1.5 }),
      );
    group.append(
      svg("circle", { class: "mark-target", cx: x, cy: y, r: mark.kind === "mean" ? 11 : 8, fill: "transparent" }),
    );
    group.append(
      shape(mark.series, x, y, size, {
        fill,
        stroke: mark.hollow ? colour : this.theme.background,
        "stroke-width": mark.hollow ? 1.5 : 1,
      }),
    );
    group.addEventListener("click", () => this.open(mark.number));
    for (const event of ["focus", "pointerenter"]) group.addEventListener(event, () => this.say(mark));
    return group;
  }

  private say({ words, number }: Mark): void {
    this.current = number;
    setText(this.words, words);
  }

  private press(event: KeyboardEvent): void {
    const at = this.marks.indexOf(document.activeElement as unknown as SVGElement);
    if (at < 0) return;
    const last = this.marks.length - 1;
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[
      event.key
    ];
    if (next !== undefined) {
      event.preventDefault();
      const target = this.marks[Math.min(last, Math.max(0, next))];
      for (const mark of this.marks) mark.setAttribute("tabindex", mark === target ? "0" : "-1");
      target?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.open(Number(this.marks[at]?.getAttribute("data-trial")));
    }
  }

  private drawLegend({ record }: ScatterContent, marks: readonly Mark[]): void {
    const axis = seriesAxis(record);
    const keys: Element[] = [];
    const sample = (series: number, hollow: boolean) => {
      const colour = this.theme.hues[series % this.theme.hues.length] as string;
      const box = svg("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" });
      box.append(
        shape(series, 6, 6, 4.5, {
          fill: hollow ? this.theme.background : colour,
          stroke: colour,
          "stroke-width": 1.5,
        }),
      );
      return box;
    };
    if (axis)
      for (const [index, value] of seriesValues(record, axis).entries())
        keys.push(element("span", { class: "key" }, sample(index, false), `${axisLabel(axis)} ${value}`));
    if (marks.some(({ hollow }) => hollow))
      keys.push(element("span", { class: "key" }, sample(0, true), t("stopped before its end")));
    if (marks.some(({ kind }) => kind === "mean"))
      keys.push(
        element("span", { class: "key" }, this.glyph(true), t("mean ± standard deviation over seeds and folds")),
      );
    if (marks.some(({ chosen }) => chosen))
      keys.push(element("span", { class: "key" }, this.glyph(false), t("lowest validation error, or selected")));
    this.legend.replaceChildren(...keys);
    this.legend.hidden = keys.length === 0;
  }

  /** A mean with its bars, or the ring around what was chosen. */
  private glyph(mean: boolean): SVGElement {
    const box = svg("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" });
    const { foreground, hues } = this.theme;
    const colour = hues[0] as string;
    if (mean) {
      box.append(svg("line", { x1: 8, x2: 8, y1: 0, y2: 16, stroke: colour, "stroke-width": 1.5 }));
      box.append(svg("circle", { cx: 8, cy: 8, r: 4.5, fill: colour }));
    } else box.append(svg("circle", { cx: 8, cy: 8, r: 6.5, fill: "none", stroke: foreground, "stroke-width": 1.5 }));
    return box;
  }
}

/** From left to right, the means above the trials. */
function marksOf({ record, summary, x, y, means }: ScatterContent): Mark[] {
  const axis = seriesAxis(record);
  const values = axis ? seriesValues(record, axis) : [];
  const seriesOf = (params: TrialRecord["params"]) => (axis ? Math.max(0, values.indexOf(axisText(params[axis]))) : 0);
  const both = (one: string, other: string) => `${x.label} ${one}, ${y.label} ${other}`;
  const grouped = means && summary.groups.some(({ n }) => n > 1);
  const groupOf = new Map(summary.groups.flatMap((group) => group.trials.map((number) => [number, group] as const)));
  const trials = record.trials.flatMap((trial): Mark[] => {
    const [atX, atY] = [x.of(trial), y.of(trial)];
    if (atX === null || atY === null || !trial.result) return [];
    const group = groupOf.get(trial.number);
    const alone = !grouped && (group?.n ?? 0) === 1;
    const words = `${paramsText(trial.params) || t("Trial {0}", trial.number)}: ${both(x.show(atX), y.show(atY))}`;
    return [
      {
        number: trial.number,
        x: atX,
        y: atY,
        sdX: null,
        sdY: null,
        series: seriesOf(trial.params),
        kind: "trial",
        hollow: trial.state !== "finished",
        chosen: alone && isChosen(group),
        words,
      },
    ];
  });
  const groups = (grouped ? summary.groups : []).flatMap((group): Mark[] => {
    const [atX, atY] = [x.ofGroup(group), y.ofGroup(group)];
    const [first] = group.trials;
    if (!atX || !atY || group.n === 0 || first === undefined) return [];
    const shown = (figure: Figure, { mean, sd }: { mean: number; sd: number | null }) =>
      sd === null ? figure.show(mean) : `${figure.show(mean)} ± ${figure.show(sd)}`;
    const words = t(
      "{0}: {1} (mean of {2})",
      paramsText(group.params) || t("All trials"),
      both(shown(x, atX), shown(y, atY)),
      group.n,
    );
    return [
      {
        number: first,
        x: atX.mean,
        y: atY.mean,
        sdX: atX.sd,
        sdY: atY.sd,
        series: seriesOf(group.params),
        kind: "mean",
        hollow: false,
        chosen: isChosen(group),
        words,
      },
    ];
  });
  const byX = (a: Mark, b: Mark) => a.x - b.x || a.y - b.y;
  return [...trials.sort(byX), ...groups.sort(byX)];
}

function isChosen(group: SweepGroup | undefined): boolean {
  return group !== undefined && (group.best || group.selected);
}

function seriesValues({ trials }: SweepRecord, axis: string): string[] {
  return [...new Set(trials.map(({ params }) => axisText(params[axis])))];
}

/** Circle, square, triangle, diamond, hexagon: told apart without colour. */
function shape(
  series: number,
  x: number,
  y: number,
  size: number,
  attributes: Record<string, string | number>,
): SVGElement {
  const corners = [0, 4, 3, 4, 6][series % 5] as number;
  if (corners === 0) return svg("circle", { cx: x, cy: y, r: size, ...attributes });
  const turn = [0, Math.PI / 4, -Math.PI / 2, 0, 0][series % 5] as number;
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners;
    return `${(x + 1.2 * size * Math.cos(angle)).toFixed(1)},${(y + 1.2 * size * Math.sin(angle)).toFixed(1)}`;
  });
  return svg("polygon", { points: points.join(" "), ...attributes });
}

function text(words: string, attributes: Record<string, string | number>): SVGElement {
  const made = svg("text", attributes);
  made.textContent = words;
  return made;
}
