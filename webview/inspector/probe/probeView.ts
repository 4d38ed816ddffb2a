/** The probe of a model: what to run through it, how far that is, and what came of it. */
import type { ProbeAsked, ProbeChoices, ProbeState } from "../../../src/common/inspectorMessages.js";
import { printable } from "../../../src/common/printable.js";
import { Notice } from "../../dashboard/notice.js";
import type { TableServices } from "../../dashboard/tableSection.js";
import { element, setText, setValue } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { integer, percent } from "../../shared/numbers.js";
import type { Theme } from "../../shared/theme.js";
import type { ProbeChoice } from "../viewState.js";
import { ProbeForm } from "./probeForm.js";
import { ProbeReportView } from "./probeReport.js";

export interface ProbeRequests {
  choose(change: Partial<ProbeChoice>): void;
  browse(): void;
  /** Both reject when the host could not do it, after showing why. */
  start(asked: ProbeAsked): Promise<void>;
  cancel(): Promise<void>;
}

export class ProbeView {
  readonly root = element("div", { class: "probe", data: { field: "probe" } });
  private readonly form: ProbeForm;
  private readonly done = element("div", { class: "progress-done" });
  private readonly bar = element(
    "div",
    {
      class: "progress",
      attributes: { role: "progressbar", "aria-label": t("Probe"), "aria-valuemin": "0", "aria-valuemax": "100" },
    },
    this.done,
  );
  private readonly reached = element("p", { class: "progress-line", data: { field: "probe-reached" } });
  private readonly notice = new Notice();
  private readonly waiting = element("p", { class: "instead loading" }, t("Looking for experiments…"));
  private readonly report: ProbeReportView;
  private awaitsFocus = false;

  constructor(theme: Theme, services: TableServices, requests: ProbeRequests) {
    this.form = new ProbeForm(requests.choose, requests.browse, requests.start, requests.cancel);
    this.report = new ProbeReportView(theme, services, requests.choose);
    const about = t("Runs a data set through the model, and counts what its units do as in the evaluations of a run.");
    this.root.append(
      element(
        "section",
        { class: "panel" },
        element(
          "div",
          { class: "panel-head" },
          element(
            "div",
            { class: "head-words" },
            element("h2", {}, t("Probe")),
            element("span", { class: "caption" }, about),
          ),
        ),
        this.waiting,
        this.form.root,
        this.bar,
        this.reached,
      ),
      this.notice.root,
      this.report.root,
    );
  }

  render(choices: ProbeChoices | null, probe: ProbeState | null, chosen: ProbeChoice): void {
    setValue(this.root, probe?.state ?? "");
    const able = choices?.trusted === true;
    this.waiting.hidden = choices !== null;
    this.form.root.hidden = !able;
    if (able) {
      this.form.render(choices, chosen, probe?.state === "running");
      if (this.awaitsFocus) this.form.focus();
      this.awaitsFocus = false;
    }
    this.showProgress(probe);
    this.notice.show(choices && !able ? untrusted() : noticeOf(probe));
    this.report.render(probe?.state === "ended" ? probe.report : null, chosen);
  }

  /** As soon as there is a form. */
  focus(): void {
    this.awaitsFocus = true;
  }

  setTheme(theme: Theme): void {
    this.report.setTheme(theme);
  }

  private showProgress(probe: ProbeState | null): void {
    const running = probe?.state === "running";
    this.bar.hidden = !running;
    this.reached.hidden = !running;
    if (!running) return;
    const { stage, done, total } = probe.progress ?? { stage: "model", done: 0, total: 0 };
    const share = total > 0 ? done / total : 0;
    this.bar.dataset.state = "running";
    this.bar.setAttribute("aria-valuenow", String(Math.floor(100 * share)));
    this.done.style.width = `${100 * share}%`;
    setText(
      this.reached,
      stage === "model"
        ? t("Reading the model…")
        : stage === "data"
          ? t("Reading the data…")
          : [t("{0} of {1} examples", integer(done), integer(total)), percent(share, 0)].join(" · "),
    );
  }
}

function untrusted(): Parameters<Notice["show"]>[0] {
  return {
    kind: "info",
    title: t("A probe needs a trusted workspace"),
    text: [
      t("It runs the model on files that an experiment names. Trust the workspace to probe; all else works without."),
    ],
  };
}

function noticeOf(probe: ProbeState | null): Parameters<Notice["show"]>[0] {
  if (probe?.state === "cancelled")
    return {
      kind: "info",
      title: t("The probe was cancelled"),
      text: [t("Nothing was written. Run it again for all figures.")],
    };
  if (probe?.state !== "failed") return null;
  const { message, input } = probe.failure;
  return {
    kind: "error",
    title: input ? t("This cannot be probed") : t("The probe did not come to its end"),
    text: [printable(message)],
  };
}
