/** Why something cannot be done with a run, and what to do instead. */
import * as vscode from "vscode";
import { isResumable, type RunRecord } from "../../common/run.js";
import { runOwner } from "./runOwner.js";

/** For what only the process that trains it can do. */
export function notInThisWindow(folder: string, run: Pick<RunRecord, "name" | "state">): string {
  const owner = runOwner(folder);
  if (run.state !== "running") return vscode.l10n.t("{0} is not in progress.", run.name);
  return owner
    ? vscode.l10n.t(
        "{0} is in progress elsewhere: process {1} on {2} trains it. Stop it there, in its own window or terminal.",
        run.name,
        owner.pid,
        owner.host,
      )
    : vscode.l10n.t("{0} is in progress elsewhere. Stop it there, in its own window or terminal.", run.name);
}

/** Null when the run can go on. */
export function whyNotResumable(folder: string, run: RunRecord): string | null {
  if (run.state === "running") return notInThisWindow(folder, run);
  if (isResumable(run)) return null;
  if (run.state === "finished") return vscode.l10n.t("{0} has finished. Run its config again for more.", run.name);
  if (run.config === null)
    return vscode.l10n.t("{0} was made by another program ({1}) and cannot go on here.", run.name, run.source);
  return vscode.l10n.t("{0} cannot go on: {1} Change its config and run it again.", run.name, run.error?.message ?? "");
}
