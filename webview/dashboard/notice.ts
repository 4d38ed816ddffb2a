/** What went wrong or what is awaited, in words, above the figures; with what to do next. */
import { element, icon, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { integer } from "../shared/numbers.js";
import type { DashboardModel } from "./model.js";
import { failurePlace, failureTitle } from "./wording.js";

type Kind = "error" | "warning" | "info";
const icons: Record<Kind, string> = { error: "error", warning: "warning", info: "info" };

export interface NoticeWords {
  kind: Kind;
  title: string;
  /** Each a paragraph of its own. */
  text: string[];
}

export class Notice {
  readonly root: HTMLElement;
  private shown = "";

  /** @param field what it tells of */
  constructor(field = "notice") {
    this.root = element("div", { class: "notice", data: { field } });
    this.root.hidden = true;
  }

  /** @param words null hides the notice */
  show(words: NoticeWords | null): void {
    const key = JSON.stringify(words);
    if (key === this.shown) return;
    this.shown = key;
    this.root.hidden = words === null;
    if (!words) return;
    this.root.dataset.kind = words.kind;
    const text = words.text.filter(Boolean).map((paragraph) => element("p", {}, paragraph));
    const title = element("strong", {}, words.title);
    this.root.replaceChildren(icon(icons[words.kind]), element("div", {}, title, ...text));
  }
}

/** What the run's state calls for; null while all is well. */
export function noticeOf(model: DashboardModel): NoticeWords | null {
  const { run } = model;
  if (model.unreadable !== null) {
    const next = t("The folder may have been moved, or may not be a run folder. Reveal it, or copy its path, to look.");
    return { kind: "error", title: t("This run folder cannot be read"), text: [model.unreadable, next] };
  }
  if (run?.state === "failed") {
    const error = run.error;
    if (!error)
      return { kind: "error", title: t("The run failed"), text: [t("It wrote no reason. Run it again to see one.")] };
    const next = t("Figures up to there are kept. Open the config to mend it, or run it again.");
    return { kind: "error", title: failureTitle(error, integer), text: [error.message, failurePlace(error), next] };
  }
  if (run?.state === "paused" && run.error) {
    const next = t("Everything up to there is kept. Resume when this is mended.");
    return { kind: "warning", title: t("The run is paused"), text: [run.error.message, failurePlace(run.error), next] };
  }
  if (run?.state === "interrupted") {
    const text = t(
      "It ended without saying so, after step {0}: perhaps the window was closed.",
      integer(run.progress.step),
    );
    return {
      kind: "warning",
      title: t("The run was interrupted"),
      text: [text, t("Everything up to the last checkpoint is kept: resume it, or run it again to start over.")],
    };
  }
  return null;
}

/** The host's answer to a request it could not do; stays until dismissed or the next one. */
export class RequestError {
  readonly root = element("div", {
    class: "notice",
    attributes: { role: "alert" },
    data: { kind: "error", field: "request-error" },
  });
  private readonly words = element("span", { class: "grow" });

  constructor() {
    const label = { type: "button", "aria-label": t("Dismiss"), title: t("Dismiss") };
    const dismiss = element("button", { class: "icon-button", attributes: label }, icon("close"));
    dismiss.addEventListener("click", () => this.hide());
    this.root.append(icon("error"), this.words, dismiss);
    this.hide();
  }

  show(words: string): void {
    setText(this.words, words);
    this.root.hidden = false;
  }

  hide(): void {
    this.root.hidden = true;
  }
}
