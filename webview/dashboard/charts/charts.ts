/** The charts of a run: how it developed. All share the epoch axis. */

import { phaseName, pretrainedLayer } from "../../../src/common/phases.js";
import type { RunPhase } from "../../../src/common/run.js";
import type { TrainingWindow } from "../../../src/common/trainingSeries.js";
import { element } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { compact, language, percent, significant } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { unitsWithoutZeros } from "../headline.js";
import { type DashboardModel, isPretraining } from "../model.js";
import type { Services } from "../services.js";
import { type Moment, nearestIndex, stepAt } from "../time/moment.js";
import {
  type ChartContext,
  deadContent,
  figureContent,
  lossContent,
  type PartialContent,
  penaltyContent,
  reconstructionContent,
  sparsityContent,
  starsContent,
} from "./chartContents.js";
import { ChartPanel, type PanelOptions } from "./chartPanel.js";
import type { ShownPhase } from "./epochChart.js";
import { decadeScale, linearScale, shareScale, signedScale, smallShareScale } from "./scales.js";
import { trainingWindow } from "./trainingCurves.js";

const moreSection = "more";

interface Chart {
  panel: ChartPanel;
  /** Whether it draws training figures, which change with every frame. */
  trains: boolean;
  content(context: ChartContext): PartialContent;
  drawn: string;
}

export class Charts {
  readonly roots: HTMLElement[];
  /** Not behind the line that opens more; in sight where they have anything to say: error and loss, stars, reconstruction error, sparsity, dead share, λ. */
  private readonly first: Chart[];
  private readonly others: Chart[];
  /** The other charts, behind a line that opens them. */
  readonly more: HTMLDetailsElement;
  private model: DashboardModel | null = null;

  constructor(
    private readonly theme: Theme,
    private readonly services: Services,
  ) {
    const { view } = services;
    const share = (value: number) => percent(value, Number.isInteger(Number((value * 100).toFixed(3))) ? 0 : 1);
    this.first = [
      this.chart(
        {
          title: t("Error and loss"),
          name: "loss",
          tall: true,
          namesMarks: true,
          scale: decadeScale,
          linear: linearScale,
          markText: significant,
        },
        lossContent,
        true,
      ),
      this.chart({ title: t("Stars: RMSE"), name: "rmse", scale: linearScale, markText: significant }, starsContent),
      this.chart(
        {
          title: t("Reconstruction error"),
          name: "reconstruction",
          tall: true,
          namesMarks: true,
          scale: decadeScale,
          linear: linearScale,
          markText: significant,
        },
        reconstructionContent,
        true,
      ),
      this.chart(
        { title: t("Sparsity per layer"), name: "sparsity", tall: true, scale: shareScale, markText: share },
        sparsityContent,
        true,
      ),
      this.chart(
        { title: t("Dead share per layer"), name: "dead", scale: smallShareScale, markText: share },
        deadContent,
      ),
      this.chart(
        { title: t("L1 penalty"), name: "penalty", scale: decadeScale, linear: linearScale, markText: compact },
        penaltyContent,
        true,
      ),
    ];
    this.others = [
      this.chart(
        {
          title: t("Gradient norm per layer"),
          name: "gradient",
          scale: decadeScale,
          linear: linearScale,
          markText: compact,
        },
        figureContent("gradientNorm", t("‖∂L/∂W‖₂ of a step, mean since the evaluation before")),
      ),
      this.chart(
        {
          title: t("Update ratio per layer"),
          name: "update",
          scale: decadeScale,
          linear: linearScale,
          markText: compact,
        },
        figureContent("updateRatio", t("‖ΔW‖₂ ÷ ‖W‖₂ of a step, likewise")),
      ),
      this.chart(
        { title: t("Mean activation per layer"), name: "mean", scale: signedScale, markText: significant },
        figureContent("meanActivation", t("mean output, sign mask included")),
      ),
    ];
    this.more = element(
      "details",
      { class: "more", data: { section: moreSection } },
      element("summary", {}, t("More charts: gradient norm, update ratio, mean activation")),
      element("div", { class: "column" }, ...this.others.map(({ panel }) => panel.root)),
    );
    this.more.open = view.isOpen(moreSection);
    this.more.addEventListener("toggle", () => view.setOpen(moreSection, this.more.open));
    this.roots = this.first.map(({ panel }) => panel.root);
  }

  render(model: DashboardModel, moment: Moment, layer: number): void {
    this.model = model;
    const { shown, measured, lastEpoch, best } = model;
    const phases = model.phases.map(shownPhase);
    const { zoom, logarithmic } = this.services.view.state;
    const chosen = moment.following ? null : (moment.evaluation?.epoch ?? null);
    const frame = {
      lastEpoch,
      bestEpoch: shown.length > 1 ? (best?.epoch ?? null) : null,
      evaluated: measured.map((line) => line.epoch),
      zoom,
      moment: chosen,
      phases,
      revision: String(model.evaluationsRevision),
    };
    const context = { model, layer };
    const [loss, stars, reconstruction, sparsity, dead, penalty] = this.first.map(({ panel }) => panel);
    if (reconstruction) reconstruction.root.hidden = !model.pretrains;
    if (stars) stars.root.hidden = !shown.some(({ rmse }) => rmse !== undefined);
    if (penalty) penalty.root.hidden = model.training.penalty === null;
    // nothing of it exists before the training
    if (loss) loss.root.hidden = isPretraining(model);
    const layered = model.hidden.length > 0;
    for (const panel of [sparsity, dead]) if (panel) panel.root.hidden = !layered;
    this.more.hidden = !layered;
    sparsity?.setTitle(unitsWithoutZeros(model.hidden) ? t("Near-zero share per layer") : t("Sparsity per layer"));
    const shared = [
      model.evaluationsRevision,
      lastEpoch,
      zoom,
      chosen,
      layer,
      logarithmic,
      model.live,
      model.hidden.length,
      phases,
    ];
    for (const chart of this.more.open ? [...this.first, ...this.others] : this.first) {
      const key = JSON.stringify([...shared, chart.trains ? [model.trainingRevision, model.pretrainingRevision] : 0]);
      if (key === chart.drawn || chart.panel.root.hidden) continue;
      chart.drawn = key;
      chart.panel.render({ ...frame, ...chart.content(context) });
    }
  }

  /** The part of the training figures that is drawn. */
  window(model: DashboardModel): TrainingWindow {
    return trainingWindow(
      model,
      this.services.view.state.zoom,
      Math.max(...this.first.map(({ panel }) => panel.plotWidth)),
    );
  }

  setTheme(theme: Theme): void {
    for (const { panel } of [...this.first, ...this.others]) panel.setTheme(theme);
  }

  private chart(options: Omit<PanelOptions, "theme" | "travel">, content: Chart["content"], trains = false): Chart {
    const travel = (epoch: number) => this.travel(epoch);
    return {
      panel: new ChartPanel({ ...options, theme: this.theme, travel }, this.services),
      trains,
      content,
      drawn: "",
    };
  }

  private travel(epoch: number): void {
    const shown = this.model?.measured ?? [];
    const index = nearestIndex(
      shown.map((line) => line.epoch),
      epoch,
    );
    if (index >= 0) this.services.view.setStep(stepAt(shown, index));
  }
}

/** A run that pre-trains many layers has room for short names only. */
function shownPhase(phase: RunPhase): ShownPhase {
  const layer = pretrainedLayer(phase.name);
  return { ...phase, name: phaseName(phase, language), ...(layer !== null && { short: t("layer {0}", layer) }) };
}
