/** Which run, in what state, by which recipe, and how far. */
import { epochInProgress } from "../../src/common/format.js";
import { isLive } from "../../src/common/messages.js";
import { phaseInProgress, phaseText } from "../../src/common/phases.js";
import type { RunRecord } from "../../src/common/run.js";
import { element, setText, setValue } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import {
  counted,
  duration,
  epochNumber,
  integer,
  language,
  percent,
  recipeOf,
  significant,
  stars,
} from "../shared/numbers.js";
import { PageHeader } from "../shared/pageHeader.js";
import type { DashboardModel } from "./model.js";
import type { Toolbar } from "./toolbar.js";
import { errorLabels, rmseLabels, stateIcons, stateWords } from "./wording.js";

export class Header extends PageHeader {
  private readonly result: HTMLElement;

  constructor(toolbar: Toolbar) {
    const result = element("p", { class: "result", data: { field: "test-error" } });
    super(toolbar.root, t("Training"), result);
    this.result = result;
  }

  render(model: DashboardModel): void {
    const { run } = model;
    if (!run) {
      setText(this.name, folderName(model.folder));
      this.showState("unreadable", "error", t("Unreadable"));
      for (const part of [this.recipe, this.bar, this.line, this.result]) part.hidden = true;
      return;
    }
    for (const part of [this.recipe, this.bar, this.line]) part.hidden = false;
    setText(this.name, run.name);
    this.name.title = run.name;
    this.showState(run.state, stateIcons[run.state], stateWords[run.state]);
    setText(this.recipe, recipeOf(run));
    this.renderProgress(run);
    const result = resultOf(run);
    this.result.hidden = result === "";
    setText(this.result, result);
    setValue(this.result, run.summary?.test.error ?? null);
  }

  private showState(value: string, icon: string, word: string): void {
    setValue(this.state, value);
    this.stateIcon.className = `state-icon codicon codicon-${icon}`;
    setText(this.stateWord, word);
  }

  private renderProgress(run: RunRecord): void {
    const { step, totalSteps, epochs } = run.progress;
    const epoch = epochInProgress(run.progress, isLive(run.state));
    const share = totalSteps > 0 ? Math.min(1, step / totalSteps) : 0;
    this.bar.dataset.state = run.state;
    this.bar.setAttribute("aria-valuenow", String(Math.floor(share * 100)));
    setValue(this.bar, share);
    this.done.style.width = `${share * 100}%`;
    const phase = phaseInProgress(run, isLive(run.state));
    const reached = phase
      ? t("{0} · step {1}", capitalised(phaseText(phase, language)), integer(step))
      : t("Epoch {0} of {1} · step {2}", integer(epoch), integer(epochs), integer(step));
    setText(this.reached, reached);
    setValue(this.reached, phase?.name ?? null);
    setText(this.pace, paceOf(run));
  }
}

function paceOf(run: RunRecord): string {
  const { samplesPerSecond, remainingSeconds } = run.progress;
  const parts = samplesPerSecond > 0 ? [t("{0} examples/s", integer(samplesPerSecond))] : [];
  if (isLive(run.state) && remainingSeconds !== null) parts.push(t("{0} left", duration(remainingSeconds)));
  if (run.summary) parts.push(t("took {0}", duration(run.summary.seconds)));
  return parts.join(" · ");
}

/** The figures of the run's end, which are those of the best checkpoint and not of the last epoch. */
function resultOf({ summary }: RunRecord): string {
  if (!summary) return "";
  const { test, sparsity, dead, reconstruction } = summary;
  const examples = counted(test.n, "{0} example", "{0} examples");
  const parts = [
    t("{0} {1} ({2})", errorLabels[test.set], percent(test.error, 2), examples),
    t("{0} {1}", errorLabels[summary.valid.set], percent(summary.valid.error, 2)),
  ];
  if (test.rmse !== undefined) parts.push(t("{0} {1}", rmseLabels[test.set], stars(test.rmse)));
  if (sparsity) parts.push(t("mean sparsity {0}", percent(sparsity.mean, 1)));
  if (dead) parts.push(counted(dead.total, "{0} dead unit", "{0} dead units"));
  if (reconstruction) {
    const layers = counted(reconstruction.layers.length, "{0} layer", "{0} layers");
    parts.push(t("reconstruction error {0} (mean of {1})", significant(reconstruction.mean), layers));
  }
  return t("Best checkpoint, epoch {0}: {1}", epochNumber(summary.bestEpoch), parts.join(" · "));
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase(language.locale) + text.slice(1);
}

function folderName(folder: string): string {
  return folder.split(/[\\/]/).findLast(Boolean) ?? folder;
}
