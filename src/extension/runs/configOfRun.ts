/** The config that a run was made from. */
import path from "node:path";
import * as vscode from "vscode";
import type { RunRecord } from "../../common/run.js";

interface Run {
  folder: string;
  record: RunRecord;
}

/** Absolute path. @throws Error when there is none, or not any more */
export async function configFileOf({ folder, record }: Run): Promise<string> {
  if (record.configFile === null) throw new Error(vscode.l10n.t("This run was not made from a config file."));
  const file = path.resolve(folder, record.configFile);
  try {
    await vscode.workspace.fs.stat(vscode.Uri.file(file));
  } catch {
    throw new Error(vscode.l10n.t("The config {0} is not there any more.", file));
  }
  return file;
}

/** @throws Error as above */
export async function openConfigOf(run: Run): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(await configFileOf(run)));
}
