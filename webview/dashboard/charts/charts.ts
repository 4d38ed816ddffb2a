/** The three charts of a run: how it developed. All share the epoch axis. */
import { nearZeroEpsilon } from "../../../src/common/metrics.js";
import type { EvalLine } from "../../../src/common/run.js";
import { epochNumber, integer, noFigure, percent, significant } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { deadShare, trainLossAt, unitsWithoutZeros } from "../headline.js";
import type { DashboardModel } from "../model.js";
import { setWords } from "../wording.js";
import { ChartPanel, type ChartTable, type PanelContent } from "./chartPanel.js";
import { thin } from "./columns.js";
import type { ChartSeries } from "./epochChart.js";
import { decadeScale, shareScale, smallShareScale } from "./scales.js";
import { layerStyle } from "./seriesStyle.js";

/** Points a training curve is drawn with at most: with more of them, one sees the noise of mini-batches and no curve. */
const curvePoints = 240;
/** With more layers, training curves behind the measured ones would hide them. */
const mostFaintCurves = 6;

export class Charts {
  readonly panels: ChartPanel[];
  private readonly loss: ChartPanel;
  private readonly sparsity: ChartPanel;
  private readonly dead: ChartPanel;

  constructor(theme: Theme) {
    const share = (value: number) => percent(value, Number.isInteger(Number((value * 100).toFixed(3))) ? 0 : 1);
    this.loss = new ChartPanel({
      title: "Error and loss",
      name: "loss",
      tall: true,
      nameBest: true,
      theme,
      scale: decadeScale,
      markText: significant,
    });
    this.sparsity = new ChartPanel({
      title: "Sparsity per layer",
      name: "sparsity",
      tall: true,
      theme,
      scale: shareScale,
      markText: share,
    });
    this.dead = new ChartPanel({
      title: "Dead share per layer",
      name: "dead",
      theme,
      scale: smallShareScale,
      markText: share,
    });
    this.panels = [this.loss, this.sparsity, this.dead];
  }

  render(model: DashboardModel): void {
    const training = thin(model.lines, curvePoints);
    const { shown, lastEpoch, best } = model;
    const bestEpoch = shown.length > 1 ? (best?.epoch ?? null) : null;
    const frame = { lastEpoch, bestEpoch, evaluated: shown.map((line) => line.epoch) };
    this.loss.render({ ...frame, ...this.lossContent(model, training) });
    this.sparsity.setTitle(unitsWithoutZeros(model.hidden) ? "Near-zero share per layer" : "Sparsity per layer");
    this.sparsity.render({ ...frame, ...this.sparsityContent(model, training) });
    this.dead.render({ ...frame, ...this.deadContent(model) });
  }

  setTheme(theme: Theme): void {
    for (const panel of this.panels) panel.setTheme(theme);
  }

  private lossContent(model: DashboardModel, training: DashboardModel["lines"]): Content {
    const { shown } = model;
    const set = { valid: "valid.", test: "test", train: "train" }[model.shownSet];
    const epochs = shown.map((line) => line.epoch);
    const series: ChartSeries[] = [
      {
        label: "train loss",
        epochs: training.map((line) => line.epoch),
        values: training.map((line) => line.loss),
        latest: trainLossAt(model.lines, model.lines.length)?.mean,
        width: 1,
        style: (theme) => ({ stroke: theme.axis, dash: [] }),
        show: significant,
      },
      {
        label: `${set} loss`,
        epochs,
        values: shown.map((line) => line.loss),
        style: (theme) => layerStyle(2, theme),
        show: significant,
      },
      {
        label: `${set} error`,
        epochs,
        values: shown.map((line) => line.error),
        points: true,
        style: (theme) => layerStyle(1, theme),
        show: (value) => percent(value, 2),
      },
    ];
    return {
      series,
      caption: "log scale · loss in nats, error as a share",
      instead: model.lines.length + shown.length === 0 ? nothingYet(model) : null,
      table: () => lossTable(model),
    };
  }

