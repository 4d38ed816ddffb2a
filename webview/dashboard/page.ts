/** The page: its parts from top to bottom, and what each state of a run shows of them. */

import type { Pictures } from "../../src/common/pictures.js";
import { isResumable } from "../../src/common/run.js";
import type { TrainingWindow } from "../../src/common/trainingSeries.js";
import { Announcer } from "../shared/announcer.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { epochNumber, percent, significant } from "../shared/numbers.js";
import { readTheme } from "../shared/theme.js";
import { Charts } from "./charts/charts.js";
import { type ClaimsAction, ClaimsSection } from "./claims/claimsSection.js";
import { Footer } from "./footer.js";
import { Header } from "./header.js";
import { layerToLookAt, unitsWithoutZeros } from "./headline.js";
import { LayersTable } from "./layersTable.js";
import { keyOf, type Measured } from "./measured.js";
import { type DashboardModel, isPretraining } from "./model.js";
import { Notice, noticeOf, RequestError } from "./notice.js";
import { PictureStore } from "./pictures/pictureStore.js";
import { PicturesSection } from "./pictures/picturesSection.js";
import type { Services } from "./services.js";
import { revivalNotice, targetNotice } from "./sparsityNotices.js";
import { Tiles } from "./tiles.js";
import { momentOf } from "./time/moment.js";
import { TimeBar } from "./time/timeBar.js";
import { type Action, Toolbar } from "./toolbar.js";
import { UnitStore } from "./units/unitStore.js";
import { UnitsSection } from "./units/unitsSection.js";
import type { View } from "./view.js";
import type { MomentKey } from "./viewState.js";
import { errorLabels, stateWords } from "./wording.js";

export interface PageRequests {
  /** A button's request; rejects when the host could not do it, after showing why. */
  act(action: Action | ClaimsAction): Promise<void>;
  /** The units at a step, as common/unitFrames packs them. @param layer whose pre-training it was, if any */
  units(step: number, layer?: number): Promise<ArrayBuffer>;
  /** Opens a unit's page. */
  openUnit(layer: number, unit: number): void;
  /** @param from the first filter; null where the inputs are no images */
  pictures(from: number): Promise<Pictures | null>;
}

export class Page {
  readonly root = element("div", { class: "page" });
  private readonly header: Header;
  private readonly toolbar: Toolbar;
  private readonly requestError = new RequestError();
  private readonly notice = new Notice();
  private readonly revival = new Notice("revival");
  /** What changes when units have been revived. */
  private revivals = "";
  private readonly target = new Notice("target");
  private readonly timeBar: TimeBar;
  private readonly tiles: Tiles;
  private readonly charts: Charts;
  private readonly layers: LayersTable;
  private readonly units: UnitsSection;
  private readonly pictures: PicturesSection;
  private readonly columns: HTMLElement;
  private readonly claims: ClaimsSection;
  private readonly footer = new Footer();
  private readonly announcer = new Announcer();
  private announced: { state: string; step: MomentKey } = { state: "", step: -1 };

  /** @param redraw asks for another rendering */
  constructor(
    private readonly view: View,
    requests: PageRequests,
    redraw: () => void,
  ) {
    const theme = readTheme();
    const services: Services = {
      view,
      copy: (text) => this.copy(text),
      say: (words) => this.announcer.sayNow(words),
      openUnit: (layer, unit) => requests.openUnit(layer, unit),
    };
    this.toolbar = new Toolbar((action) => requests.act(action));
    this.header = new Header(this.toolbar);
    this.timeBar = new TimeBar(view);
    this.tiles = new Tiles(theme);
    this.charts = new Charts(theme, services);
    this.layers = new LayersTable(theme, (layer) => view.setLayer(layer));
    this.units = new UnitsSection(theme, services, new UnitStore((key) => requests.units(...stepOf(key)), redraw));
    this.pictures = new PicturesSection(theme, new PictureStore((from) => requests.pictures(from), redraw), redraw);
    this.claims = new ClaimsSection(services, (action) => requests.act(action));
    this.columns = element(
      "div",
      { class: "columns" },
      element("div", { class: "column" }, ...this.charts.roots, ...this.pictures.roots, this.charts.more),
      element("div", { class: "column" }, this.layers.root, ...this.units.roots),
    );
    this.root.append(
      this.header.root,
      this.requestError.root,
      this.notice.root,
      this.revival.root,
      this.target.root,
      this.timeBar.root,
      this.tiles.root,
      this.columns,
      this.claims.root,
      this.footer.root,
      this.announcer.root,
    );
  }

