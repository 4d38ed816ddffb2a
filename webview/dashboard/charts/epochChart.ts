/**
 * A chart over epochs on uPlot: labels with values at the line ends, which show the values under the cursor while there is
 * one; marks at the best checkpoint and at the moment shown; cursor and zoom shared by all charts of the page.
 */
import uPlot from "uplot";
import { t } from "../../shared/l10n.js";
import { epochNumber } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { nearestIndex } from "../time/moment.js";
import type { Zoom } from "../viewState.js";
import { align, type Curve } from "./columns.js";
import { type EndLabel, placeLabels } from "./endLabels.js";
import type { ValueScale } from "./scales.js";
import type { SeriesStyle } from "./seriesStyle.js";
import { epochDigits, shownEpochs, zoomBy, zoomTo } from "./zoom.js";

export interface ChartSeries extends Curve {
  label: string;
  /** A companion of another curve: thin, pale, without a label of its own. */
  faint?: boolean;
  width?: number;
  /** What the label says while nothing is hovered, where that is not the last value drawn. */
  latest?: number;
  /** What the values are means of, point by point. */
  band?: { lows: readonly number[]; highs: readonly number[] };
  /** Drawn stronger, its label always shown. */
  chosen?: boolean;
  /** Marks every value with a point while there is room. */
  points?: boolean;
  style(theme: Theme): SeriesStyle;
  show(value: number): string;
}

export interface ShownPhase {
  name: string;
  /** Where there is no room for the name. */
  short?: string;
  epoch: number;
}

export interface ChartContent {
  series: ChartSeries[];
  scale: ValueScale;
  zoom: Zoom | null;
  /** Where each begins; none for a run of a single one. */
  phases: readonly ShownPhase[];
  /** Epoch of the moment shown; null while the latest is followed. */
  moment: number | null;
  lastEpoch: number;
  bestEpoch: number | null;
  /** Epochs with an evaluation; the cursor prefers them, so that all charts tell of the same moment. */
  evaluated: readonly number[];
}

export interface ChartOptions {
  markText(value: number): string;
  /** Whether the lines at the best checkpoint and between phases are named here. */
  namesMarks: boolean;
  /** Gets the epoch under the cursor, null when there is none. */
  hovered(epoch: number | null): void;
  zoomed(zoom: Zoom | null): void;
  /** Asks for the moment nearest to an epoch. */
  travelled(epoch: number): void;
  /** What a keyboard user came to. */
  said(words: string): void;
}

const textSize = 11;
const labelHeight = 14;
const swatch = 18;
const axisWidth = 46;
/** Room for the labels, the same in every chart so that their epochs line up; more where the words are longer. */
const gutter = { wide: 144, narrow: 96 };
const longestValue = "00.00 %";
const labelGap = 8;
const wordGap = 5;
/** How near the cursor must come to a point to tell of it, in pixels. */
const reach = 24;
/** Below this width there is no room for values beside the names. */
const narrowest = 420;
/** While zoomed, a click waits this long for its double. */
const doubleClickMs = 250;
const leastDrag = 4;
/** How far below its means a band may stretch a logarithmic axis. */
const bandDepth = 0.1;

export class EpochChart {
  private plot: uPlot | null = null;
  private readonly measuring = document.createElement("canvas").getContext("2d");
  private content: ChartContent | null = null;
  private signature = "";
  private focused: number | null = null;
  private pressedAt = 0;
  private clickTimer: number | undefined;

  /** @param root holds the chart and gives it its size */
  constructor(
    private readonly root: HTMLElement,
    private theme: Theme,
    private readonly options: ChartOptions,
  ) {
    new ResizeObserver(() => this.resize()).observe(root);
    root.addEventListener("pointerdown", (event) => {
      this.pressedAt = event.clientX;
    });
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dblclick", () => this.options.zoomed(null));
    root.addEventListener("keydown", (event) => this.press(event));
    root.addEventListener("blur", () => this.plot?.setCursor({ left: -10, top: -10 }));
  }

