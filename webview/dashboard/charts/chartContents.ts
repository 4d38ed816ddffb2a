/** What each chart draws of a run. */
import { nearZeroEpsilon } from "../../../src/common/metrics.js";
import type { Cell, FigureTable } from "../../shared/csv.js";
import { t } from "../../shared/l10n.js";
import { compact, epochNumber, integer, noFigure, percent, significant, stars } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { deadShare, unitsWithoutZeros } from "../headline.js";
import { isOf, type Measured } from "../measured.js";
import type { DashboardModel } from "../model.js";
import { errorLabels, rmseLabels, setWords } from "../wording.js";
import type { PanelContent } from "./chartPanel.js";
import type { ChartSeries } from "./epochChart.js";
import { layerStyle } from "./seriesStyle.js";
import { drawsLayerCurves, mostFaintCurves, trainingCurve } from "./trainingCurves.js";

export interface ChartContext {
  model: DashboardModel;
  /** The chosen layer, from 1. */
  layer: number;
}

export type PartialContent = Pick<PanelContent, "series" | "caption" | "instead" | "table">;
type ReadFigure = (line: Measured, layer: number) => number | null;

export function lossContent(context: ChartContext): PartialContent {
  const { model } = context;
  const { shown } = model;
  const set = { valid: t("valid."), test: t("test"), train: t("train") }[model.shownSet];
  const epochs = shown.map((line) => line.epoch);
  const training = trainingCurve(model.training.curves, 0);
  const series: ChartSeries[] = [
    {
      label: t("train loss"),
      epochs: training.epochs,
      values: training.means,
      band: training,
      latest: model.training.loss?.mean,
      width: 1,
      style: (theme) => ({ stroke: theme.axis, dash: [] }),
      show: significant,
    },
    {
      label: t("{0} loss", set),
      epochs,
      values: shown.map((line) => line.loss),
      style: (theme) => layerStyle(2, theme),
      show: significant,
    },
    {
      label: t("{0} error", set),
      epochs,
      values: shown.map((line) => line.error),
      points: true,
      style: (theme) => layerStyle(1, theme),
      show: (value) => percent(value, 2),
    },
  ];
  return {
    series,
    caption: t("loss in nats, error as a share"),
    instead: model.training.lines + shown.length === 0 ? nothingYet(model) : null,
    table: () => lossTable(model),
  };
}

/** Of labels that are stars. */
export function starsContent({ model }: ChartContext): PartialContent {
  const { shown } = model;
  return {
    series: [
      {
        label: t("RMSE"),
        epochs: shown.map((line) => line.epoch),
        values: shown.map((line) => line.rmse ?? null),
        points: true,
        style: (theme) => layerStyle(1, theme),
        show: (value) => stars(value),
      },
    ],
    caption: t("expected stars against the labels, {0}", setWords[model.shownSet]),
    instead: shown.length === 0 ? nothingYet(model) : null,
    table: () => ({
      columns: [t("Epoch"), rmseLabels[model.shownSet]],
      rows: shown.map((line) => [cell(line.epoch, epochNumber), cell(line.rmse ?? null, stars)]),
    }),
  };
}

/** Of every layer that is pre-trained, over its own part of the epochs. */
export function reconstructionContent({ model, layer: chosen }: ChartContext): PartialContent {
  const { hidden, reconstructions, pretraining } = model;
  const series = hidden.flatMap(({ layer }): ChartSeries[] => {
    const lines = reconstructions.filter((line) => line.layer === layer);
    const training = trainingCurve(pretraining.curves, 2 * (layer - 1));
    const looks = {
      label: t("layer {0}", layer),
      chosen: isChosen(model, layer, chosen),
      style: (theme: Theme) => layerStyle(layer, theme),
      show: significant,
    };
    const measured = { epochs: lines.map(({ epoch }) => epoch), values: lines.map(({ loss }) => loss) };
    return [
      ...(training.epochs.length > 0
        ? [{ ...looks, epochs: training.epochs, values: training.means, faint: true }]
        : []),
      ...(lines.length > 0 ? [{ ...looks, ...measured, points: true }] : []),
    ];
  });
  const [first] = reconstructions;
  return {
    series,
    caption: t("cost of an example, {0}; thin: while training", setWords[first?.set ?? "valid"]),
    instead: series.length === 0 ? nothingYet(model) : null,
    table: () => reconstructionTable(model),
  };
}

