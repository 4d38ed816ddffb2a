/** The chosen layer's units at the chosen moment: map and histograms, or why there are none. */
import type { LayerShape } from "../../../src/common/run.js";
import type { UnitFigures } from "../../../src/common/unitFrames.js";
import { hasExactZeros } from "../../../src/common/units.js";
import { element, setText } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { counted, epochNumber } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import { BarPanel } from "../bars/barPanel.js";
import { isOf, keyOf, type Measured } from "../measured.js";
import type { DashboardModel } from "../model.js";
import type { Services } from "../services.js";
import type { Moment } from "../time/moment.js";
import type { MomentKey } from "../viewState.js";
import { DeadList } from "./deadList.js";
import { activeContent, frequencyContent, meanContent } from "./histograms.js";
import { MapLegend } from "./mapLegend.js";
import { SortSwitch } from "./sortSwitch.js";
import { UnitMap } from "./unitMap.js";
import { type UnitPicture, unitPicture } from "./unitPicture.js";
import type { UnitStore } from "./unitStore.js";

/** Schema default, for runs of programs that wrote no config. */
const usualRareThreshold = 1e-3;

export class UnitsSection {
  readonly roots: HTMLElement[];
  private readonly heading = element("h2");
  private readonly caption = element("span", { class: "caption" });
  private readonly sort: SortSwitch;
  private readonly map: UnitMap;
  private readonly legend: MapLegend;
  private readonly dead: DeadList;
  private readonly drawn: HTMLElement;
  private readonly instead = element("p", { class: "instead" });
  private readonly retry = element("button", { class: "link-button", attributes: { type: "button" } });
  private readonly frequencies: BarPanel;
  private readonly active: BarPanel;
  private picture: UnitPicture<Measured> | null = null;
  /** The evaluation whose units came last: shown until those of another come. */
  private last: { key: MomentKey; layers: readonly UnitFigures[] } | null = null;
  private shownHistograms: { picture: UnitPicture<Measured>; theme: Theme; stepsPerEpoch: number | null } | null = null;
  private wanted: MomentKey | null = null;

  constructor(
    private theme: Theme,
    private readonly services: Services,
    private readonly store: UnitStore,
  ) {
    this.sort = new SortSwitch((order) => services.view.setSort(order));
    this.map = new UnitMap(theme, services.openUnit);
    this.legend = new MapLegend(theme);
    this.dead = new DeadList(services);
    this.frequencies = new BarPanel("frequency", theme, services);
    this.active = new BarPanel("active", theme, services);
    setText(this.retry, t("Retry"));
    this.retry.dataset.action = "retryUnits";
    this.retry.addEventListener("click", () => {
      if (this.wanted !== null) store.retry(this.wanted);
    });
    this.drawn = element("div", {}, this.map.root, this.legend.root, this.dead.root);
    const title = element("div", { class: "head-words" }, this.heading, this.caption);
    const panel = element(
      "section",
      { class: "panel", data: { section: "units" } },
      element("div", { class: "panel-head" }, title, this.sort.root),
      this.drawn,
      this.instead,
      this.retry,
    );
    this.roots = [panel, this.frequencies.root, this.active.root];
  }

  render(model: DashboardModel, moment: Moment, layer: LayerShape | undefined): void {
    setText(this.heading, layer ? t("Units of layer {0}", layer.layer) : t("Units"));
    const blank = layer ? this.read(model, moment, layer) : t("This run has no hidden layers.");
    const { picture } = this;
    const failed = blank !== null && this.wanted !== null && this.store.errorAt(this.wanted) !== null;
    const fires = picture?.fires ?? false;
    const words = blank ?? (fires ? "" : noFiringWords(layer));
    this.instead.hidden = words === "";
    this.instead.classList.toggle("loading", blank === loading);
    setText(this.instead, words);
    this.retry.hidden = !failed;
    const mapped = blank === null && picture !== null;
    this.drawn.hidden = !mapped || !fires;
    this.sort.root.hidden = this.drawn.hidden;
    setText(this.caption, mapped && fires ? captionOf(picture) : "");
    this.frequencies.root.hidden = !mapped;
    this.active.root.hidden = !mapped || !fires;
    if (!mapped) return;
    if (fires) {
      const { sort } = this.services.view.state;
      this.sort.render(sort);
      this.map.render(picture, sort, model.stepsPerEpoch);
      this.legend.render(picture);
      this.dead.render(picture, model.stepsPerEpoch);
    }
    this.renderHistograms(picture, model.stepsPerEpoch);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.map.setTheme(theme);
    this.legend.setTheme(theme);
    this.frequencies.setTheme(theme);
    this.active.setTheme(theme);
    if (this.shownHistograms) this.renderHistograms(this.shownHistograms.picture, this.shownHistograms.stepsPerEpoch);
  }

