/** The rows of the tree of runs. What can be done with one follows from its contextValue, by the menus of package.json. */
import * as vscode from "vscode";
import { isResumable } from "../../common/run.js";
import type { ListedRun } from "../runs/runIndex.js";
import type { RunPlan } from "../runs/runManager.js";
import { descriptionText, stateIcons } from "../runs/runText.js";
import { uiLanguage } from "../uiLanguage.js";

export class RunItem extends vscode.TreeItem {
  readonly folder: string;

  constructor(
    readonly listed: ListedRun,
    /** In progress in this window. */
    here: boolean,
  ) {
    const { folder, run } = listed;
    super(run.name);
    const { icon, color } = stateIcons[run.state];
    const elsewhere = run.state === "running" && !here;
    this.folder = folder;
    this.id = folder;
    this.description = descriptionText(run, uiLanguage) + (elsewhere ? ` · ${vscode.l10n.t("in another window")}` : "");
    this.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    this.contextValue = `run.${run.state}${here ? ".here" : ""}${isResumable(run) ? ".resumable" : ""}`;
    this.command = { command: "rectiscope.openRun", title: vscode.l10n.t("Open Dashboard"), arguments: [folder] };
  }
}

/** A run that waits; the first one in the queue has place 1. */
export class QueuedItem extends vscode.TreeItem {
  readonly folder: string;

  constructor({ folder, name }: RunPlan, place: number) {
    super(name);
    this.folder = folder;
    this.id = `queued:${folder}`;
    this.description = vscode.l10n.t("queued, number {0}", place);
    this.tooltip = vscode.l10n.t("{0} starts by itself when one of the runs in progress ends.", name);
    this.iconPath = new vscode.ThemeIcon("clock");
    this.contextValue = "run.queued";
    this.command = { command: "rectiscope.openRun", title: vscode.l10n.t("Open Dashboard"), arguments: [folder] };
  }
}
