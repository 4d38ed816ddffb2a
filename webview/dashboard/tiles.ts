/** The five figures that matter first. */
import { definitions } from "../../src/common/metrics.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, epochNumber, integer, noFigure, percent, significant, stars } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { Tile } from "../shared/tile.js";
import { headlineOf, meanOf, unitsWithoutZeros } from "./headline.js";
import type { Measured } from "./measured.js";
import { type DashboardModel, isPretraining } from "./model.js";
import { Sparkline } from "./sparkline.js";
import type { Moment } from "./time/moment.js";
import { errorLabels, rmseLabels } from "./wording.js";

export class Tiles {
  readonly root = element("dl", { class: "tiles", attributes: { "aria-label": t("Key figures") } });
  private readonly error = new Tile("validation-error", t(definitions.error.text));
  private readonly rmse = new Tile("rmse", t(definitions.rmse.text));
  private readonly loss: Tile;
  private readonly sparsity: Tile;
  private readonly dead = new Tile("dead-units", t(definitions.dead.text));
  private readonly active = new Tile("active-units", t(definitions.activeUnits.text));
  private readonly sparklines: Sparkline[];
  private historyDrawn = "";

  constructor(theme: Theme) {
    this.sparklines = [new Sparkline(theme), new Sparkline(theme)];
    this.loss = new Tile("training-loss", t(definitions.loss.text), this.sparklines[0]?.root);
    this.sparsity = new Tile("mean-sparsity", t(definitions.sparsity.text), this.sparklines[1]?.root);
    const tiles = [this.error, this.loss, this.sparsity, this.dead, this.active];
    this.root.append(...tiles.map((tile) => tile.root));
  }

  render(model: DashboardModel, moment: Moment): void {
    const { evaluation, following } = moment;
    const figures = headlineOf(model, evaluation, following);
    const layerless = model.hidden.length === 0;
    this.root.classList.toggle("tiles-layerless", layerless);
    for (const tile of [this.sparsity, this.dead, this.active]) tile.root.hidden = layerless;
    const other = unitsWithoutZeros(model.hidden);
    const measured = evaluation !== null;
    const waiting = model.live ? t("waiting for the first evaluation") : t("never evaluated");
    const notDefined = t("not defined for {0} units", other ?? "");
    // The latest figures of a live run need no date; others must not pass for them, nor for those of the best checkpoint.
    const dated = evaluation !== null && !(model.live && following);
    const when = dated ? [t("epoch {0}", epochNumber(evaluation.epoch))] : [];
    const beside = (note: string) => (other ? [notDefined] : measured ? [note, ...when] : [waiting]);

    const shownPercent = (value: number | null, digits: number) => (value === null ? noFigure : percent(value, digits));
    if (evaluation ? evaluation.reconstruction : isPretraining(model)) this.showReconstruction(model, moment, waiting);
    else this.showErrors(model, moment, waiting, when);

    const history = (name: "sparsity" | "nearZero") =>
      finite(phaseOf(model, evaluation).map((line) => meanOf(line.layers.map((layer) => layer?.[name] ?? null))));
    const all = model.hidden.length;
    const ofLayers =
      figures.layers < all
        ? t("{0} of {1} layers", integer(figures.layers), integer(all))
        : counted(all, "{0} layer", "{0} layers");
    if (other) {
      const shown = shownPercent(figures.nearZero, 1);
      const note = t("sparsity not defined for {0}", other);
      this.sparsity.show(t("Near-zero share"), null, shown, [measured ? note : waiting]);
      this.sparsity.root.title = t(definitions.nearZero.text);
    } else {
      const shown = shownPercent(figures.sparsity, 1);
      const notes = [all === 1 ? t("exact zeros") : t("exact zeros, {0}", ofLayers), ...when];
      this.sparsity.show(t("Mean sparsity"), figures.sparsity, shown, measured ? notes : [waiting]);
      this.sparsity.root.title = t("{0} Mean over the hidden layers.", t(definitions.sparsity.text));
    }
    const revision = `${model.evaluationsRevision} ${evaluation?.reconstruction?.layer}`;
    if (this.historyDrawn !== revision) {
      this.historyDrawn = revision;
      this.sparklines[1]?.render(history(other ? "nearZero" : "sparsity"));
    }

    const ofUnits = t("of {0}", counted(figures.units, "{0} unit", "{0} units"));
    const dead = figures.dead === null ? noFigure : integer(figures.dead);
    this.dead.show(t("Dead units"), figures.dead, dead, beside(ofUnits));
    const active = figures.activeUnits === null ? noFigure : integer(figures.activeUnits);
    const { activeRange } = figures;
    const range = activeRange ? t("10–90 %: {0}–{1}", integer(activeRange.p10), integer(activeRange.p90)) : ofUnits;
    this.active.show(t("Active units per example"), figures.activeUnits, active, beside(range));
  }