export function sparsityContent(context: ChartContext): PartialContent {
  const { model, layer: chosen } = context;
  const { hidden, measured, training, pretraining } = model;
  const other = unitsWithoutZeros(hidden);
  // Before the first evaluation the training curves are all there is; after it they stand behind.
  const alone = measured.length === 0;
  const curves: ChartSeries[] =
    training.lines === 0 || !drawsLayerCurves(model)
      ? []
      : hidden.map((layer, l) => {
          const curve = trainingCurve(training.curves, 1 + l);
          return {
            label: t("layer {0}", layer.layer),
            epochs: curve.epochs,
            values: curve.means,
            faint: !alone,
            chosen: isChosen(model, layer.layer, chosen),
            style: (theme) => layerStyle(layer.layer, theme),
            show: (value) => percent(value, 1),
          };
        });
  if (pretraining.lines > 0 && drawsLayerCurves(model))
    for (const { layer } of hidden) {
      const { epochs, means } = trainingCurve(pretraining.curves, 2 * (layer - 1) + 1);
      const style = (theme: Theme) => layerStyle(layer, theme);
      const show = (value: number) => percent(value, 1);
      if (epochs.length > 0)
        curves.push({ label: t("layer {0}", layer), epochs, values: means, faint: true, style, show });
    }
  const read: ReadFigure = (line, l) => (other ? line.layers[l]?.nearZero : line.layers[l]?.sparsity) ?? null;
  const set = setWords[model.shownSet];
  const what = other ? `|h| < ${nearZeroEpsilon}` : t("exact zeros");
  const captions = [t("{0}, while training", what), t("{0}, {1}; thin: while training", what, set), `${what}, ${set}`];
  const measuredCurves = alone ? [] : layerSeries(context, read, (value) => percent(value, 1));
  return {
    series: [...targetSeries(model), ...curves, ...measuredCurves],
    caption: captions[alone ? 0 : curves.length > 0 ? 1 : 2] as string,
    instead: measured.length + curves.length === 0 ? nothingYet(model) : null,
    table: () => layerTable(model, (line, l) => cell(read(line, l), (share) => percent(share, 1))),
  };
}

/** The sparsity that λ is moved to reach, over the training. */
function targetSeries({ run, phases, shown, training, lastEpoch }: DashboardModel): ChartSeries[] {
  const target = run?.config?.training.targetSparsity;
  if (target === undefined || training.lines + shown.length === 0) return [];
  const begin = phases.at(-1)?.epoch ?? 0;
  const inside = shown.map(({ epoch }) => epoch).filter((epoch) => epoch > begin && epoch < lastEpoch);
  const epochs = [...new Set([begin, ...inside, lastEpoch])];
  return [
    {
      label: t("target"),
      epochs,
      values: epochs.map(() => target),
      width: 1,
      style: (theme) => ({ stroke: theme.foreground, dash: [2, 4] }),
      show: (value) => percent(value, 1),
    },
  ];
}

/** λ, where it is not the same in every step. */
export function penaltyContent({ model }: ChartContext): PartialContent {
  const { training, shown } = model;
  const { epochs, means } = trainingCurve(training.penalty ?? { x: new Float64Array(), columns: [] }, 0);
  return {
    series: [
      {
        label: "λ",
        epochs,
        values: means,
        style: (theme) => layerStyle(1, theme),
        show: (value) => significant(value),
      },
    ],
    caption: training.penalty ? t("weight of the L1 penalty, mean over the steps of a line") : "",
    instead: epochs.length === 0 ? nothingYet(model) : null,
    table: () => ({
      columns: [t("Epoch"), t("λ, mean since the evaluation before")],
      rows: shown.map((line) => [cell(line.epoch, epochNumber), cell(line.l1 ?? null, significant)]),
    }),
  };
}

