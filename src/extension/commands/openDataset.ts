/** Opens the page of a data set. */
import * as vscode from "vscode";
import type { Parts } from "../parts.js";

/** @param argument a data set's name, the config that describes it, or a row of the view; asked for when absent */
export async function openDataset({ datasets, datasetPages }: Parts, argument: unknown): Promise<void> {
  const key = keyOf(argument);
  const listed = key === undefined ? await pickDataset(datasets) : await datasets.find(key);
  if (listed) datasetPages.open(listed);
  else if (key !== undefined) throw new Error(vscode.l10n.t("There is no data set {0}.", key));
}

function keyOf(argument: unknown): string | undefined {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  const key = typeof argument === "object" && argument !== null && "dataset" in argument ? argument.dataset : argument;
  return typeof key === "string" ? key : undefined;
}

async function pickDataset(datasets: Parts["datasets"]) {
  const items = (await datasets.list()).map((listed) => ({
    label: listed.title,
    description: listed.folder === null ? vscode.l10n.t("not on this machine") : listed.dataset.name,
    detail: listed.folder ?? "",
    listed,
  }));
  const placeHolder = vscode.l10n.t("Which data set to show?");
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.listed;
}
