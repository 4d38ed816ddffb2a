/** Copies the examples to a folder of the person's choice and opens them. Never overwrites. */
import { cp, mkdir, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { folderArgument } from "./arguments.js";

const folderName = "rectiscope-examples";

/** @param argument the folder to copy into; asked for when absent */
export async function copyExamples(extension: vscode.Uri, argument: unknown): Promise<string | undefined> {
  const examples = vscode.Uri.joinPath(extension, "examples").fsPath;
  for (let given = folderArgument(argument); ; given = undefined) {
    const parent = given ?? (await askForFolder());
    if (parent === undefined) return undefined;
    const target = path.join(parent, folderName);
    if (await exists(target)) {
      const open = vscode.l10n.t("Open Existing");
      const another = vscode.l10n.t("Choose Another Folder");
      const question = vscode.l10n.t("{0} exists already. Nothing in it will be changed.", target);
      const answer = await vscode.window.showInformationMessage(question, { modal: true }, open, another);
      if (answer === undefined) return undefined;
      if (answer === another) continue;
    } else {
      await mkdir(parent, { recursive: true });
      const filter = (source: string) => path.basename(source) !== ".rectiscope";
      await cp(examples, target, { recursive: true, force: false, errorOnExist: true, filter });
    }
    const empty = vscode.workspace.workspaceFolders === undefined;
    await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(target), { forceReuseWindow: empty });
    return target;
  }
}

async function askForFolder(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.file(os.homedir()),
    openLabel: vscode.l10n.t("Copy Examples Here"),
    title: vscode.l10n.t("A folder {0} will be made in the folder you choose", folderName),
  });
  return chosen?.[0]?.fsPath;
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
