/** How a unit developed: firing frequency, bias and weight norms over the epochs, on the charts of the dashboard. */
import type { UnitReport, UnitSeries } from "../../src/common/unitReport.js";
import { ChartPanel, type PanelContent, type PanelOptions } from "../dashboard/charts/chartPanel.js";
import type { ChartSeries, ShownPhase } from "../dashboard/charts/epochChart.js";
import { linearScale, signedScale, smallShareScale, type ValueScale } from "../dashboard/charts/scales.js";
import { layerStyle } from "../dashboard/charts/seriesStyle.js";
import type { ChartServices } from "../dashboard/services.js";
import { setWords } from "../dashboard/wording.js";
import type { FigureTable } from "../shared/csv.js";
import { t } from "../shared/l10n.js";
import { compact, epochNumber, integer, percent, significant, smallPercent } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { signed } from "./wording.js";

interface Line {
  label: string;
  column: string;
  values: readonly number[];
  show(value: number): string;
}

export class UnitCharts {
  readonly roots: HTMLElement[];
  private readonly frequency: ChartPanel;
  private readonly bias: ChartPanel;
  private readonly norms: ChartPanel;

  constructor(
    private readonly theme: Theme,
    private readonly services: ChartServices,
  ) {
    const share = (value: number) => percent(value, Number.isInteger(Number((value * 100).toFixed(3))) ? 0 : 1);
    this.frequency = this.chart("firing-frequency", t("Firing frequency"), smallShareScale, share);
    this.bias = this.chart("bias", t("Bias"), signedScale, (value) => significant(value).replace("-", "−"));
    this.norms = this.chart("norms", t("Weight norms"), linearScale, significant);
    this.roots = [this.frequency, this.bias, this.norms].map(({ root }) => root);
  }

  /** @param revision differs when the report does */
  render(report: UnitReport, revision: string): void {
    const { series, now, unit } = report;
    const none = series.steps.length === 0 ? t("Drawn after the first evaluation.") : null;
    const undefinedFor = t("Not defined for {0} units: their output is never exactly zero.", unit.activation);
    const set = now ? setWords[now.set] : "";
    const frame = { ...this.frame(report), revision };
    const draw = (panel: ChartPanel, caption: string, lines: Line[], instead = none) =>
      panel.render({
        ...frame,
        caption: [caption, readText(series)].filter(Boolean).join(" · "),
        instead,
        series: lines.map((line, k) => curve(series, line, unit.layer + k)),
        table: () => tableOf(series, lines),
      });
    const fires = series.firingFrequency ?? [];
    draw(
      this.frequency,
      t("share of {0} examples", set),
      [{ label: t("fires on"), column: t("Firing frequency"), values: fires, show: smallPercent }],
      none ?? (series.firingFrequency ? null : undefinedFor),
    );
    draw(this.bias, "", [{ label: t("bias"), column: t("Bias"), values: series.bias, show: signed }]);
    draw(this.norms, t("‖w‖₂ of what leads to the unit, and of what leaves it"), [
      { label: t("in"), column: t("‖w‖ in"), values: series.incomingNorm, show: compact },
      { label: t("out"), column: t("‖w‖ out"), values: series.outgoingNorm, show: compact },
    ]);
  }

  setTheme(theme: Theme): void {
    for (const panel of [this.frequency, this.bias, this.norms]) panel.setTheme(theme);
  }

  private frame(
    report: UnitReport,
  ): Pick<PanelContent, "lastEpoch" | "bestEpoch" | "evaluated" | "zoom" | "moment" | "phases"> {
    const { epochs } = report.series;
    return {
      lastEpoch: Math.max(epochs.at(-1) ?? 0, 1e-3),
      bestEpoch: null,
      evaluated: epochs,
      zoom: this.services.view.state.zoom,
      moment: null,
      phases: phasesOf(report),
    };
  }

  private chart(name: string, title: string, scale: ValueScale, markText: PanelOptions["markText"]): ChartPanel {
    // a unit is told of as it is now: there is no other moment to go to
    const travel = () => {};
    const namesMarks = name === "firing-frequency";
    return new ChartPanel({ name, title, scale, theme: this.theme, travel, markText, namesMarks }, this.services);
  }
}

/** Pre-training, life and death: each begins where the one before ends. */
function phasesOf({ series, death }: UnitReport): ShownPhase[] {
  const { trainingFrom, epochs } = series;
  const first = epochs[0] ?? 0;
  const phases: ShownPhase[] = trainingFrom
    ? [
        { name: t("pre-training"), epoch: first },
        { name: t("training"), epoch: trainingFrom.epoch },
      ]
    : [];
  if (!death?.lastFired) return phases;
  const before = phases.length > 0 ? phases : [{ name: t("alive"), epoch: first }];
  return [...before, { name: t("dead"), epoch: death.lastFired.epoch }].sort((a, b) => a.epoch - b.epoch);
}

function curve({ epochs }: UnitSeries, { label, values, show }: Line, style: number): ChartSeries {
  return { label, epochs, values, show, points: true, style: (theme) => layerStyle(style, theme) };
}

function tableOf({ epochs, steps }: UnitSeries, lines: readonly Line[]): FigureTable {
  return {
    columns: [t("Epoch"), t("Step"), ...lines.map(({ column }) => column)],
    rows: epochs.map((epoch, k) => [
      { text: epochNumber(epoch), value: epoch },
      { text: integer(steps[k] as number), value: steps[k] as number },
      ...lines.map(({ values, show }) => ({ text: show(values[k] as number), value: values[k] as number })),
    ]),
  };
}

/** Where there are too many evaluations to read each of them. */
function readText({ steps, evaluations }: UnitSeries): string {
  return steps.length < evaluations ? t("{0} of {1} evaluations", integer(steps.length), integer(evaluations)) : "";
}
