/** The head of the page: which unit, of which run, in what condition, and the buttons that lead to others. */
import type { UnitAction, UnitHead } from "../../src/common/unitPage.js";
import type { UnitReport } from "../../src/common/unitReport.js";
import { firings } from "../dashboard/units/unitKinds.js";
import { setWords } from "../dashboard/wording.js";
import { ButtonBar, type ButtonWords } from "../shared/buttonBar.js";
import { element, setText } from "../shared/dom.js";
import { t } from "../shared/l10n.js";
import { epochNumber, integer, smallPercent } from "../shared/numbers.js";
import { unitName } from "../shared/unitList.js";
import { conditionIcons, conditionOf, conditionWords, identityText } from "./wording.js";

/** What the page does itself. */
export type HeaderAction = Exclude<UnitAction, "cancel"> | "copyJson";

export class UnitHeader {
  readonly root: HTMLElement;
  private readonly name = element("h1");
  private readonly stateIcon = element("span", { attributes: { "aria-hidden": "true" } });
  private readonly stateWord = element("span");
  private readonly state = element(
    "span",
    { class: "state", data: { field: "state" } },
    this.stateIcon,
    this.stateWord,
  );
  private readonly run = element("p", { class: "recipe", data: { field: "identity" } });
  private readonly measured = element("p", { class: "measured", data: { field: "measured" } });
  private readonly bar: ButtonBar<HeaderAction>;

  /** @param ask rejects when it could not be done; showing why is the caller's matter */
  constructor(ask: (action: HeaderAction) => Promise<void>) {
    this.bar = new ButtonBar<HeaderAction>(t("Unit"), buttons(), ask);
    const title = element("div", { class: "title" }, this.name, this.state);
    this.root = element(
      "header",
      {},
      element("div", { class: "title-row" }, title, this.bar.root),
      this.run,
      this.measured,
    );
  }

  /** Of what cannot be shown. */
  renderNone(): void {
    setText(this.name, t("Unit"));
    for (const part of [this.run, this.measured]) setText(part, "");
    this.state.hidden = true;
    this.bar.render(new Set(["openDashboard"]));
  }

  render({ name, trail, units, dead, config }: UnitHead, report: UnitReport | null): void {
    const { layer, unit } = trail.here;
    setText(this.name, unitName(layer, unit));
    const condition = conditionOf(report?.now ?? null);
    this.state.hidden = report === null;
    this.state.dataset.value = condition;
    this.stateIcon.className = `codicon codicon-${conditionIcons[condition]} state-icon`;
    setText(this.stateWord, conditionWords[condition]);
    setText(this.run, report ? `${name} · ${identityText(report)}` : name);
    setText(this.measured, report ? measuredText(report) : "");
    const actions = new Set<HeaderAction>(["openDashboard", "refresh"]);
    if (trail.back.length > 0) actions.add("back");
    if (trail.ahead.length > 0) actions.add("ahead");
    if (unit > 0) actions.add("previous");
    if (unit + 1 < units) actions.add("next");
    if (dead !== null && dead > (condition === "dead" ? 1 : 0)) actions.add("nextDead");
    if (config) actions.add("openConfig");
    if (report) actions.add("copyJson");
    this.bar.render(actions);
  }
}

/** "fires on 0 of 10,000 validation examples (0 %) at epoch 9" */
function measuredText({ now, unit }: UnitReport): string {
  if (!now) return t("The run has not been evaluated yet.");
  const when = t("at epoch {0}", epochNumber(now.epoch));
  const set = setWords[now.set];
  if (now.firingFrequency === null)
    return t(
      "{0} units are never exactly zero: firing and death are not defined for them. Measured on {1} {2} examples {3}.",
      unit.activation,
      integer(now.n),
      set,
      when,
    );
  const count = firings(now.firingFrequency, now.n);
  const examples = t("{0} of {1} {2} examples", integer(count), integer(now.n), set);
  return `${t("fires on {0} ({1})", examples, smallPercent(count / now.n))} ${when}`;
}

function buttons(): ButtonWords<HeaderAction>[] {
  const small = (action: HeaderAction, label: string, icon: string): ButtonWords<HeaderAction> => ({
    action,
    label,
    icon,
    tooltip: label,
    iconOnly: true,
  });
  return [
    small("back", t("Back"), "arrow-left"),
    small("ahead", t("Forward"), "arrow-right"),
    small("previous", t("Previous unit of the layer"), "chevron-left"),
    small("next", t("Next unit of the layer"), "chevron-right"),
    {
      action: "nextDead",
      label: t("Next dead unit"),
      icon: "debug-step-over",
      tooltip: t("The next dead unit of this layer, then of the layers after it"),
    },
    {
      action: "openDashboard",
      label: t("Dashboard"),
      icon: "graph-line",
      tooltip: t("Open the dashboard of this run"),
    },
    small("openConfig", t("Open config"), "go-to-file"),
    small("refresh", t("Compute again"), "refresh"),
    small("copyJson", t("Copy as JSON"), "json"),
  ];
}
