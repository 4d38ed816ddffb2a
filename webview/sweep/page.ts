/** The page: its parts from top to bottom, and what each state of a sweep shows of them. */
import type { SweepAction } from "../../src/common/sweepMessages.js";
import { countTrials, isSweepResumable } from "../../src/common/sweepRecord.js";
import { Notice, RequestError } from "../dashboard/notice.js";
import { stateWords } from "../dashboard/wording.js";
import { Announcer } from "../shared/announcer.js";
import { ButtonBar } from "../shared/buttonBar.js";
import { element } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, integer } from "../shared/numbers.js";
import { type Figure, figuresOf } from "./figures.js";
import { GroupsTable } from "./groupsTable.js";
import { Header } from "./header.js";
import type { SweepModel } from "./model.js";
import { Scatter } from "./scatter.js";
import { StudySection } from "./studySection.js";
import { TrialsTable } from "./trialsTable.js";
import type { SweepViewState } from "./viewState.js";

export interface PageRequests {
  /** Rejects when the host could not do it, after showing why. */
  act(action: SweepAction): Promise<void>;
  openTrial(number: number): void;
  choose(change: Partial<SweepViewState>): void;
}

export class Page {
  readonly root = element("div", { class: "page" });
  private readonly header: Header;
  private readonly bar: ButtonBar<SweepAction>;
  private readonly requestError = new RequestError();
  private readonly notice = new Notice();
  private readonly scatter: Scatter;
  private readonly scatterPanel: HTMLElement;
  private readonly xSelect = picker(t("Horizontal axis"), "x");
  private readonly ySelect = picker(t("Vertical axis"), "y");
  private readonly meansSwitch = element(
    "button",
    { class: "switch", attributes: { type: "button" }, data: { action: "means" } },
    t("Means ± sd"),
  );
  private readonly study = new StudySection();
  private readonly groups = new GroupsTable();
  private readonly trials: TrialsTable;
  private readonly content: HTMLElement;
  private readonly announcer = new Announcer();
  private announced = { state: "", finished: -1 };
  private drawn = "";

  constructor(requests: PageRequests) {
    this.bar = new ButtonBar<SweepAction>(t("Sweep"), buttons(), (action) => requests.act(action));
    this.header = new Header(this.bar.root);
    this.scatter = new Scatter((number) => requests.openTrial(number));
    this.trials = new TrialsTable(
      (number) => requests.openTrial(number),
      (choices) => requests.choose(choices),
      (text) => void this.copy(text),
    );
    this.xSelect.select.addEventListener("change", () => requests.choose({ x: this.xSelect.select.value }));
    this.ySelect.select.addEventListener("change", () => requests.choose({ y: this.ySelect.select.value }));
    this.meansSwitch.addEventListener("click", () =>
      requests.choose({ means: this.meansSwitch.getAttribute("aria-pressed") !== "true" }),
    );
    this.scatterPanel = element(
      "section",
      { class: "panel" },
      element(
        "div",
        { class: "panel-head" },
        element("div", { class: "head-words" }, element("h2", {}, t("Figures"))),
        element(
          "div",
          { class: "head-tools" },
          this.ySelect.root,
          element("span", { class: "caption" }, t("against")),
          this.xSelect.root,
          this.meansSwitch,
        ),
      ),
      this.scatter.root,
    );
    this.content = element(
      "div",
      { class: "sweep-content" },
      this.study.root,
      element(
        "div",
        { class: "columns" },
        element("div", { class: "column" }, this.scatterPanel),
        element("div", { class: "column" }, this.groups.root),
      ),
      this.trials.root,
    );
    this.root.append(this.header.root, this.requestError.root, this.notice.root, this.content, this.announcer.root);
  }

  render(model: SweepModel, view: SweepViewState): void {
    const { record } = model;
    this.bar.render(actionsOf(model));
    this.header.render(model);
    this.notice.show(noticeOf(model));
    this.content.hidden = record === null;
    if (record) {
      this.study.render(model);
      this.renderScatter(model, view);
      this.groups.render(model);
      this.trials.render(model, view);
    }
    this.announce(model);
  }

  repaint(): void {
    this.scatter.repaint();
    this.study.repaint();
  }

  showRequestError(words: string): void {
    this.requestError.show(words);
  }

  hideRequestError(): void {
    this.requestError.hide();
  }

  private renderScatter({ record, summary, revision }: SweepModel, view: SweepViewState): void {
    if (!record) return;
    const repeated = summary.groups.some(({ n }) => n > 1);
    this.meansSwitch.hidden = !repeated;
    this.meansSwitch.setAttribute("aria-pressed", String(view.means));
    const key = JSON.stringify([revision, view.x, view.y, view.means]);
    if (key === this.drawn) return;
    this.drawn = key;
    const figures = figuresOf(record);
    const x = chosen(figures, view.x, ["sparsity", figures.find(({ isAxis }) => isAxis)?.id ?? "", "seconds"]);
    const y = chosen(figures, view.y, ["testError", "validError"]);
    this.xSelect.show(figures, x.id);
    this.ySelect.show(figures, y.id);
    this.scatter.render({ record, summary, x, y, means: view.means });
  }