  private sparsityContent(model: DashboardModel, training: DashboardModel["lines"]): Content {
    const { hidden, shown } = model;
    const other = unitsWithoutZeros(hidden);
    // Before the first evaluation the training curves are all there is; after it they stand behind.
    const alone = shown.length === 0;
    const curves: ChartSeries[] =
      other || training.length === 0 || (!alone && hidden.length > mostFaintCurves)
        ? []
        : hidden.map((layer, l) => ({
            label: `layer ${layer.layer}`,
            epochs: training.map((line) => line.epoch),
            values: training.map((line) => line.layers[l]?.sparsity ?? null),
            faint: !alone,
            style: (theme) => layerStyle(layer.layer, theme),
            show: (value) => percent(value, 1),
          }));
    const read = (line: EvalLine, l: number) => (other ? line.layers[l]?.nearZero : line.layers[l]?.sparsity) ?? null;
    const set = setWords[model.shownSet];
    const behind = curves.length > 0 ? "; thin: while training" : "";
    const what = other ? `|h| < ${nearZeroEpsilon}` : "exact zeros";
    return {
      series: alone ? curves : [...curves, ...layerSeries(model, read)],
      caption: alone ? `${what}, while training` : `${what}, ${set}${behind}`,
      instead: shown.length + curves.length === 0 ? nothingYet(model) : null,
      table: () => layerTable(model, (line, l) => shareText(read(line, l))),
    };
  }

  private deadContent(model: DashboardModel): Content {
    const other = unitsWithoutZeros(model.hidden);
    const read = (line: EvalLine, l: number) => deadShare(line.layers[l], model.hidden[l]?.units ?? 0);
    const undefinedFor = `Dead units are not defined for ${other} units: their output is never exactly zero.`;
    return {
      series: layerSeries(model, read),
      caption: other ? "" : `units that never fire, ${setWords[model.shownSet]}`,
      instead: other ? undefinedFor : model.shown.length === 0 ? nothingYet(model) : null,
      table: () => layerTable(model, (line, l) => deadText(line.layers[l]?.dead ?? null, read(line, l))),
    };
  }
}

type Content = Pick<PanelContent, "series" | "caption" | "instead" | "table">;
type ReadFigure = (line: EvalLine, layer: number) => number | null;

function layerSeries(model: DashboardModel, read: ReadFigure): ChartSeries[] {
  const { hidden, shown } = model;
  return hidden.map((layer, l) => ({
    label: `layer ${layer.layer}`,
    epochs: shown.map((line) => line.epoch),
    values: shown.map((line) => read(line, l)),
    points: hidden.length <= mostFaintCurves,
    style: (theme) => layerStyle(layer.layer, theme),
    show: (value) => percent(value, 1),
  }));
}

function layerTable(model: DashboardModel, cell: (line: EvalLine, layer: number) => string): ChartTable {
  return {
    columns: ["Epoch", ...model.hidden.map((layer) => `Layer ${layer.layer}`)],
    rows: model.shown.map((line) => [epochNumber(line.epoch), ...model.hidden.map((_, l) => cell(line, l))]),
  };
}

function shareText(share: number | null): string {
  return share === null ? noFigure : percent(share, 1);
}

/** "13 · 1.3 %" */
function deadText(dead: number | null, share: number | null): string {
  return dead === null ? noFigure : `${integer(dead)} · ${shareText(share)}`;
}

/** Training loss beside an evaluation is that of the last examples before it. */
function lossTable(model: DashboardModel): ChartTable {
  const set = setWords[model.shownSet];
  let next = 0;
  const rows = model.shown.map((line) => {
    while (next < model.lines.length && (model.lines[next]?.step ?? 0) <= line.step) next++;
    const training = trainLossAt(model.lines, next);
    return [
      epochNumber(line.epoch),
      integer(line.step),
      training ? significant(training.mean) : noFigure,
      significant(line.loss),
      percent(line.error, 2),
    ];
  });
  return { columns: ["Epoch", "Step", "Training loss", capital(`${set} loss`), capital(`${set} error`)], rows };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function nothingYet(model: DashboardModel): string {
  return model.live ? "Drawn as soon as there are figures." : "The run wrote no figures for this chart.";
}
