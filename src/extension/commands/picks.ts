/** Questions that a command asks when it was not told what it is for. */
import * as vscode from "vscode";
import { isLive } from "../../common/messages.js";
import { isResumable } from "../../common/run.js";
import { experimentDetail } from "../experiments/experimentDetail.js";
import type { ExperimentIndex } from "../experiments/experimentIndex.js";
import { isExperiment } from "../experiments/experimentPattern.js";
import type { ListedRun, RunIndex } from "../runs/runIndex.js";
import type { RunManager } from "../runs/runManager.js";
import { descriptionText } from "../runs/runText.js";
import { uiLanguage } from "../uiLanguage.js";

/** The config in the active editor. */
export function activeExperiment(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === "file" && isExperiment(uri.fsPath) ? uri.fsPath : undefined;
}

export async function pickExperiment(experiments: ExperimentIndex): Promise<string | undefined> {
  const listed = await experiments.list();
  if (listed.length === 0) {
    await offerFirstExperiment();
    return undefined;
  }
  const items = await Promise.all(
    listed.map(async (entry) => ({
      label: entry.name,
      description: vscode.workspace.asRelativePath(entry.file),
      detail: await experimentDetail(entry),
      file: entry.file,
    })),
  );
  const placeHolder = vscode.l10n.t("Which experiment to train?");
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.file;
}

/** The run if there is one, a choice if there are several, newest first. */
export async function pickRun(runs: RunIndex, question: string): Promise<string | undefined> {
  const none = vscode.l10n.t("There are no runs yet: train an experiment first.");
  return pickOf(await runs.list(), question, none);
}

/** Of the runs that have ended and have a config. */
export async function pickEnded(runs: RunIndex): Promise<string | undefined> {
  const listed = (await runs.list()).filter(({ run }) => !isLive(run.state) && run.config !== null);
  const none = vscode.l10n.t("There is no run that has ended yet: train an experiment first.");
  return pickOf(listed, vscode.l10n.t("Which run's claims to check?"), none);
}

export async function pickResumable(runs: RunIndex): Promise<string | undefined> {
  const listed = (await runs.list()).filter(({ run }) => isResumable(run));
  return pickOf(listed, vscode.l10n.t("Which run to resume?"), vscode.l10n.t("There is no run that could go on."));
}

/** Of the runs of this window that are in progress, and those that can go on. */
export async function pickRevivable(manager: RunManager, runs: RunIndex): Promise<string | undefined> {
  const listed = (await runs.list()).filter(({ folder, run }) => manager.model(folder) || isResumable(run));
  const none = vscode.l10n.t("There is no run in progress, and none that could go on.");
  return pickOf(listed, vscode.l10n.t("Which run's dead units to revive?"), none);
}

/** Of the runs of this window. @param queued those that wait as well */
export async function pickRunning(
  manager: RunManager,
  question: string,
  { queued }: { queued: boolean },
): Promise<string | undefined> {
  const items = manager.live.map(({ folder, record }) => ({
    label: record.name,
    description: descriptionText(record, uiLanguage),
    folder,
  }));
  if (queued)
    for (const { folder, name } of manager.queued)
      items.push({ label: name, description: vscode.l10n.t("queued"), folder });
  if (items.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t("Nothing is training."));
  if (items.length <= 1) return items[0]?.folder;
  return (await vscode.window.showQuickPick(items, { placeHolder: question }))?.folder;
}

async function pickOf(listed: ListedRun[], placeHolder: string, none: string): Promise<string | undefined> {
  if (listed.length === 0) void vscode.window.showInformationMessage(none);
  if (listed.length <= 1) return listed[0]?.folder;
  const items = listed.map(({ folder, run }) => ({
    label: run.name,
    description: descriptionText(run, uiLanguage),
    detail: new Date(run.created).toLocaleString(uiLanguage.locale),
    folder,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true }))?.folder;
}

async function offerFirstExperiment(): Promise<void> {
  const examples = vscode.l10n.t("Open Example Workspace");
  const create = vscode.l10n.t("New Experiment");
  const message = vscode.l10n.t("There is no experiment here: no file that ends in .rectiscope.json.");
  const chosen = await vscode.window.showInformationMessage(message, examples, create);
  if (chosen === examples) await vscode.commands.executeCommand("rectiscope.openExampleWorkspace");
  if (chosen === create) await vscode.commands.executeCommand("rectiscope.newExperiment");
}
