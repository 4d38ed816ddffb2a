/** Chooses runs to delete, with what each is and how much room it takes, and deletes them. */
import * as vscode from "vscode";
import type { RunState } from "../../common/run.js";
import type { Parts } from "../parts.js";
import { deleteRuns, isDeletable } from "../runs/deleteRuns.js";
import { readRecord } from "../runs/readModel.js";
import type { ListedRun } from "../runs/runIndex.js";
import { ageText, descriptionText, sizeText } from "../runs/runText.js";
import { uiLanguage } from "../uiLanguage.js";
import { folderArgument } from "./arguments.js";

type Given = Pick<Parts, "manager" | "runs" | "dashboards" | "unitPages" | "sizes">;

/** Runs that came to nothing are proposed for deletion when they are older than this. */
const oldMs = 7 * 24 * 3_600_000;
const proposed: readonly RunState[] = ["failed", "interrupted", "stopped"];

/** @returns the folders that are gone */
export async function cleanUpRuns(given: Given): Promise<string[]> {
  const listed = (await given.runs.list()).filter((entry) => isDeletable(entry, given.manager));
  if (listed.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There are no runs to clean up."));
    return [];
  }
  const items = await Promise.all(listed.map((entry) => itemOf(entry, given)));
  const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
    title: vscode.l10n.t("Clean Up Runs: {0} in {1} runs", sizeText(total, uiLanguage), items.length),
    placeHolder: vscode.l10n.t("Checked: failed, stopped or interrupted over a week ago"),
  });
  if (!chosen || chosen.length === 0) return [];
  return remove(chosen, given);
}

/** @returns the folders that are gone */
export async function deleteRun(given: Given, argument: unknown): Promise<string[]> {
  const folder = folderArgument(argument);
  if (folder === undefined) throw new Error(vscode.l10n.t("This command needs a run."));
  const listed = { folder, run: await readRecord(folder) };
  if (!isDeletable(listed, given.manager))
    throw new Error(vscode.l10n.t("{0} is in progress: stop it first.", listed.run.name));
  return remove([await itemOf(listed, given)], given);
}

interface Item extends vscode.QuickPickItem {
  listed: ListedRun;
  bytes: number;
}

async function itemOf(listed: ListedRun, { sizes }: Given): Promise<Item> {
  const { folder, run } = listed;
  const age = Date.now() - Date.parse(run.ended ?? run.heartbeat);
  const bytes = await sizes.of(listed);
  return {
    label: run.name,
    description: descriptionText(run, uiLanguage),
    detail: [sizeText(bytes, uiLanguage), ageText(age, uiLanguage), vscode.workspace.asRelativePath(folder)].join(
      " · ",
    ),
    picked: proposed.includes(run.state) && age > oldMs,
    listed,
    bytes,
  };
}

async function remove(items: readonly Item[], { manager, dashboards, unitPages, runs }: Given): Promise<string[]> {
  const size = sizeText(
    items.reduce((sum, { bytes }) => sum + bytes, 0),
    uiLanguage,
  );
  const question =
    items.length === 1
      ? vscode.l10n.t("Delete the run {0} ({1})?", items[0]?.label ?? "", size)
      : vscode.l10n.t("Delete {0} runs ({1})?", items.length, size);
  try {
    const gone = await deleteRuns(
      question,
      items.map(({ listed }) => listed),
      manager,
    );
    for (const folder of gone) {
      dashboards.close(folder);
      unitPages.close(folder);
    }
    return gone;
  } finally {
    runs.refresh();
  }
}
