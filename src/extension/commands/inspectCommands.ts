/** Commands about model files. */
import path from "node:path";
import * as vscode from "vscode";
import type { Inspectors } from "../inspector/inspectors.js";
import { modelFileEndings } from "../inspector/modelFiles.js";
import { configFileArgument } from "./arguments.js";

export async function inspectModel(inspectors: Inspectors, argument: unknown): Promise<void> {
  const file = configFileArgument(argument) ?? (await askForModel(vscode.l10n.t("Inspect")));
  if (file !== undefined) await inspectors.inspect(file);
}

/** @param all what a menu of the explorer gives as well: everything that is selected */
export async function compareModels(inspectors: Inspectors, argument: unknown, all: unknown): Promise<void> {
  const selected = (Array.isArray(all) ? all : [argument]).map(configFileArgument).filter((file) => file !== undefined);
  const before = selected[0] ?? (await askForModel(vscode.l10n.t("Compare this…")));
  if (before === undefined) return;
  const beside = path.dirname(before);
  const after = selected[1] ?? (await askForModel(vscode.l10n.t("… with this"), beside));
  if (after === undefined) return;
  if (before === after) throw new Error(vscode.l10n.t("Choose two different files to compare."));
  inspectors.compare(before, after);
}

async function askForModel(title: string, folder?: string): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: title,
      filters: { [vscode.l10n.t("Model files")]: modelFileEndings, [vscode.l10n.t("All files")]: ["*"] },
      ...(folder !== undefined && { defaultUri: vscode.Uri.file(folder) }),
    })) ?? [];
  return configFileArgument(chosen);
}
