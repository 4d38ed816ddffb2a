/** Writes a new experiment from a template and opens it. Never overwrites. */
import { constants, copyFile, stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { experimentFileName } from "../experiments/experimentPattern.js";
import { uiLanguage } from "../uiLanguage.js";
import { templates } from "./templates.js";

/**
 * @param extension folder of the extension, where the templates are
 * @param argument the folder to write into, such as one of the explorer; else the workspace's, or asked for
 */
export async function createExperiment(extension: vscode.Uri, argument: unknown): Promise<string | undefined> {
  const study = {
    label: vscode.l10n.t("A study of the paper…"),
    detail: vscode.l10n.t("Many networks, and their results beside the published ones"),
  };
  const chosen = await vscode.window.showQuickPick([...templates(uiLanguage), study], {
    title: vscode.l10n.t("New Experiment"),
    placeHolder: vscode.l10n.t("What to start from?"),
  });
  if (!chosen) return undefined;
  const template = templates(uiLanguage).find(({ label }) => label === chosen.label);
  if (!template) {
    await vscode.commands.executeCommand("rectiscope.runStudy", argument);
    return undefined;
  }
  const folder = await chooseFolder(argument);
  if (folder === undefined) return undefined;
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t("New Experiment"),
    prompt: vscode.l10n.t("Name of the experiment. The file is written to {0}.", folder),
    value: await freeName(folder, template.name),
    validateInput: (value) => problemOfName(folder, value.trim()),
  });
  if (name === undefined) return undefined;
  const file = path.join(folder, experimentFileName(name.trim()));
  await copyFile(vscode.Uri.joinPath(extension, template.file).fsPath, file, constants.COPYFILE_EXCL);
  await vscode.window.showTextDocument(vscode.Uri.file(file));
  return file;
}

async function folderAt(uri: vscode.Uri): Promise<string> {
  return (await stat(uri.fsPath)).isDirectory() ? uri.fsPath : path.dirname(uri.fsPath);
}

/** @param argument of a command that was started from the explorer: its folder, or the one that a file is in */
export async function chooseFolder(argument?: unknown): Promise<string | undefined> {
  if (argument instanceof vscode.Uri) return folderAt(argument);
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) return folders[0]?.uri.fsPath;
  if (folders.length > 1) return (await vscode.window.showWorkspaceFolderPick())?.uri.fsPath;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t("Write Experiment Here"),
    title: vscode.l10n.t("Folder of the new experiment"),
  });
  return chosen?.[0]?.fsPath;
}

/** The name itself, or the first of name-2, name-3, … that is free. */
export async function freeName(folder: string, name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!(await exists(path.join(folder, experimentFileName(candidate))))) return candidate;
  }
}

export async function problemOfName(folder: string, name: string): Promise<string | undefined> {
  if (name === "") return vscode.l10n.t("Give it a name.");
  if (/[\\/:*?"<>|\p{Cc}]/u.test(name) || name.startsWith("."))
    return vscode.l10n.t('A file cannot have this name: leave out / \\ : * ? " < > | and a dot at the start.');
  const file = experimentFileName(name);
  return (await exists(path.join(folder, file))) ? vscode.l10n.t("{0} exists already.", file) : undefined;
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