  private async copy(text: string): Promise<void> {
    this.hideRequestError();
    try {
      await navigator.clipboard.writeText(text);
      this.announcer.sayNow(t("Copied"));
    } catch (error) {
      this.showRequestError(t("Nothing was copied: {0}", error instanceof Error ? error.message : String(error)));
    }
  }

  private announce({ record }: SweepModel): void {
    if (!record) return;
    const { finished, total } = countTrials(record);
    const { state, name } = record;
    if (state !== this.announced.state) this.announcer.sayNow(`${name}: ${stateWords[state]}`);
    else if (finished !== this.announced.finished)
      this.announcer.say(t("{0} of {1}", integer(finished), counted(total, "{0} trial", "{0} trials")));
    this.announced = { state, finished };
  }
}

function chosen(figures: readonly Figure[], wanted: string, otherwise: readonly string[]): Figure {
  const find = (id: string) => figures.find((figure) => figure.id === id);
  return find(wanted) ?? otherwise.map(find).find((figure) => figure) ?? (figures[0] as Figure);
}

function picker(label: string, field: string) {
  const select = element("select", {
    class: "picker",
    attributes: { "aria-label": label, title: label },
    data: { field },
  });
  let shown = "";
  const show = (figures: readonly Figure[], current: string) => {
    const key = figures.map(({ id }) => id).join();
    if (key !== shown) {
      shown = key;
      select.replaceChildren(
        ...figures.map(({ id, label: words }) => element("option", { attributes: { value: id } }, words)),
      );
    }
    select.value = current;
  };
  return { root: select, select, show };
}

function actionsOf({ record, live }: SweepModel): Set<SweepAction> {
  const actions = new Set<SweepAction>(["revealFolder", "copyPath"]);
  if (!record) return actions;
  actions.add("openConfig");
  const failed = record.trials.some(({ state }) => state === "failed");
  if (live) return actions.add("pause").add("stop");
  if (isSweepResumable(record)) actions.add("resume");
  if (failed) actions.add("retry");
  return actions.add("runAgain");
}

function buttons() {
  return [
    {
      action: "pause",
      label: t("Pause"),
      icon: "debug-pause",
      tooltip: t("Pause the trials in progress at their next step; everything can go on from there"),
      primary: true,
      pending: t("Pausing…"),
    },
    {
      action: "stop",
      label: t("Stop"),
      icon: "debug-stop",
      tooltip: t("Stop the trials in progress at their next step and measure them; everything so far is kept"),
      pending: t("Stopping…"),
    },
    {
      action: "resume",
      label: t("Resume"),
      icon: "debug-continue",
      tooltip: t("Train the trials that are left; those that are done are not trained again"),
      primary: true,
    },
    { action: "retry", label: t("Retry failed"), icon: "debug-rerun", tooltip: t("Train the failed trials once more") },
    {
      action: "runAgain",
      label: t("Run again"),
      icon: "debug-restart",
      tooltip: t("Start this sweep's config as a new sweep; trials that are done already are taken over"),
    },
    { action: "openConfig", label: t("Open config"), icon: "go-to-file", tooltip: t("Open the file of this sweep") },
    {
      action: "revealFolder",
      label: t("Reveal sweep folder"),
      icon: "folder-opened",
      tooltip: t("Reveal sweep folder"),
      iconOnly: true,
    },
    {
      action: "copyPath",
      label: t("Copy path of sweep folder"),
      icon: "copy",
      tooltip: t("Copy path of sweep folder"),
      iconOnly: true,
    },
  ] as const;
}

/** What the sweep's state calls for; null while all is well. */
function noticeOf({ record, unreadable }: SweepModel): Parameters<Notice["show"]>[0] {
  if (unreadable !== null) {
    const next = t("The folder may have been moved, or may not be a sweep. Reveal it, or copy its path, to look.");
    return { kind: "error", title: t("This sweep cannot be read"), text: [unreadable, next] };
  }
  if (!record) return null;
  const { failed } = countTrials(record);
  if (record.error) {
    const next = t("Trials that are done are kept. Resume when this is mended.");
    return { kind: "error", title: t("The sweep could not go on"), text: [record.error.message, next] };
  }
  if (record.state === "interrupted") {
    const next = t(
      "Trials that are done are kept, and those that were in progress go on from their last checkpoint: resume it.",
    );
    return {
      kind: "warning",
      title: t("The sweep was interrupted"),
      text: [t("It ended without saying so: perhaps the window was closed."), next],
    };
  }
  if (failed > 0) {
    const reasons = [
      ...new Set(
        record.trials.flatMap(({ number, error }) => (error ? [t("Trial {0}: {1}", number, error.message)] : [])),
      ),
    ];
    const more = reasons.length > 2 ? [t("… and {0} more, in the table below.", integer(reasons.length - 2))] : [];
    return {
      kind: "warning",
      title: counted(failed, "{0} trial failed", "{0} trials failed"),
      text: [...reasons.slice(0, 2), ...more],
    };
  }
  return null;
}
