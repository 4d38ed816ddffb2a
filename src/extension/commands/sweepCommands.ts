/** The commands of sweeps: of the one that is named, or of one that the person chooses. */
import * as vscode from "vscode";
import { isSweepResumable, type SweepRecord } from "../../common/sweepRecord.js";
import { loadSweepFile, loadSweepFolder } from "../engine.js";
import { isSweep } from "../experiments/experimentPattern.js";
import type { Parts } from "../parts.js";
import type { ListedSweep } from "../sweeps/sweepIndex.js";
import { sweepNotHere } from "../sweeps/sweepLauncher.js";
import { sweepDescription } from "../sweeps/sweepText.js";
import { uiLanguage } from "../uiLanguage.js";
import { configFileArgument, folderArgument } from "./arguments.js";

type Given = Pick<Parts, "experiments" | "sweeps" | "sweepManager" | "sweepLauncher" | "sweepPages">;

/** @returns the sweep's folder; undefined when the person chose none, or it could not begin */
export async function runSweep({ experiments, sweepLauncher }: Given, argument: unknown): Promise<string | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const file =
    configFileArgument(argument) ??
    (active?.scheme === "file" && isSweep(active.fsPath)
      ? active.fsPath
      : await pickSweepFile(await experiments.sweepFiles()));
  return file && sweepLauncher.launch(file);
}

export async function openSweep({ sweeps, sweepPages }: Given, argument: unknown): Promise<string | undefined> {
  const folder = folderArgument(argument) ?? (await pick(await sweeps.list(), vscode.l10n.t("Which sweep to show?")));
  if (folder === undefined) return undefined;
  const { readSweepRecord } = await loadSweepFolder();
  sweepPages.open(folder, (await readSweepRecord(folder)).name);
  return folder;
}

export async function endSweep(
  { sweeps, sweepManager }: Given,
  argument: unknown,
  how: "stop" | "pause",
): Promise<string | undefined> {
  const live = (await sweeps.list()).filter(({ folder }) => sweepManager.has(folder));
  const question = how === "stop" ? vscode.l10n.t("Which sweep to stop?") : vscode.l10n.t("Which sweep to pause?");
  const folder = folderArgument(argument) ?? (await pick(live, question));
  if (folder !== undefined && !sweepManager.ask(folder, how)) {
    const { readSweepRecord } = await loadSweepFolder();
    throw new Error(sweepNotHere(folder, await readSweepRecord(folder)));
  }
  return folder;
}

export async function resumeSweep({ sweeps, sweepLauncher }: Given, argument: unknown): Promise<string | undefined> {
  const folder =
    folderArgument(argument) ?? (await pickWhere(sweeps, isSweepResumable, vscode.l10n.t("Which sweep to resume?")));
  return folder === undefined ? undefined : sweepLauncher.resume(folder);
}

/** Failed trials once more. */
export async function retrySweep({ sweeps, sweepLauncher }: Given, argument: unknown): Promise<string | undefined> {
  const hasFailed = ({ trials }: SweepRecord) => trials.some(({ state }) => state === "failed");
  const folder =
    folderArgument(argument) ??
    (await pickWhere(sweeps, hasFailed, vscode.l10n.t("Of which sweep to retry the failed trials?")));
  return folder === undefined ? undefined : sweepLauncher.resume(folder, true);
}

/** Deletes a sweep's folder with the runs of its trials, after a question. */
export async function deleteSweep(
  { sweeps, sweepManager, sweepPages }: Given,
  argument: unknown,
): Promise<string | undefined> {
  const folder = folderArgument(argument);
  if (folder === undefined) throw new Error(vscode.l10n.t("This command needs a sweep."));
  const { readSweepRecord } = await loadSweepFolder();
  const record = await readSweepRecord(folder);
  if (record.state === "running" || sweepManager.has(folder))
    throw new Error(vscode.l10n.t("{0} is in progress: stop it first.", record.name));
  const trash = vscode.l10n.t("Move to Trash");
  const question = vscode.l10n.t(
    "Delete the sweep {0} with the runs of its {1} trials?",
    record.name,
    record.trials.length,
  );
  const detail = vscode.l10n.t("Other sweeps that took trials from it will train them again when they are resumed.");
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, trash)) !== trash) return undefined;
  try {
    if (!(await moved(folder, record.name))) return undefined;
    sweepPages.close(folder);
    return folder;
  } finally {
    sweeps.refresh();
  }
}

async function moved(folder: string, name: string): Promise<boolean> {
  const uri = vscode.Uri.file(folder);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
    return true;
  } catch {
    const permanently = vscode.l10n.t("Delete Permanently");
    const question = vscode.l10n.t("There is no trash for {0} here. Delete it permanently?", name);
    if ((await vscode.window.showWarningMessage(question, { modal: true }, permanently)) !== permanently) return false;
    await vscode.workspace.fs.delete(uri, { recursive: true });
    return true;
  }
}

async function pickSweepFile(files: string[]): Promise<string | undefined> {
  if (files.length === 0) {
    const message = vscode.l10n.t(
      "There is no sweep here: no file that ends in .sweep.rectiscope.json. The examples have two.",
    );
    const examples = vscode.l10n.t("Open Example Workspace");
    if ((await vscode.window.showInformationMessage(message, examples)) === examples)
      await vscode.commands.executeCommand("rectiscope.openExampleWorkspace");
    return undefined;
  }
  const { sweepName } = await loadSweepFile();
  const items = files.map((file) => ({
    label: sweepName({}, file),
    description: vscode.workspace.asRelativePath(file),
    file,
  }));
  const placeHolder = vscode.l10n.t("Which sweep to run?");
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.file;
}

async function pickWhere(
  sweeps: Given["sweeps"],
  fits: (record: SweepRecord) => boolean,
  question: string,
): Promise<string | undefined> {
  return pick(
    (await sweeps.list()).filter(({ record }) => fits(record)),
    question,
  );
}

/** The sweep if there is one, a choice if there are several, newest first. */
async function pick(listed: ListedSweep[], placeHolder: string): Promise<string | undefined> {
  if (listed.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t("There is no such sweep."));
  if (listed.length <= 1) return listed[0]?.folder;
  const items = listed.map(({ folder, record }) => ({
    label: record.name,
    description: sweepDescription(record, uiLanguage),
    detail: new Date(record.created).toLocaleString(uiLanguage.locale),
    folder,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true }))?.folder;
}
