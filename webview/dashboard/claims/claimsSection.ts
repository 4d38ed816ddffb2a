/** What the run shows of the paper's claims; before that, how to check them, and how far a check has come. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import type { ClaimsRecord, ClaimsView, Verdict } from "../../../src/common/claims.js";
import { claimTitle, verdictWord } from "../../../src/common/claimWords.js";
import { element, icon, setText, setValue } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { duration, epochNumber, integer, language } from "../../shared/numbers.js";
import type { DashboardModel } from "../model.js";
import type { Services } from "../services.js";
import { claimCard } from "./claimCard.js";
import { HeldInSight } from "./heldInSight.js";

export type ClaimsAction = "checkClaims" | "cancelClaims";

export class ClaimsSection {
  readonly root: HTMLElement;
  private readonly caption = element("span", { class: "caption" });
  private readonly check = element("vscode-button", { data: { action: "checkClaims" } });
  private readonly cancel = element("vscode-button", { data: { action: "cancelClaims" } }, t("Cancel"));
  private readonly about = element("p", { class: "instead" });
  private readonly summary = element("p", { class: "claims-summary", data: { field: "claims" } });
  private readonly stale = element("p", { class: "note" });
  private readonly error = element("span");
  private readonly failed = element(
    "div",
    { class: "notice", data: { kind: "error", field: "claims-error" } },
    icon("error"),
    this.error,
  );
  private readonly done = element("div", { class: "progress-done" });
  private readonly bar = element(
    "div",
    {
      class: "progress",
      data: { state: "running", field: "claims-progress" },
      attributes: { role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" },
    },
    this.done,
  );
  private readonly reached = element("p", { class: "progress-line" });
  private readonly progress = element("div", { class: "claims-progress" }, this.bar, this.reached);
  private readonly list = element("ul", { class: "claims" });
  private shown: ClaimsRecord | null = null;
  private wasChecking = false;
  private readonly inSight: HeldInSight;

  /** @param ask rejects when the host could not do it, after showing why */
  constructor(
    private readonly services: Services,
    private readonly ask: (action: ClaimsAction) => Promise<void>,
  ) {
    this.check.icon = "checklist";
    this.cancel.secondary = true;
    this.bar.setAttribute("aria-label", t("Checking the claims"));
    for (const button of [this.check, this.cancel])
      button.addEventListener("click", () => this.ask(button.dataset.action as ClaimsAction).catch(() => {}));
    setText(
      this.about,
      t("What the paper says of rectifier networks, computed for this run: nine claims, in some seconds."),
    );
    this.root = element(
      "section",
      { class: "panel claims-panel", data: { section: "claims" } },
      element(
        "div",
        { class: "panel-head" },
        element("div", { class: "head-words" }, element("h2", {}, t("Claims of the paper")), this.caption),
        element("div", { class: "claims-buttons" }, this.check, this.cancel),
      ),
      this.failed,
      this.progress,
      this.about,
      this.summary,
      this.stale,
      this.list,
    );
    this.inSight = new HeldInSight(this.root);
  }

  render(model: DashboardModel): void {
    const { claims, run } = model;
    const able = run?.config && model.evaluations.length > 0 && !model.live && model.unreadable === null;
    this.root.hidden = !able || claims === null;
    if (!able || claims === null) return;
    const { record, checking, error } = claims;
    this.check.hidden = checking !== null;
    this.check.secondary = record !== null;
    setText(this.check, record ? t("Check again") : t("Check the claims"));
    this.cancel.hidden = checking === null;
    this.failed.hidden = error === null;
    setText(this.error, error ?? "");
    this.renderProgress(checking);
    this.about.hidden = record !== null;
    this.renderRecord(record, run.layers[0]?.activation ?? "");
    const moved = record !== null && run.summary !== null && record.checkpoint.step !== run.summary.bestStep;
    this.stale.hidden = !moved;
    setText(this.stale, moved ? t("The run has gone on since: this is of an earlier checkpoint. Check again.") : "");
    this.tellEnd(claims);
    this.inSight.rendered(checking !== null);
  }

  /** Comes into sight with the next drawing. */
  reveal(): void {
    this.inSight.hold();
  }

  private renderProgress(checking: ClaimsView["checking"]): void {
    this.progress.hidden = checking === null;
    if (!checking) return;
    const { claim, share } = checking;
    this.bar.setAttribute("aria-valuenow", String(Math.floor(100 * share)));
    this.done.style.width = `${100 * share}%`;
    setText(this.reached, claim === null ? t("Reading the data…") : t("Checking: {0}…", claimTitle(claim, language)));
  }

  private renderRecord(record: ClaimsRecord | null, activation: string): void {
    this.summary.hidden = this.list.hidden = record === null;
    if (record === this.shown || (record && record.created === this.shown?.created)) return;
    this.shown = record;
    setText(this.caption, record ? captionOf(record) : "");
    setText(this.summary, record ? summaryOf(record) : "");
    setValue(this.summary, record?.created ?? null);
    this.list.replaceChildren(...(record?.claims ?? []).map((claim) => claimCard(claim, activation)));
  }

  private tellEnd({ checking, record, error }: ClaimsView): void {
    const ended = this.wasChecking && checking === null;
    this.wasChecking = checking !== null;
    if (!ended) return;
    if (error !== null) this.services.say(t("The claims could not be checked: {0}", error));
    else if (record) this.services.say(t("Claims of the paper: {0}", summaryOf(record)));
  }
}

function captionOf({ checkpoint, created, seconds }: ClaimsRecord): string {
  const when = new Date(created);
  const shown = Number.isNaN(when.getTime()) ? created : when.toLocaleString(language.locale);
  return t("best checkpoint, epoch {0}, checked {1} in {2}", epochNumber(checkpoint.epoch), shown, duration(seconds));
}

/** "Holds: 8 · Does not hold: 1 · Not applicable: 0" */
function summaryOf({ claims }: ClaimsRecord): string {
  const verdicts: Verdict[] = ["holds", "fails", "notApplicable"];
  const count = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  return verdicts.map((verdict) => `${verdictWord(verdict, language)}: ${integer(count(verdict))}`).join(" · ");
}
