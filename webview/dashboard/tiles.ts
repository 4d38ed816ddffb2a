/** The five figures that matter first. */
import { definitions } from "../../src/common/metrics.js";
import { element, setText, setValue } from "../shared/dom.js";
import { counted, epochNumber, integer, noFigure, percent, significant } from "../shared/numbers.js";
import type { Theme } from "../shared/theme.js";
import { thin } from "./charts/columns.js";
import { headlineOf, meanOf, unitsWithoutZeros } from "./headline.js";
import type { DashboardModel } from "./model.js";
import { Sparkline } from "./sparkline.js";
import { errorLabels } from "./wording.js";

const sparklinePoints = 40;

export class Tiles {
  readonly root = element("dl", { class: "tiles", attributes: { "aria-label": "Key figures" } });
  private readonly error = new Tile("validation-error", definitions.error.text);
  private readonly loss: Tile;
  private readonly sparsity: Tile;
  private readonly dead = new Tile("dead-units", definitions.dead.text);
  private readonly active = new Tile("active-units", definitions.activeUnits.text);
  private readonly sparklines: Sparkline[];

  constructor(theme: Theme) {
    this.sparklines = [new Sparkline(theme), new Sparkline(theme)];
    this.loss = new Tile("training-loss", definitions.loss.text, this.sparklines[0]);
    this.sparsity = new Tile("mean-sparsity", definitions.sparsity.text, this.sparklines[1]);
    const tiles = [this.error, this.loss, this.sparsity, this.dead, this.active];
    this.root.append(...tiles.map((tile) => tile.root));
  }

  render(model: DashboardModel): void {
    const figures = headlineOf(model);
    const other = unitsWithoutZeros(model.hidden);
    const measured = model.latest !== null;
    const waiting = model.live ? "waiting for the first evaluation" : "never evaluated";
    const notDefined = `not defined for ${other} units`;
    // The end of a run is told by its best checkpoint: figures of another epoch must not pass for those.
    const when = !model.live && model.latest ? ` · epoch ${epochNumber(model.latest.epoch)}` : "";
    const beside = (note: string) => (other ? notDefined : measured ? note + when : waiting);

    const { best, activeRange } = figures;
    const bestNote = best ? `best ${percent(best.error, 2)} (epoch ${epochNumber(best.epoch)})` : waiting;
    const shownPercent = (value: number | null, digits: number) => (value === null ? noFigure : percent(value, digits));
    this.error.show(errorLabels[model.shownSet], figures.error, shownPercent(figures.error, 2), bestNote);

    const { trainLoss } = figures;
    const lossNote = trainLoss
      ? `mean of ${counted(trainLoss.n, "example", "examples")}`
      : model.live
        ? "starting"
        : "never measured";
    this.loss.show("Training loss", trainLoss?.mean ?? null, shownLoss(trainLoss?.mean ?? null), lossNote);
    this.sparklines[0]?.render(finite(thin(model.lines, sparklinePoints).map((line) => line.loss)));

    if (other) {
      const shown = shownPercent(figures.nearZero, 1);
      this.sparsity.show("Near-zero share", null, shown, measured ? `sparsity not defined for ${other}` : waiting);
      this.sparsity.root.title = definitions.nearZero.text;
      this.sparklines[1]?.render(finite(model.shown.map((line) => meanOf(line.layers.map((layer) => layer.nearZero)))));
    } else {
      const shown = shownPercent(figures.sparsity, 1);
      const note = `exact zeros, ${counted(model.hidden.length, "layer", "layers")}${when}`;
      this.sparsity.show("Mean sparsity", figures.sparsity, shown, measured ? note : waiting);
      this.sparsity.root.title = `${definitions.sparsity.text} Mean over the hidden layers.`;
      this.sparklines[1]?.render(finite(model.shown.map((line) => meanOf(line.layers.map((layer) => layer.sparsity)))));
    }

    const ofUnits = `of ${counted(figures.units, "unit", "units")}`;
    const dead = figures.dead === null ? noFigure : integer(figures.dead);
    this.dead.show("Dead units", figures.dead, dead, beside(ofUnits));
    const active = figures.activeUnits === null ? noFigure : integer(figures.activeUnits);
    const range = activeRange ? `10–90 %: ${integer(activeRange.p10)}–${integer(activeRange.p90)}` : ofUnits;
    this.active.show("Active units per example", figures.activeUnits, active, beside(range));
  }

  setTheme(theme: Theme): void {
    for (const sparkline of this.sparklines) sparkline.setTheme(theme);
  }
}

class Tile {
  readonly root: HTMLElement;
  private readonly label = element("dt");
  private readonly value = element("strong");
  private readonly note = element("dd", { class: "note" });

  constructor(field: string, definition: string, sparkline?: Sparkline) {
    const figure = element("dd", { class: "figure" }, this.value);
    if (sparkline) figure.append(sparkline.root);
    const options = { class: "tile", data: { field }, attributes: { title: definition } };
    this.root = element("div", options, this.label, figure, this.note);
  }

  show(label: string, raw: number | null, shown: string, note: string): void {
    setValue(this.root, raw);
    setText(this.label, label);
    setText(this.value, shown);
    setText(this.note, note);
  }
}

function shownLoss(loss: number | null): string {
  if (loss === null) return noFigure;
  return Number.isFinite(loss) ? significant(loss) : "not finite";
}

function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}