  render(model: DashboardModel): void {
    const { state } = this.view;
    const moment = momentOf(model.measured, state.step);
    this.toolbar.render(actionsOf(model));
    const revivals = `${model.run?.state} ${model.revivals.length}`;
    if (revivals !== this.revivals) this.toolbar.settle("revive");
    this.revivals = revivals;
    this.header.render(model);
    this.notice.show(noticeOf(model));
    this.revival.show(revivalNotice(model));
    this.target.show(targetNotice(model));
    this.footer.render(model, moment);
    const readable = model.run !== null;
    this.tiles.root.hidden = !readable;
    this.columns.hidden = !readable;
    this.claims.render(model);
    this.timeBar.root.hidden = !readable;
    if (readable) {
      const chosen = state.layer ?? moment.evaluation?.reconstruction?.layer ?? layerToLookAt(model.latest);
      const layer = Math.min(chosen, Math.max(1, model.hidden.length));
      this.timeBar.render(model, moment, state.zoom !== null);
      this.tiles.render(model, moment);
      this.charts.render(model, moment, layer);
      const { hidden, run } = model;
      const withoutZeros = unitsWithoutZeros(hidden) !== null;
      this.layers.render({ hidden, withoutZeros, thresholds: run?.config?.evaluation }, moment, layer);
      this.pictures.render(model);
      this.units.render(model, moment, model.hidden[layer - 1]);
    }
    this.announce(model);
  }

  /** The part of the training figures that is drawn. */
  window(model: DashboardModel): TrainingWindow {
    return this.charts.window(model);
  }

  repaint(): void {
    const theme = readTheme();
    this.tiles.setTheme(theme);
    this.charts.setTheme(theme);
    this.layers.setTheme(theme);
    this.units.setTheme(theme);
    this.pictures.setTheme(theme);
  }

  /** Everything came anew. @param other of another run */
  renew(other: boolean): void {
    this.units.renew(other);
    this.pictures.renew(other);
  }

  /** As soon as they are drawn. */
  revealClaims(): void {
    this.claims.reveal();
  }

  showRequestError(words: string): void {
    this.requestError.show(words);
  }

  hideRequestError(): void {
    this.requestError.hide();
  }

  private async copy(text: string): Promise<boolean> {
    this.hideRequestError();
    try {
      await navigator.clipboard.writeText(text);
      this.announcer.sayNow(t("Copied"));
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.showRequestError(t("Nothing was copied: {0}", reason));
      return false;
    }
  }

  private announce(model: DashboardModel): void {
    const { run, newest: latest } = model;
    const state = run ? stateWords[run.state] : t("Unreadable");
    if (state !== this.announced.state) {
      this.announcer.sayNow(run ? `${run.name}: ${state}` : t("This run folder cannot be read"));
    } else if (latest && keyOf(latest) !== this.announced.step) {
      this.announcer.say(t("Epoch {0}: {1}", epochNumber(latest.epoch), errorWords(latest)));
    }
    this.announced = { state, step: latest ? keyOf(latest) : -1 };
  }
}

/** What a key says: the step, and in pre-training the layer. */
function stepOf(key: MomentKey): [step: number, layer?: number] {
  const [step = 0, layer] = String(key).split("/").map(Number);
  return layer === undefined ? [step] : [step, layer];
}

function errorWords({ set, error, reconstruction }: Measured): string {
  if (!reconstruction) return `${errorLabels[set]} ${percent(error ?? Number.NaN, 2)}`;
  return t("reconstruction error of layer {0} {1}", reconstruction.layer, significant(reconstruction.loss));
}

function actionsOf(model: DashboardModel): Set<Action> {
  const { run, live } = model;
  const actions = new Set<Action>(["revealFolder", "copyPath"]);
  if (live) actions.add("pause").add("stop");
  if (run && !live && isResumable(run)) actions.add("resume");
  // what is never exactly zero does not die; before the training there is nothing to revive
  const dies = model.hidden.length > 0 && !unitsWithoutZeros(model.hidden) && !isPretraining(model);
  if (run && dies && (live || isResumable(run))) actions.add("revive");
  if (run?.configFile && !live) actions.add("runAgain");
  if (run?.configFile) actions.add("openConfig");
  return actions;
}
