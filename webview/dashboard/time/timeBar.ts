/** The slider over the recorded evaluations: which of them the page shows, and the way back to the latest. */
import { element, setText, setValue } from "../../shared/dom.js";
import { t } from "../../shared/l10n.js";
import { epochNumber, integer } from "../../shared/numbers.js";
import type { Measured } from "../measured.js";
import type { DashboardModel } from "../model.js";
import type { View } from "../view.js";
import { type Moment, stepAt } from "./moment.js";

export class TimeBar {
  readonly root: HTMLElement;
  private readonly slider = element("input", {
    class: "time",
    data: { field: "time" },
    attributes: { type: "range", min: "0", step: "1", "aria-label": t("Evaluation shown") },
  });
  private readonly words = element("output", { class: "time-words" });
  private readonly best = linkButton("best", t("Show the evaluation with the lowest error"));
  private readonly live = linkButton("live", "");
  private readonly unzoom = linkButton("unzoom", t("Show all epochs in the charts (0)"));
  private evaluations: readonly Measured[] = [];
  private bestStep: number | null = null;

  constructor(view: View) {
    const group = { role: "group", "aria-label": t("Moment shown") };
    this.root = element(
      "div",
      { class: "time-bar", attributes: group },
      this.words,
      this.slider,
      this.best,
      this.live,
      this.unzoom,
    );
    this.slider.addEventListener("input", () => view.setStep(stepAt(this.evaluations, Number(this.slider.value))));
    this.live.addEventListener("click", () => view.setStep(null));
    this.best.addEventListener("click", () => view.setStep(this.bestStep));
    this.unzoom.addEventListener("click", () => view.setZoom(null));
  }

  render(model: DashboardModel, moment: Moment, zoomed: boolean): void {
    const { measured: shown, best } = model;
    const { evaluation, index, following } = moment;
    this.root.hidden = evaluation === null;
    if (!evaluation) return;
    this.evaluations = shown;
    this.bestStep = best?.step ?? null;
    const last = String(shown.length - 1);
    if (this.slider.max !== last) this.slider.max = last;
    if (this.slider.value !== String(index)) this.slider.value = String(index);
    this.slider.disabled = shown.length < 2;
    this.slider.style.setProperty("--reached", `${shown.length > 1 ? (index / (shown.length - 1)) * 100 : 100}%`);
    const { reconstruction } = evaluation;
    const at = t("Epoch {0} (step {1})", epochNumber(evaluation.epoch), integer(evaluation.step));
    const words = reconstruction ? t("{0}, pre-training of layer {1}", at, reconstruction.layer) : at;
    const latest = model.live ? t("live") : t("latest");
    this.slider.setAttribute("aria-valuetext", following ? `${words}, ${latest}` : words);
    setValue(this.slider, evaluation.step);
    setText(this.words, words);
    setText(this.live, model.live ? t("Live") : t("Latest"));
    this.live.title = model.live ? t("Follow the latest evaluation") : t("Show the latest evaluation");
    this.live.setAttribute("aria-pressed", String(following));
    setText(this.best, t("Best"));
    this.best.hidden = best === null || shown.length < 2;
    this.best.setAttribute("aria-pressed", String(!following && !reconstruction && evaluation.step === this.bestStep));
    setText(this.unzoom, t("Reset zoom"));
    this.unzoom.hidden = !zoomed;
  }
}

function linkButton(action: string, title: string): HTMLButtonElement {
  const attributes: Record<string, string> = { type: "button" };
  if (title) attributes.title = title;
  return element("button", { class: "link-button", attributes, data: { action } });
}