  update(content: ChartContent): void {
    this.content = content;
    const looks = content.series.map(({ label, faint = false, points = false, chosen = false }) =>
      [label, faint, points, chosen].join(" "),
    );
    const signature = [content.scale.logarithmic, ...looks].join("\n");
    if (this.plot && signature === this.signature) {
      this.plot.setData(align(content.series) as uPlot.AlignedData);
      return;
    }
    this.signature = signature;
    this.rebuild();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (this.plot) this.rebuild();
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0) return;
    if (!this.plot) this.rebuild();
    else if (width !== this.plot.width || height !== this.plot.height) this.plot.setSize({ width, height });
  }

  private rebuild(): void {
    this.plot?.destroy();
    this.plot = null;
    const { clientWidth: width, clientHeight: height } = this.root;
    const { content } = this;
    if (width === 0 || height === 0 || !content || content.series.length === 0) return;
    const columns = align(content.series) as uPlot.AlignedData;
    this.plot = new uPlot(this.plotOptions(content, width, height), columns, this.root);
  }

  private plotOptions({ scale, series }: ChartContent, width: number, height: number): uPlot.Options {
    const { theme } = this;
    const font = `${textSize}px ${theme.fontFamily}`;
    const grid = { stroke: theme.grid, width: 1, dash: theme.gridDash };
    const marks = (_: uPlot, __: number, low: number, high: number) =>
      scale.marks([low, high], Math.max(2, Math.floor((this.plot?.over.clientHeight || height - 30) / 30) + 1));
    return {
      width,
      height,
      padding: [8, () => this.gutter, 0, 0],
      legend: { show: false },
      focus: { alpha: 0.35 },
      cursor: {
        y: false,
        // By itself it would keep clicks after a snap of the cursor to itself.
        drag: { x: true, y: false, setScale: false, dist: leastDrag, click: () => {} },
        // Dragging is each chart's own; what it chooses goes to all through the zoom.
        sync: { key: "epoch", scales: ["x", null], filters: { pub: (type) => !/mouse(down|up)|click/.test(type) } },
        bind: { dblclick: () => () => null },
        focus: { prox: 16 },
        move: (plot, left, top) => [this.snap(plot, left), top],
        hover: { skip: [null, undefined], prox: reach },
        points: { size: 6 },
      },
      scales: {
        x: { time: false, range: () => [...this.epochs] },
        y: {
          distr: scale.logarithmic ? 3 : 1,
          clamp: (_, __, low) => low,
          range: (_, low, high) => scale.limits(...this.withBands(low, high)),
        },
      },
      axes: [
        {
          stroke: theme.dim,
          font,
          size: 26,
          gap: 8,
          space: 48,
          incrs: [
            0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
            2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000,
          ],
          grid: { show: false },
          ticks: { show: false },
          border: { show: true, stroke: theme.grid, width: 1, dash: theme.gridDash },
          values: (_, splits, __, ___, apart) =>
            splits.map((epoch, i) => {
              const number = epochNumber(epoch, epochDigits(apart));
              return i === 0 ? t("epoch {0}", number) : number;
            }),
        },
        {
          stroke: theme.dim,
          font,
          size: axisWidth,
          gap: 6,
          grid,
          ticks: { show: false },
          splits: marks,
          values: (_, splits) => splits.map((value) => this.options.markText(value)),
          filter: (_, splits) => splits,
        },
      ],
      series: [{}, ...series.map((one) => this.seriesOptions(one))],
      hooks: {
        drawAxes: [
          (plot) => {
            this.drawBands(plot);
            this.drawPhases(plot);
            this.drawBest(plot);
            this.drawMoment(plot);
          },
        ],
        setSelect: [(plot) => this.select(plot)],
        draw: [(plot) => this.drawLabels(plot)],
        setCursor: [(plot) => this.showHovered(plot)],
        setSeries: [(_, index) => this.focus(index)],
      },
    };
  }

  private seriesOptions(series: ChartSeries): uPlot.Series {
    const { stroke, dash } = series.style(this.theme);
    const faint = series.faint ?? false;
    return {
      label: series.label,
      stroke,
      dash: faint ? [] : dash,
      width: series.width ?? (faint ? 1 : series.chosen ? 2.5 : 1.75),
      alpha: faint ? 0.45 : 1,
      spanGaps: true,
      points: {
        show: (plot, index) => {
          if (!series.points) return false;
          const shown = this.content?.series[index - 1]?.epochs.length ?? 0;
          // A single value makes no line: it must be seen as a point.
          return shown === 1 || shown * 14 < plot.over.clientWidth;
        },
        size: 5,
        width: 1.5,
        fill: stroke,
        dash: [],
      },
    };
  }

  private get gutter(): number {
    const context = this.measuring;
    if (!context) return gutter.wide;
    context.font = `${textSize}px ${this.theme.fontFamily}`;
    const longest = [t("train loss"), t("{0} loss", t("valid.")), t("{0} error", t("valid."))].map(
      (words) => context.measureText(this.narrow ? words : `${words} ${longestValue}`).width,
    );
    const words = Math.ceil(labelGap + swatch + wordGap + Math.max(...longest));
    return Math.max(this.narrow ? gutter.narrow : gutter.wide, words);
  }

  private get narrow(): boolean {
    return this.root.clientWidth < narrowest;
  }

  private snap(plot: uPlot, left: number): number {
    if (left < 0) return left;
    const positions = (this.content?.evaluated ?? []).map((epoch) => plot.valToPos(epoch, "x"));
    const nearest = positions.reduce((best, at) => (Math.abs(at - left) < Math.abs(best - left) ? at : best), -reach);
    return Math.abs(nearest - left) < reach ? nearest : left;
  }

  /** The value under the cursor, else at the moment shown, else at the line's end; null when there is none near. */
  private valueOf(plot: uPlot, index: number): number | null {
    const column = plot.data[index + 1];
    const series = this.content?.series[index];
    if (!column || !series) return null;
    const moment = this.content?.moment ?? null;
    if (!this.hovering(plot)) {
      if (moment !== null) return series.values[nearestIndex(series.epochs, moment)] ?? null;
      return series.latest ?? lastNumber(column);
    }
    const row = plot.cursor.idxs?.[index + 1];
    return typeof row === "number" ? (column[row] ?? null) : null;
  }

  private hovering(plot: uPlot): boolean {
    return (plot.cursor.left ?? -1) >= 0;
  }

  private drawLabels(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    const labels: (EndLabel & { style: SeriesStyle; value: string; index: number })[] = [];
    const [from, to] = plot.series[0]?.idxs ?? [0, Number.POSITIVE_INFINITY];
    this.content?.series.forEach((series, index) => {
      const end = series.faint ? null : lastNumber(plot.data[index + 1] ?? [], from, to);
      if (end === null) return;
      const y = plot.valToPos(end, "y", true) / ratio;
      const value = this.valueOf(plot, index);
      const shown = value === null || this.narrow ? "" : series.show(value);
      labels.push({ text: series.label, y, style: series.style(this.theme), value: shown, index });
    });
    const top = bbox.top / ratio + 4;
    const bottom = (bbox.top + bbox.height) / ratio - 4;
    const kept = this.focused ?? this.content?.series.findIndex((series) => series.chosen && !series.faint) ?? -1;
    const focused = labels.findIndex((label) => label.index === kept);
    const placed = placeLabels(labels, top, bottom, labelHeight, focused < 0 ? null : focused);
    const left = (bbox.left + bbox.width) / ratio + labelGap;
    ctx.save();
    ctx.scale(ratio, ratio);
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.font = `${textSize}px ${this.theme.fontFamily}`;
    for (const { text, at, style, value, index } of placed) {
      ctx.globalAlpha = this.focused === null || this.focused === index ? 1 : 0.5;
      ctx.strokeStyle = style.stroke;
      ctx.lineWidth = 2;
      ctx.setLineDash(style.dash);
      ctx.beginPath();
      ctx.moveTo(left, at);
      ctx.lineTo(left + swatch, at);
      ctx.stroke();
      ctx.fillStyle = this.theme.dim;
      ctx.fillText(text, left + swatch + wordGap, at);
      const after = left + swatch + wordGap + ctx.measureText(`${text} `).width;
      ctx.fillStyle = this.theme.foreground;
      ctx.fillText(value, after, at);
    }
    ctx.restore();
  }

  private drawBest(plot: uPlot): void {
    const bestEpoch = this.content?.bestEpoch ?? null;
    if (bestEpoch === null || !this.shows(bestEpoch)) return;
    const { ctx, bbox } = plot;
    const x = Math.round(plot.valToPos(bestEpoch, "x", true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = this.theme.axis;
    ctx.lineWidth = Math.max(1, Math.round(uPlot.pxRatio));
    ctx.setLineDash([2 * uPlot.pxRatio, 2 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillStyle = this.theme.dim;
    ctx.font = `${textSize * uPlot.pxRatio}px ${this.theme.fontFamily}`;
    ctx.textBaseline = "top";
    const before = x > bbox.left + bbox.width / 2;
    ctx.textAlign = before ? "right" : "left";
    const top = bbox.top + (this.content?.phases.length ? labelHeight * uPlot.pxRatio : 0);
    if (this.options.namesMarks) ctx.fillText(t("best"), x + (before ? -5 : 5) * uPlot.pxRatio, top);
    ctx.restore();
  }

  /** A line where one phase ends and the next begins; each phase's name, as far as there is room for it. */
  private drawPhases(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    const phases = this.content?.phases ?? [];
    const [from, to] = this.epochs;
    ctx.save();
    ctx.strokeStyle = this.theme.axis;
    ctx.fillStyle = this.theme.dim;
    ctx.lineWidth = Math.max(1, Math.round(ratio));
    ctx.font = `${textSize * ratio}px ${this.theme.fontFamily}`;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    phases.forEach(({ name, short, epoch }, index) => {
      const end = phases[index + 1]?.epoch ?? Number.POSITIVE_INFINITY;
      if (epoch > to || end <= from) return;
      const start = Math.round(plot.valToPos(Math.max(from, epoch), "x", true)) + 0.5;
      const room = plot.valToPos(Math.min(to, end), "x", true) - start - 8 * ratio;
      if (index > 0 && epoch >= from) {
        ctx.beginPath();
        ctx.moveTo(start, bbox.top);
        ctx.lineTo(start, bbox.top + bbox.height);
        ctx.stroke();
      }
      if (this.options.namesMarks) ctx.fillText(fitting(ctx, name, room, short), start + 5 * ratio, bbox.top);
    });
    ctx.restore();
  }

  private drawMoment(plot: uPlot): void {
    const moment = this.content?.moment ?? null;
    if (moment === null || !this.shows(moment)) return;
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    const x = Math.round(plot.valToPos(moment, "x", true)) + 0.5;
    ctx.save();
    ctx.fillStyle = ctx.strokeStyle = this.theme.foreground;
    ctx.lineWidth = Math.max(1, Math.round(ratio));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 4 * ratio, bbox.top - 2 * ratio);
    ctx.lineTo(x + 4 * ratio, bbox.top - 2 * ratio);
    ctx.lineTo(x, bbox.top + 4 * ratio);
    ctx.fill();
    ctx.restore();
  }

  /** Between the extremes of what each point is the mean of. */
  private drawBands(plot: uPlot): void {
    const { ctx, bbox } = plot;
    for (const { band, epochs, style } of this.content?.series ?? []) {
      if (!band || epochs.length < 2) continue;
      const x = (i: number) => plot.valToPos(epochs[i] as number, "x", true);
      const floor = plot.scales.y?.min ?? 0;
      const y = (value: number) => plot.valToPos(Math.max(floor, value), "y", true);
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.beginPath();
      for (let i = 0; i < epochs.length; i++) ctx.lineTo(x(i), y(band.highs[i] as number));
      for (let i = epochs.length - 1; i >= 0; i--) ctx.lineTo(x(i), y(band.lows[i] as number));
      ctx.closePath();
      ctx.globalAlpha = 0.3;
      ctx.fillStyle = style(this.theme).stroke;
      ctx.fill();
      ctx.restore();
    }
  }

  /** The extremes of lines and bands; a band's depths alone may not squeeze the lines. */
  private withBands(low: number | null, high: number | null): [number | null, number | null] {
    let [bottom, top] = [low, high];
    const [from, to] = this.epochs;
    for (const { band, epochs } of this.content?.series ?? []) {
      if (!band || low === null || high === null) continue;
      const deepest = this.content?.scale.logarithmic ? low * bandDepth : Number.NEGATIVE_INFINITY;
      epochs.forEach((epoch, i) => {
        if (epoch < from || epoch > to) return;
        bottom = Math.min(bottom as number, Math.max(deepest, band.lows[i] as number));
        top = Math.max(top as number, band.highs[i] as number);
      });
    }
    return [bottom, top];
  }

  private get epochs(): Zoom {
    return shownEpochs(this.content?.zoom ?? null, this.content?.lastEpoch ?? 1);
  }

  private shows(epoch: number): boolean {
    const [from, to] = this.epochs;
    return epoch >= from && epoch <= to;
  }

  private select(plot: uPlot): void {
    const { left, width } = plot.select;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (width < leastDrag || !this.content) return;
    const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    // What is under the cursor is another epoch now.
    plot.setCursor({ left: -10, top: -10 });
    this.options.zoomed(zoomTo(from, to, this.content.lastEpoch));
  }

  private click(event: MouseEvent): void {
    const { plot } = this;
    const dragged = Math.abs(event.clientX - this.pressedAt) >= leastDrag;
    if (!plot || dragged || event.target !== plot.over) return;
    const epoch = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x");
    window.clearTimeout(this.clickTimer);
    if (event.detail > 1) return;
    const wait = this.content?.zoom ? doubleClickMs : 0;
    this.clickTimer = window.setTimeout(() => this.options.travelled(epoch), wait);
  }

  /** Arrow keys go from evaluation to evaluation, Enter moves the page there; + − 0 zoom. */
  private press(event: KeyboardEvent): void {
    const { plot, content } = this;
    if (!plot || !content || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.hovering(plot) ? plot.posToVal(plot.cursor.left ?? 0, "x") : null;
    const around = at ?? content.moment ?? (this.epochs[0] + this.epochs[1]) / 2;
    const factor = { "+": 0.5, "=": 0.5, "-": 2, "−": 2 }[event.key];
    if (factor !== undefined) this.options.zoomed(zoomBy(content.zoom, content.lastEpoch, factor, around));
    else if (event.key === "0") this.options.zoomed(null);
    else if (event.key === "Enter" && at !== null) this.options.travelled(at);
    else if (event.key === "Escape") plot.setCursor({ left: -10, top: -10 });
    else if (!this.step(plot, content, event.key, at)) return;
    event.preventDefault();
  }

  private step(plot: uPlot, { evaluated, series }: ChartContent, key: string, at: number | null): boolean {
    const visible = evaluated.filter((epoch) => this.shows(epoch));
    const last = visible.length - 1;
    const near = at === null ? last : nearestIndex(visible, at);
    const moved = at === null && key.startsWith("Arrow") ? 0 : { ArrowLeft: -1, ArrowRight: 1 }[key];
    const next = { Home: 0, End: last }[key] ?? (moved === undefined ? undefined : near + moved);
    if (next === undefined || last < 0) return false;
    const epoch = visible[Math.min(last, Math.max(0, next))] as number;
    plot.setCursor({ left: plot.valToPos(epoch, "x"), top: plot.over.clientHeight / 2 });
    const values = series.flatMap((one, index) => {
      const value = one.faint ? null : this.valueOf(plot, index);
      return value === null ? [] : [`${one.label} ${one.show(value)}`];
    });
    this.options.said(`${t("epoch {0}", epochNumber(epoch))}: ${values.join(", ")}`);
    return true;
  }

  private showHovered(plot: uPlot): void {
    const row = plot.cursor.idx;
    const epoch = this.hovering(plot) && typeof row === "number" ? plot.data[0][row] : undefined;
    this.options.hovered(epoch ?? null);
    plot.redraw(false, false);
  }

  private focus(index: number | null): void {
    const before = this.focused;
    this.focused = index === null || index < 1 ? null : index - 1;
    if (this.focused !== before) this.plot?.redraw(false, false);
  }
}

/** Fewer letters of a name say nothing. */
const leastLetters = 6;

/** As much of a text as there is room for, or the short one. */
function fitting(context: CanvasRenderingContext2D, text: string, room: number, short = ""): string {
  const fits = [text, short].find((one) => one !== "" && context.measureText(one).width <= room);
  if (fits !== undefined) return fits;
  for (let length = text.length - 1; length >= leastLetters; length--) {
    const cut = `${text.slice(0, length).trimEnd()}…`;
    if (context.measureText(cut).width <= room) return cut;
  }
  return "";
}

/** The last value of a column, within the rows from…to if there is one there. */
function lastNumber(column: ArrayLike<number | null | undefined>, from = 0, to = column.length - 1): number | null {
  for (let i = Math.min(to, column.length - 1); i >= 0; i--) {
    if (typeof column[i] !== "number") continue;
    if (i < from && to < column.length - 1) return null;
    return column[i] as number;
  }
  return null;
}