  /** What could not be had may be there now; what is shown must not pass for another run. */
  renew(other: boolean): void {
    this.store.forgetErrors();
    if (!other) return;
    this.store.reset();
    this.picture = null;
    this.last = null;
  }

  /** Finds the picture to show. @returns what to say in its place; null when there is one */
  private read(model: DashboardModel, moment: Moment, layer: LayerShape): string | null {
    this.wanted = null;
    if (!moment.evaluation)
      return model.live ? t("Drawn after the first evaluation.") : t("This run was never evaluated.");
    // in pre-training the layers below stay as they were measured last
    const upTo = model.measured.slice(0, moment.index + 1);
    const evaluation = upTo.findLast((one) => isOf(one, layer.layer));
    if (!evaluation) return t("The pre-training of this layer has not begun.");
    if (evaluation.set !== "valid")
      return t("Units are measured on the validation set, of which this run has no figures.");
    const key = keyOf(evaluation);
    this.wanted = key;
    const layers = this.store.want(key);
    if (layers) this.last = { key, layers };
    const error = this.store.errorAt(key);
    if (error !== null) return t("The units of epoch {0} cannot be shown: {1}", epochNumber(evaluation.epoch), error);
    if (!this.last) return loading;
    const of = model.measured.find((line) => keyOf(line) === this.last?.key);
    const figures = this.last.layers[layer.layer - 1];
    if (!of || (!isOf(of, layer.layer) && this.last.key !== key)) return loading;
    if (!figures || figures.firingFrequency.length === 0)
      return t("The file of this evaluation has no units of this layer.");
    if (this.picture?.layer !== layer || this.picture.evaluation !== of || this.picture.figures !== figures) {
      const threshold = model.run?.config?.evaluation.rareThreshold ?? usualRareThreshold;
      this.picture = unitPicture(layer, of, figures, threshold);
    }
    return null;
  }

  private renderHistograms(picture: UnitPicture<Measured>, stepsPerEpoch: number | null): void {
    const { theme, shownHistograms: shown } = this;
    if (shown?.picture === picture && shown.theme === theme) return;
    if (shown?.picture.layer !== picture.layer) this.frequencies.close();
    this.shownHistograms = { picture, theme, stepsPerEpoch };
    const revision = `${picture.layer.layer} ${keyOf(picture.evaluation)}`;
    const content = picture.fires ? frequencyContent(picture, theme, stepsPerEpoch) : meanContent(picture, theme);
    this.frequencies.render(content, revision);
    if (!picture.fires) return;
    const active = picture.evaluation.layers[picture.layer.layer - 1]?.activeUnits ?? null;
    this.active.render(activeContent(picture, active, theme), revision);
  }
}

const loading = t("Loading the units…");

function captionOf({ units, evaluation }: UnitPicture<Measured>): string {
  return t("{0}, epoch {1}", counted(units, "{0} unit", "{0} units"), epochNumber(evaluation.epoch));
}

function noFiringWords(layer: LayerShape | undefined): string {
  if (!layer || layer.activation === "softmax" || hasExactZeros(layer.activation)) return "";
  return t(
    "No map: {0} units are never exactly zero, so that how often they fire, and which are dead or rare, is not defined. Their mean outputs are shown instead.",
    layer.activation,
  );
}
