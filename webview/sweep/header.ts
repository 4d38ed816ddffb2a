/** Which sweep, in what state, of what, and how far. */
import { countTrials, type SweepRecord } from "../../src/common/sweepRecord.js";
import { stateIcons, stateWords } from "../dashboard/wording.js";
import { setText, setValue } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { counted, duration, integer } from "../shared/numbers.js";
import { PageHeader } from "../shared/pageHeader.js";
import { axesOf, axisLabel, axisText } from "./figures.js";
import type { SweepModel } from "./model.js";

const mostValues = 6;

export class Header extends PageHeader {
  constructor(toolbar: HTMLElement) {
    super(toolbar, t("Trials"));
  }

  render({ record, folder, progress }: SweepModel): void {
    for (const part of [this.recipe, this.bar, this.line]) part.hidden = record === null;
    if (!record) {
      setText(this.name, folder.split(/[\\/]/).findLast(Boolean) ?? folder);
      this.showState("unreadable", "error", t("Unreadable"));
      return;
    }
    setText(this.name, record.name);
    this.name.title = record.name;
    this.showState(record.state, stateIcons[record.state], stateWords[record.state]);
    setText(this.recipe, recipeOf(record));
    const share = Math.min(1, progress.share);
    this.bar.dataset.state = record.state;
    this.bar.setAttribute("aria-valuenow", String(Math.floor(share * 100)));
    setValue(this.bar, share);
    this.done.style.width = `${share * 100}%`;
    const counts = countTrials(record);
    const parts = [t("{0} of {1}", integer(counts.finished), counted(counts.total, "{0} trial", "{0} trials"))];
    if (counts.running > 0) parts.push(t("{0} running", integer(counts.running)));
    if (counts.failed > 0) parts.push(t("{0} failed", integer(counts.failed)));
    setText(this.reached, parts.join(" · "));
    setValue(this.reached, counts.finished);
    setText(this.pace, paceOf(record, progress));
  }

  private showState(value: string, icon: string, word: string): void {
    setValue(this.state, value);
    this.stateIcon.className = `state-icon codicon codicon-${icon}`;
    setText(this.stateWord, word);
  }
}

function paceOf(record: SweepRecord, { remainingSeconds, jobs }: SweepModel["progress"]): string {
  if (record.state !== "running") return record.seconds > 0 ? t("took {0}", duration(record.seconds)) : "";
  const parts = jobs > 0 ? [t("{0} at once", integer(jobs))] : [];
  parts.push(
    remainingSeconds === null ? t("estimating the time left…") : t("about {0} left", duration(remainingSeconds)),
  );
  return parts.join(" · ");
}

/** "base quick.rectiscope.json · l1 0, 0.001, 0.01 · seed 1, 2" */
function recipeOf(record: SweepRecord): string {
  const { base } = record.sweep;
  const axes = axesOf(record).map((key) => {
    const values = [
      ...new Set(record.trials.filter(({ params }) => key in params).map(({ params }) => axisText(params[key]))),
    ];
    const shown = values.length > mostValues ? [...values.slice(0, mostValues - 2), "…", values.at(-1)] : values;
    return `${axisLabel(key)} ${shown.join(", ")}`;
  });
  const first = typeof base === "string" ? t("base {0}", base) : t("base in the sweep itself");
  return [first, ...axes].join(" · ");
}