  /** The first two figures, where the network is trained. */
  private showErrors(model: DashboardModel, moment: Moment, waiting: string, when: readonly string[]): void {
    const { evaluation, following } = moment;
    const { best, error, trainLoss } = headlineOf(model, evaluation, following);
    const bestNote = best ? t("best {0} (epoch {1})", percent(best.error, 2), epochNumber(best.epoch)) : waiting;
    this.error.define("validation-error", t(definitions.error.text));
    this.error.show(errorLabels[model.shownSet], error, error === null ? noFigure : percent(error, 2), [bestNote]);
    this.showStars(model, moment, when);
    const lossNote = trainLoss
      ? following
        ? [t("mean of {0}", counted(trainLoss.n, "{0} example", "{0} examples"))]
        : [counted(trainLoss.n, "{0} example", "{0} examples"), ...when]
      : [model.live ? t("starting") : t("never measured")];
    this.loss.define("training-loss", t(definitions.loss.text));
    this.loss.show(t("Training loss"), trainLoss?.mean ?? null, shownLoss(trainLoss?.mean ?? null), lossNote);
    this.sparklines[0]?.render(model.training.history);
  }

  /** Only where the labels are stars, and the network is trained. */
  private showStars(model: DashboardModel, moment: Moment | null, when: readonly string[]): void {
    const starred = moment !== null && model.shown.some(({ rmse }) => rmse !== undefined);
    this.root.classList.toggle("tiles-starred", starred);
    if (!starred) {
      this.rmse.root.remove();
      return;
    }
    if (!this.rmse.root.isConnected) this.error.root.after(this.rmse.root);
    const { rmse } = headlineOf(model, moment.evaluation, moment.following);
    this.rmse.show(rmseLabels[model.shownSet], rmse, rmse === null ? noFigure : stars(rmse), [t("in stars"), ...when]);
  }

  /** The first two figures, where a layer is pre-trained. */
  private showReconstruction(model: DashboardModel, { evaluation, following }: Moment, waiting: string): void {
    this.showStars(model, null, []);
    const line = evaluation?.reconstruction;
    const definition = t(definitions.reconstruction.text);
    const notes = line
      ? [t("layer {0}", line.layer), t("{0} from clean inputs", significant(line.cleanLoss))]
      : [waiting];
    this.error.define("reconstruction-error", definition);
    this.error.show(t("Reconstruction error"), line?.loss ?? null, shownLoss(line?.loss ?? null), notes);
    const loss = following ? model.pretraining.loss : null;
    const examples = loss && counted(loss.n, "{0} example", "{0} examples");
    const lossNotes = examples
      ? [t("layer {0}", loss.layer), t("mean of {0}", examples)]
      : [following && model.live ? t("starting") : t("see the chart")];
    this.loss.define("training-reconstruction", definition);
    this.loss.show(t("Reconstruction error, training"), loss?.mean ?? null, shownLoss(loss?.mean ?? null), lossNotes);
    this.sparklines[0]?.render(model.pretraining.history);
  }

  setTheme(theme: Theme): void {
    for (const sparkline of this.sparklines) sparkline.setTheme(theme);
  }
}

/** What was measured in the same phase: the mean of two layers and that of three are no curve. */
function phaseOf({ measured }: DashboardModel, evaluation: Moment["evaluation"]): Measured[] {
  return measured.filter((line) => line.reconstruction?.layer === evaluation?.reconstruction?.layer);
}

function shownLoss(loss: number | null): string {
  if (loss === null) return noFigure;
  return Number.isFinite(loss) ? significant(loss) : t("not finite");
}

function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}
