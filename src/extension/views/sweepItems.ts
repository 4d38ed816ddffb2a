/** The rows of sweeps and their trials in the tree of runs. */
import path from "node:path";
import * as vscode from "vscode";
import { isSweepResumable, type TrialRecord, type TrialState } from "../../common/sweepRecord.js";
import { stateIcons } from "../runs/runText.js";
import type { ListedSweep } from "../sweeps/sweepIndex.js";
import { sweepDescription, trialDescription, trialLabel, trialState } from "../sweeps/sweepText.js";
import { uiLanguage } from "../uiLanguage.js";

/** Of a sweep that has finished but for some trials. */
const withFailures = { icon: "warning", color: "list.warningForeground" };

export class SweepItem extends vscode.TreeItem {
  readonly folder: string;

  constructor(
    readonly listed: ListedSweep,
    /** In progress in this window. */
    here: boolean,
  ) {
    const { folder, record } = listed;
    super(record.name, vscode.TreeItemCollapsibleState.Collapsed);
    const failed = record.state !== "running" && record.trials.some(({ state }) => state === "failed");
    const { icon, color } = failed && record.state === "finished" ? withFailures : stateIcons[record.state];
    const elsewhere = record.state === "running" && !here;
    this.folder = folder;
    this.id = folder;
    const where = elsewhere ? ` · ${vscode.l10n.t("in another window")}` : "";
    this.description = sweepDescription(record, uiLanguage) + where;
    this.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    this.contextValue = `sweep.${record.state}${here ? ".here" : ""}${failed ? ".failures" : ""}${isSweepResumable(record) ? ".resumable" : ""}`;
    this.tooltip = [`${record.name} · ${sweepDescription(record, uiLanguage)}`, record.error?.message, folder]
      .filter(Boolean)
      .join("\n");
    this.command = { command: "rectiscope.openSweep", title: vscode.l10n.t("Open Sweep"), arguments: [folder] };
  }
}

const trialIcons: Record<TrialState, { icon: string; color?: string }> = {
  pending: { icon: "circle-outline" },
  ...stateIcons,
};

export class TrialItem extends vscode.TreeItem {
  readonly folder: string;

  constructor(
    sweep: string,
    readonly trial: TrialRecord,
  ) {
    super(trialLabel(trial, uiLanguage));
    const { icon, color } = trialIcons[trial.state];
    this.folder = path.resolve(sweep, trial.run);
    this.id = `${sweep}#${trial.number}`;
    this.description = trialDescription(trial, uiLanguage);
    this.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    this.contextValue = `trial.${trial.state}`;
    this.accessibilityInformation = {
      label: `${trialLabel(trial, uiLanguage)}: ${trialState(trial, uiLanguage)}, ${this.description}`,
    };
    this.tooltip = [`${trial.number}: ${this.description}`, trial.error?.message, this.folder]
      .filter(Boolean)
      .join("\n");
    if (trial.state !== "pending")
      this.command = {
        command: "rectiscope.openRun",
        title: vscode.l10n.t("Open Dashboard"),
        arguments: [this.folder],
      };
  }
}