export function deadContent(context: ChartContext): PartialContent {
  const { model } = context;
  const other = unitsWithoutZeros(model.hidden);
  const read: ReadFigure = (line, l) => deadShare(line.layers[l], model.hidden[l]?.units ?? 0);
  const undefinedFor = t("Dead units are not defined for {0} units: their output is never exactly zero.", other ?? "");
  return {
    series: layerSeries(context, read, (value) => percent(value, 1)),
    caption: other ? "" : t("units that never fire, {0}", setWords[model.shownSet]),
    instead: other ? undefinedFor : model.measured.length === 0 ? nothingYet(model) : null,
    table: () =>
      layerTable(model, (line, l) =>
        // "13 · 1.3 %"
        cell(line.layers[l]?.dead ?? null, (dead) => `${integer(dead)} · ${percent(read(line, l) ?? 0, 1)}`),
      ),
  };
}

/** A figure that every evaluation has of every layer. */
export function figureContent(figure: "gradientNorm" | "updateRatio" | "meanActivation", caption: string) {
  return (context: ChartContext): PartialContent => {
    const { model } = context;
    // Optional at run time: runs of earlier versions lack some.
    const read: ReadFigure = (line, l) => line.layers[l]?.[figure] ?? null;
    const known = model.measured.some((line) => line.layers.some((_, l) => read(line, l) !== null));
    return {
      series: layerSeries(context, read, compact),
      caption,
      instead: known ? null : nothingYet(model),
      table: () => layerTable(model, (line, l) => cell(read(line, l), compact)),
    };
  };
}

function layerSeries(
  { model, layer: chosen }: ChartContext,
  read: ReadFigure,
  show: (value: number) => string,
): ChartSeries[] {
  const { hidden, measured } = model;
  return hidden.map((layer, l) => {
    // between its pre-training and the training a layer stays as it is
    const lines = measured.filter((line) => isOf(line, layer.layer));
    return {
      label: t("layer {0}", layer.layer),
      epochs: lines.map((line) => line.epoch),
      values: lines.map((line) => read(line, l)),
      points: hidden.length <= mostFaintCurves,
      chosen: isChosen(model, layer.layer, chosen),
      style: (theme) => layerStyle(layer.layer, theme),
      show,
    };
  });
}

/** Few layers are told apart without help. */
function isChosen(model: DashboardModel, layer: number, chosen: number): boolean {
  return layer === chosen && model.hidden.length > mostFaintCurves;
}

function layerTable(model: DashboardModel, figure: (line: Measured, layer: number) => Cell): FigureTable {
  return {
    columns: [t("Epoch"), ...model.hidden.map((layer) => t("Layer {0}", layer.layer))],
    rows: model.measured.map((line) => [
      cell(line.epoch, epochNumber),
      ...model.hidden.map(({ layer }, l) => (isOf(line, layer) ? figure(line, l) : cell(null, String))),
    ]),
  };
}

function reconstructionTable({ reconstructions }: DashboardModel): FigureTable {
  const set = reconstructions[0]?.set ?? "valid";
  const columns = [
    t("Layer"),
    t("Epoch"),
    t("Step"),
    t("{0}, corrupted", setWords[set]),
    t("{0}, clean", setWords[set]),
  ];
  return {
    columns,
    rows: reconstructions.map((line) => [
      cell(line.layer, integer),
      cell(line.epoch, epochNumber),
      cell(line.step, integer),
      cell(line.loss, significant),
      cell(line.cleanLoss, significant),
    ]),
  };
}

/** Training loss beside an evaluation is that of the last examples before it. */
function lossTable(model: DashboardModel): FigureTable {
  const lossLabel = { train: t("Training loss"), valid: t("Validation loss"), test: t("Test loss") }[model.shownSet];
  return {
    columns: [t("Epoch"), t("Step"), t("Training loss"), lossLabel, errorLabels[model.shownSet]],
    rows: model.shown.map((line) => [
      cell(line.epoch, epochNumber),
      cell(line.step, integer),
      cell(line.trainLoss?.mean ?? null, significant),
      cell(line.loss, significant),
      cell(line.error, (error) => percent(error, 2)),
    ]),
  };
}

function cell(value: number | null, show: (value: number) => string): Cell {
  return { text: value === null ? noFigure : show(value), value };
}

function nothingYet(model: DashboardModel): string {
  return model.live ? t("Drawn as soon as there are figures.") : t("The run wrote no figures for this chart.");
}
