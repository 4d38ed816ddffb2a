/** What can be done with the run. */
import type { DashboardRequest } from "../../src/common/messages.js";
import { ButtonBar, type ButtonWords } from "../shared/buttonBar.js";
import { t } from "../shared/l10n.js";
import type { ClaimsAction } from "./claims/claimsSection.js";

/** Figures and claims are asked for by what shows them. */
export type Action = Exclude<DashboardRequest["action"], "units" | "pictures" | "openUnit" | ClaimsAction>;

const buttons: ButtonWords<Action>[] = [
  {
    action: "pause",
    label: t("Pause"),
    icon: "debug-pause",
    tooltip: t("Pause at the next step; the run can go on from there"),
    primary: true,
    pending: t("Pausing…"),
  },
  {
    action: "stop",
    label: t("Stop"),
    icon: "debug-stop",
    tooltip: t("Stop at the next step; everything so far is kept"),
    pending: t("Stopping…"),
  },
  {
    action: "resume",
    label: t("Resume"),
    icon: "debug-continue",
    tooltip: t("Go on from the last checkpoint"),
    primary: true,
  },
  {
    action: "revive",
    label: t("Revive dead units"),
    icon: "heart",
    tooltip: t(
      "Measure, then give dead units fresh incoming weights and outgoing weights 0; a run that is not in progress goes on from there",
    ),
    pending: t("Reviving…"),
  },
  {
    action: "runAgain",
    label: t("Run again"),
    icon: "debug-restart",
    tooltip: t("Start this run's config as a new run"),
  },
  {
    action: "openConfig",
    label: t("Open config"),
    icon: "go-to-file",
    tooltip: t("Open the experiment file of this run"),
  },
  {
    action: "revealFolder",
    label: t("Reveal run folder"),
    icon: "folder-opened",
    tooltip: t("Reveal run folder"),
    iconOnly: true,
  },
  {
    action: "copyPath",
    label: t("Copy path of run folder"),
    icon: "copy",
    tooltip: t("Copy path of run folder"),
    iconOnly: true,
  },
];

export class Toolbar extends ButtonBar<Action> {
  /** @param ask rejects when the host could not do it; showing why is the caller's matter */
  constructor(ask: (action: Action) => Promise<void>) {
    super(t("Run"), buttons, ask);
  }

  /** @param shown which actions make sense now */
  override render(shown: ReadonlySet<Action>): void {
    const runAgain = this.made.get("runAgain");
    if (runAgain) runAgain.secondary = shown.has("resume");
    super.render(shown);
  }
}
