/**
 * A chart over epochs on uPlot: labels with values at the line ends, which show the values under the cursor while there is
 * one; a mark at the best checkpoint; cursor shared by all charts of the page.
 */
import uPlot from "uplot";
import { epochNumber } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { align, type Curve } from "./columns.js";
import { type EndLabel, placeLabels } from "./endLabels.js";
import type { ValueScale } from "./scales.js";
import type { SeriesStyle } from "./seriesStyle.js";

export interface ChartSeries extends Curve {
  label: string;
  /** A companion of another curve: thin, pale, without a label of its own. */
  faint?: boolean;
  width?: number;
  /** What the label says while nothing is hovered, where that is not the last value drawn. */
  latest?: number;
  /** Marks every value with a point while there is room. */
  points?: boolean;
  style(theme: Theme): SeriesStyle;
  show(value: number): string;
}

export interface ChartContent {
  series: ChartSeries[];
  lastEpoch: number;
  bestEpoch: number | null;
  /** Epochs with an evaluation; the cursor prefers them, so that all charts tell of the same moment. */
  evaluated: readonly number[];
}

export interface ChartOptions {
  scale: ValueScale;
  markText(value: number): string;
  /** Whether the line at the best checkpoint is named here. */
  nameBest: boolean;
  /** Gets the epoch under the cursor, null when there is none. */
  hovered(epoch: number | null): void;
}

const textSize = 11;
const labelHeight = 14;
const swatch = 18;
const axisWidth = 46;
/** Room for the labels, the same in every chart so that their epochs line up. */
const gutter = { wide: 144, narrow: 96 };
/** How near the cursor must come to a point to tell of it, in pixels. */
const reach = 24;
/** Below this width there is no room for values beside the names. */
const narrowest = 420;

export class EpochChart {
  private plot: uPlot | null = null;
  private content: ChartContent = { series: [], lastEpoch: 1, bestEpoch: null, evaluated: [] };
  private signature = "";
  private focused: number | null = null;

  /** @param root holds the chart and gives it its size */
  constructor(
    private readonly root: HTMLElement,
    private theme: Theme,
    private readonly options: ChartOptions,
  ) {
    new ResizeObserver(() => this.resize()).observe(root);
  }

  update(content: ChartContent): void {
    this.content = content;
    const signature = content.series
      .map((series) => `${series.label} ${series.faint ?? false} ${series.points ?? false}`)
      .join("\n");
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
    if (width === 0 || height === 0 || this.content.series.length === 0) return;
    this.plot = new uPlot(this.plotOptions(width, height), align(this.content.series) as uPlot.AlignedData, this.root);
  }

  private plotOptions(width: number, height: number): uPlot.Options {
    const { theme } = this;
    const { scale } = this.options;
    const font = `${textSize}px ${theme.fontFamily}`;
    const grid = { stroke: theme.grid, width: 1, dash: theme.gridDash };
    const marks = (_: uPlot, __: number, low: number, high: number) =>
      scale.marks([low, high], Math.max(2, Math.floor((this.plot?.over.clientHeight || height - 30) / 30) + 1));
    return {
      width,
      height,
      padding: [8, () => (this.narrow ? gutter.narrow : gutter.wide), 0, 0],
      legend: { show: false },
      focus: { alpha: 0.35 },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        sync: { key: "epoch", scales: ["x", null] },
        focus: { prox: 16 },
        move: (plot, left, top) => [this.snap(plot, left), top],
        hover: { skip: [null, undefined], prox: reach },
        points: { size: 6 },
      },
      scales: {
        x: { time: false, range: () => [0, this.content.lastEpoch] },
        y: {
          distr: scale.logarithmic ? 3 : 1,
          clamp: (_, __, low) => low,
          range: (_, low, high) => scale.limits(low, high),
        },
      },
      axes: [
        {
          stroke: theme.dim,
          font,
          size: 26,
          gap: 8,
          space: 48,
          incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000],
          grid: { show: false },
          ticks: { show: false },
          border: { show: true, stroke: theme.grid, width: 1, dash: theme.gridDash },
          values: (_, splits) => splits.map((epoch, i) => (i === 0 ? `epoch ${epoch}` : epochNumber(epoch))),
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
      series: [{}, ...this.content.series.map((series) => this.seriesOptions(series))],
      hooks: {
        drawAxes: [(plot) => this.drawBest(plot)],
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
      width: series.width ?? (faint ? 1 : 1.75),
      alpha: faint ? 0.45 : 1,
      spanGaps: true,
      points: {
        show: (plot, index) => {
          if (!series.points) return false;
          const shown = this.content.series[index - 1]?.epochs.length ?? 0;
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

  private get narrow(): boolean {
    return this.root.clientWidth < narrowest;
  }

  private snap(plot: uPlot, left: number): number {
    if (left < 0) return left;
    const positions = this.content.evaluated.map((epoch) => plot.valToPos(epoch, "x"));
    const nearest = positions.reduce((best, at) => (Math.abs(at - left) < Math.abs(best - left) ? at : best), -reach);
    return Math.abs(nearest - left) < reach ? nearest : left;
  }

  /** The value under the cursor, else at the line's end; null when the cursor is far from any value. */
  private valueOf(plot: uPlot, index: number): number | null {
    const column = plot.data[index + 1];
    if (!column) return null;
    if (!this.hovering(plot)) return this.content.series[index]?.latest ?? lastNumber(column);
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
    this.content.series.forEach((series, index) => {
      const end = series.faint ? null : lastNumber(plot.data[index + 1] ?? []);
      if (end === null) return;
      const y = plot.valToPos(end, "y", true) / ratio;
      const value = this.valueOf(plot, index);
      const shown = value === null || this.narrow ? "" : series.show(value);
      labels.push({ text: series.label, y, style: series.style(this.theme), value: shown, index });
    });
    const top = bbox.top / ratio + 4;
    const bottom = (bbox.top + bbox.height) / ratio - 4;
    const focused = labels.findIndex((label) => label.index === this.focused);
    const placed = placeLabels(labels, top, bottom, labelHeight, focused < 0 ? null : focused);
    const left = (bbox.left + bbox.width) / ratio + 8;
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
      ctx.fillText(text, left + swatch + 5, at);
      const after = left + swatch + 5 + ctx.measureText(`${text} `).width;
      ctx.fillStyle = this.theme.foreground;
      ctx.fillText(value, after, at);
    }
    ctx.restore();
  }

  private drawBest(plot: uPlot): void {
    const { bestEpoch } = this.content;
    if (bestEpoch === null) return;
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
    if (this.options.nameBest) ctx.fillText("best", x + (before ? -5 : 5) * uPlot.pxRatio, bbox.top);
    ctx.restore();
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

function lastNumber(column: ArrayLike<number | null | undefined>): number | null {
  for (let i = column.length - 1; i >= 0; i--) if (typeof column[i] === "number") return column[i] as number;
  return null;
}
