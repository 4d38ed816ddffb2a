/** Deletes run folders, to the trash where there is one, and only what nothing writes to. */
import * as vscode from "vscode";
import { readRecord } from "./readModel.js";
import type { ListedRun } from "./runIndex.js";
import type { RunManager } from "./runManager.js";
import { isOwnerGone, runOwner } from "./runOwner.js";

/** False while a process trains the run or may be about to. */
export function isDeletable({ folder, run }: ListedRun, manager: RunManager): boolean {
  return run.state !== "running" && !manager.has(folder) && (runOwner(folder) === null || isOwnerGone(folder));
}

/**
 * Asks first. @param question what is going to happen, such as "Delete 3 runs (12 MB)?"
 * @returns the folders that are gone
 */
export async function deleteRuns(question: string, runs: readonly ListedRun[], manager: RunManager): Promise<string[]> {
  const trash = vscode.l10n.t("Move to Trash");
  const detail = runs.map(({ run }) => run.name).join(", ");
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, trash);
  if (answer !== trash) return [];
  const { gone, left } = await remove(runs, manager, true);
  if (left.length === 0) return gone;
  const permanently = vscode.l10n.t("Delete Permanently");
  const without =
    left.length === 1
      ? vscode.l10n.t("There is no trash for {0} here. Delete it permanently?", left[0]?.run.name ?? "")
      : vscode.l10n.t("There is no trash for {0} of these runs here. Delete them permanently?", left.length);
  if ((await vscode.window.showWarningMessage(without, { modal: true }, permanently)) !== permanently) return gone;
  const second = await remove(left, manager, false);
  return [...gone, ...second.gone];
}

async function remove(runs: readonly ListedRun[], manager: RunManager, useTrash: boolean) {
  const gone: string[] = [];
  const left: ListedRun[] = [];
  const title = vscode.l10n.t("Deleting runs…");
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () => {
    for (const listed of runs) {
      const { folder } = listed;
      // it may have been resumed since it was chosen
      const run = await readRecord(folder);
      if (!isDeletable({ folder, run }, manager))
        throw new Error(vscode.l10n.t("{0} is in progress and was not deleted.", run.name));
      try {
        await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash });
        gone.push(folder);
      } catch (error) {
        if (!useTrash) throw error;
        left.push(listed);
      }
    }
  });
  return { gone, left };
}
