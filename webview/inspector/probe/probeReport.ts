/** What came of a probe: figures of the model, of its layers, and the units of one of them. */
import { definitions } from "../../../src/common/metrics.js";
import { printable } from "../../../src/common/printable.js";
import type { ProbeReport } from "../../../src/common/probe.js";
import { LayersTable } from "../../dashboard/layersTable.js";
import type { TableServices } from "../../dashboard/tableSection.js";
import type { UnitOrder } from "../../dashboard/viewState.js";
import { errorLabels, rmseLabels, setWords } from "../../dashboard/wording.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { counted, duration, integer, noFigure, percent, significant, stars } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { Tile } from "../../shared/tile.js";
import { layerToLookAt, probeHeadline, tabledLayers } from "./probedPicture.js";
import { ProbedUnits } from "./probedUnits.js";

/** What a person chose to see of it. */
export interface ReportView {
  /** From 1; null for the layer that calls for a look. */
  layer: number | null;
  sort: UnitOrder;
}

export class ProbeReportView {
  readonly root = element("div", { class: "probe-report", data: { field: "probe-report" } });
  private readonly recipe = element("p", { class: "recipe" });
  private readonly tiles = element("dl", {
    class: "tiles tiles-inspector",
    attributes: { "aria-label": t("Key figures") },
  });
  private readonly error = new Tile("probe-error", t(definitions.error.text));
  private readonly loss = new Tile("probe-loss", t(definitions.loss.text));
  private readonly sparsity = new Tile("probe-sparsity", t(definitions.sparsity.text));
  private readonly dead = new Tile("probe-dead", t(definitions.dead.text));
  private readonly layers: LayersTable;
  private readonly units: ProbedUnits;
  private readonly notes = element("div", { class: "probe-notes note" });
  private drawn: ProbeReport | null = null;

  constructor(theme: Theme, services: TableServices, choose: (change: Partial<ReportView>) => void) {
    this.layers = new LayersTable(theme, (layer) => choose({ layer }), false);
    this.units = new ProbedUnits(theme, services, (sort) => choose({ sort }));
    this.tiles.append(...[this.error, this.loss, this.sparsity, this.dead].map(({ root }) => root));
    this.root.append(
      this.recipe,
      this.tiles,
      this.notes,
      element(
        "div",
        { class: "columns" },
        element("div", { class: "column" }, this.layers.root, this.units.roots[0]!),
        element("div", { class: "column" }, ...this.units.roots.slice(1)),
      ),
    );
  }

  /** @param report null hides it */
  render(report: ProbeReport | null, { layer, sort }: ReportView): void {
    this.root.hidden = report === null;
    if (!report) return;
    if (report !== this.drawn) this.renderFigures(report);
    this.drawn = report;
    const last = Math.max(0, report.layers.length - 1);
    const l = Math.min(last, layer === null ? layerToLookAt(report) : layer - 1);
    const { evaluation, thresholds } = report;
    const { set, n, layers } = evaluation;
    const withoutZeros = layers.length > 0 && layers.every(({ sparsity }) => sparsity === null);
    this.layers.root.hidden = layers.length === 0;
    this.layers.render(
      { hidden: tabledLayers(report), withoutZeros, thresholds },
      { evaluation: { set, n, layers } },
      l + 1,
    );
    this.units.render(report, l, sort);
  }

  setTheme(theme: Theme): void {
    this.layers.setTheme(theme);
    this.units.setTheme(theme);
  }

  private renderFigures(report: ProbeReport): void {
    const { evaluation, dataset, engine, inputShape, seconds } = report;
    const { set, n, error, loss, rmse } = evaluation;
    const examples = counted(n, "{0} example", "{0} examples");
    setText(
      this.recipe,
      [
        printable(dataset.name),
        t("{0}, {1}", setWords[set], examples),
        t("input {0}", inputShape.map(String).join(" × ")),
        engine === "builtin" ? t("computed by Rectiscope's engine") : t("computed by ONNX Runtime"),
        secondsText(seconds),
      ].join(" · "),
    );
    const measured = t("{0}, {1}", setWords[set], examples);
    const noAnswer = t("no output for each class");
    this.error.show(errorLabels[set], error, error === null ? noFigure : percent(error, 2), [
      error === null ? noAnswer : measured,
      ...(rmse === undefined ? [] : [`${rmseLabels[set]} ${stars(rmse)}`]),
    ]);
    this.loss.show(t("Loss"), loss, loss === null ? noFigure : significant(loss), [
      loss === null ? noAnswer : measured,
    ]);
    this.showSparsity(report);
    this.notes.replaceChildren(...notesOf(report).map((words) => element("p", {}, words)));
    this.notes.hidden = this.notes.childElementCount === 0;
  }

  private showSparsity(report: ProbeReport): void {
    const { sparsity, nearZero, dead, units } = probeHeadline(report);
    const over = t("mean over {0}", counted(report.layers.length, "{0} layer", "{0} layers"));
    if (sparsity !== null) this.sparsity.show(t("Sparsity"), sparsity, percent(sparsity, 1), [over]);
    else if (nearZero !== null)
      this.sparsity.show(t("Near zero"), nearZero, percent(nearZero, 1), [over, t("sparsity is not defined")]);
    else this.sparsity.show(t("Sparsity"), null, noFigure, [t("not defined for all layers")]);
    if (dead === null) this.dead.show(t("Dead units"), null, noFigure, [t("not defined for these units")]);
    else this.dead.show(t("Dead units"), dead, integer(dead), [t("of {0}", counted(units, "{0} unit", "{0} units"))]);
  }
}

/** Of short times with a decimal. */
function secondsText(seconds: number): string {
  return seconds < 10 ? `${significant(Math.max(1, Math.round(10 * seconds)) / 10)} s` : duration(seconds);
}

function notesOf({ layers, leftOut, unitsFrom }: ProbeReport): string[] {
  const notes: string[] = [];
  if (layers.length === 0) notes.push(t("The model has no units that could be counted."));
  if (unitsFrom === "config")
    notes.push(t("The file does not say which units it has: those of the experiment's network are taken."));
  if (layers.some(({ positions }) => positions))
    notes.push(t("Of units that have positions, such as channels, every position of an example counts."));
  for (const { name, reason } of leftOut) notes.push(t("Not counted: {0}: {1}", printable(name), printable(reason)));
  return notes;
}
