/** The page of one unit, from top to bottom. */
import type { RevealedKey, ToUnitPage, UnitRequest, UnitWork } from "../../src/common/unitPage.js";
import type { UnitProgress } from "../../src/common/unitReport.js";
import { Notice, RequestError } from "../dashboard/notice.js";
import type { ChartServices } from "../dashboard/services.js";
import { Announcer } from "../shared/announcer.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { percent } from "../shared/numbers.js";
import { readTheme } from "../shared/theme.js";
import { unitName } from "../shared/unitList.js";
import { ActivitySections } from "./activitySections.js";
import { CauseCard } from "./causeCard.js";
import { UnitCharts } from "./charts.js";
import { type HeaderAction, UnitHeader } from "./header.js";
import { UnitTiles } from "./tiles.js";
import type { UnitView } from "./viewState.js";
import { WeightSections } from "./weightSections.js";
import { conditionOf, conditionWords } from "./wording.js";

type Message = Extract<ToUnitPage, { type: "unit" }>;

export class Page {
  readonly root = element("div", { class: "page unit-page" });
  private readonly header: UnitHeader;
  private readonly requestError = new RequestError();
  private readonly notice = new Notice();
  private readonly again: HTMLButtonElement;
  private readonly workWords = element("span");
  private readonly workDone = element("div", { class: "progress-done" });
  private readonly progress: HTMLElement;
  private readonly work: HTMLElement;
  private readonly cause: CauseCard;
  private readonly tiles = new UnitTiles();
  private readonly charts: UnitCharts;
  private readonly weights: WeightSections;
  private readonly activity: ActivitySections;
  private readonly unzoom: HTMLButtonElement;
  private readonly columns: HTMLElement;
  private readonly announcer = new Announcer();
  private shown: Message | null = null;
  private revision = 0;
  private announced = "";

  /** @param ask rejects when the host could not do it, after showing why */
  constructor(
    private readonly view: UnitView,
    private readonly ask: (request: UnitRequest) => Promise<void>,
  ) {
    const theme = readTheme();
    const services: ChartServices = {
      view,
      copy: (text) => this.copy(text),
      say: (words) => this.announcer.sayNow(words),
    };
    const open = (layer: number, unit: number) => this.request({ action: "openUnit", layer, unit });
    this.header = new UnitHeader((action) => this.act(action));
    this.cause = new CauseCard((key: RevealedKey) => this.request({ action: "revealKey", key }));
    this.charts = new UnitCharts(theme, services);
    this.weights = new WeightSections(theme, services, open);
    this.activity = new ActivitySections(theme, services, open);
    this.again = linkButton("refresh", t("Try again"), () => this.request({ action: "refresh" }));
    this.unzoom = linkButton("unzoom", t("Show all epochs"), () => view.setZoom(null));
    this.progress = element(
      "div",
      {
        class: "progress",
        data: { state: "running" },
        attributes: { role: "progressbar", "aria-label": t("Computing"), "aria-valuemin": "0", "aria-valuemax": "100" },
      },
      this.workDone,
    );
    const cancel = linkButton("cancel", t("Cancel"), () => this.request({ action: "cancel" }));
    this.work = element(
      "div",
      { class: "work", data: { field: "work" } },
      this.progress,
      element("p", { class: "progress-line" }, this.workWords, cancel),
    );
    const { weights, activity, charts } = this;
    this.columns = element(
      "div",
      { class: "columns" },
      element("div", { class: "column" }, ...charts.roots, this.unzoom, activity.histogram.root, activity.classes.root),
      element(
        "div",
        { class: "column" },
        weights.incoming.root,
        activity.examples.root,
        weights.connections.root,
        activity.similar.root,
      ),
    );
    this.root.append(
      this.header.root,
      this.requestError.root,
      this.work,
      this.notice.root,
      this.again,
      this.cause.root,
      this.tiles.root,
      this.columns,
      this.announcer.root,
    );
  }

