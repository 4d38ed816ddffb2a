/** What a list says about an experiment: its recipe, or that it cannot run. */
import * as vscode from "vscode";
import { uiLanguage } from "../uiLanguage.js";
import type { ListedExperiment } from "./experimentIndex.js";

export async function experimentDetail({ experiment, problems }: ListedExperiment): Promise<string> {
  if (experiment) return (await import("./experimentRecipe.js")).experimentRecipe(experiment, uiLanguage);
  return problemsText(problems);
}

export function problemsText(problems: number): string {
  return problems === 1 ? vscode.l10n.t("1 problem") : vscode.l10n.t("{0} problems", problems);
}