  render(message: Message): void {
    const { head, report, work } = message;
    if (report !== this.shown?.report) this.revision++;
    const other = JSON.stringify(head.trail.here) !== JSON.stringify(this.shown?.head.trail.here);
    this.shown = message;
    this.root.dataset.layer = String(head.trail.here.layer);
    this.root.dataset.unit = String(head.trail.here.unit);
    if (other) window.scrollTo({ top: 0 });
    this.header.render(head, report);
    this.cause.render(report?.death ?? null, head.config);
    if (!report) this.tiles.root.hidden = true;
    this.columns.hidden = report === null;
    if (report) {
      this.tiles.render(report.now, report.unit.activation);
      this.draw();
    }
    this.renderWork(work);
    this.announce(message);
  }

  renderWork(work: UnitWork): void {
    if (this.shown) this.shown = { ...this.shown, work };
    this.root.dataset.state = work.state;
    this.work.hidden = work.state !== "computing";
    const stopped = work.state === "cancelled" || work.state === "failed";
    this.again.hidden = !stopped;
    this.notice.show(noticeOf(work));
    if (work.state !== "computing") return;
    const share = shareOf(work.progress);
    this.workDone.style.width = `${(100 * share).toFixed(1)}%`;
    this.progress.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    setText(this.workWords, stageText(work.progress));
  }

  showUnreadable(folder: string, message: string): void {
    this.shown = null;
    this.root.dataset.state = "unreadable";
    for (const root of [this.cause.root, this.tiles.root, this.columns, this.work]) root.hidden = true;
    this.notice.show({ kind: "error", title: t("This unit cannot be shown"), text: [message, folder] });
    this.again.hidden = false;
    this.header.renderNone();
  }

  /** What is chosen of the charts. */
  redraw(): void {
    if (this.shown?.report) this.draw();
  }

  repaint(): void {
    const theme = readTheme();
    this.charts.setTheme(theme);
    this.weights.setTheme(theme);
    this.activity.setTheme(theme);
  }

  showRequestError(words: string): void {
    this.requestError.show(words);
  }

  hideRequestError(): void {
    this.requestError.hide();
  }

  private draw(): void {
    const { shown } = this;
    if (!shown?.report) return;
    const revision = String(this.revision);
    const stopped =
      shown.work.state === "computing" ? t("Running the validation set through the network…") : t("Not computed");
    this.charts.render(shown.report, revision);
    this.weights.render(shown.report, revision);
    this.activity.render(shown.report, revision, stopped);
    this.unzoom.hidden = this.view.state.zoom === null;
  }

  private request(request: UnitRequest): void {
    this.ask(request).catch(() => {});
  }

  private async act(action: HeaderAction): Promise<void> {
    if (action !== "copyJson") return this.ask({ action });
    if (this.shown?.report) await this.copy(JSON.stringify(this.shown.report, null, 2));
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

  private announce({ head, report }: Message): void {
    if (!report) return;
    const { layer, unit } = head.trail.here;
    const words = `${unitName(layer, unit)}: ${conditionWords[conditionOf(report.now)]}`;
    if (words === this.announced) return;
    this.announced = words;
    this.announcer.say(words);
  }
}

function noticeOf(work: UnitWork): Parameters<Notice["show"]>[0] {
  if (work.state === "failed") return { kind: "error", title: t("This could not be computed"), text: [work.message] };
  if (work.state === "cancelled")
    return { kind: "info", title: t("Cancelled"), text: [t("What was known before is shown.")] };
  return null;
}

const stages: UnitProgress["stage"][] = ["folder", "data", "network"];

/** Of everything: the stages count as one each. */
function shareOf(progress: UnitProgress | null): number {
  return progress ? (stages.indexOf(progress.stage) + progress.share) / stages.length : 0;
}

function stageText(progress: UnitProgress | null): string {
  const share = percent(progress?.share ?? 0, 0);
  if (progress?.stage === "data") return t("Reading the data… {0}", share);
  if (progress?.stage === "network") return t("Running the validation set through the network… {0}", share);
  return t("Reading the run…");
}

function linkButton(action: string, words: string, click: () => void): HTMLButtonElement {
  const button = element("button", { class: "link-button", attributes: { type: "button" }, data: { action } }, words);
  button.addEventListener("click", click);
  return button;
}
