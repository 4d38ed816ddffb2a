/** 'Rectiscope: Check TensorFlow': what was found, what is missing, and the command that would install it. */
import * as vscode from "vscode";
import { type TensorflowFound, tensorflowReport, tensorflowSummary } from "../../common/tensorflow.js";
import { loadTensorflow } from "../engine.js";
import type { Parts } from "../parts.js";
import { uiLanguage } from "../uiLanguage.js";

/** @returns what was found, as soon as it is known */
export async function checkTensorflow({ extension, log, settings }: Parts): Promise<TensorflowFound> {
  const { checkTensorflow: check } = await loadTensorflow();
  const assets = vscode.Uri.joinPath(extension, "dist").fsPath;
  const title = vscode.l10n.t("Checking TensorFlow…");
  const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    check(settings.tensorflowFolder.value ?? null, assets),
  );
  for (const line of tensorflowReport(found, uiLanguage)) log.info(line);
  void tell(found, log);
  return found;
}

async function tell(found: TensorflowFound, log: Parts["log"]): Promise<void> {
  const { command } = found;
  const summary = tensorflowSummary(found, uiLanguage);
  const details = vscode.l10n.t("Show Details");
  const copy = vscode.l10n.t("Copy Command");
  const terminal = vscode.l10n.t("Open in Terminal");
  const chosen =
    command === null
      ? await vscode.window.showInformationMessage(summary, details)
      : await vscode.window.showWarningMessage(
          `${summary} ${vscode.l10n.t("To install it: {0}", command)}`,
          terminal,
          copy,
          details,
        );
  if (chosen === details) log.show();
  if (command === null) return;
  if (chosen === copy) await vscode.env.clipboard.writeText(command);
  if (chosen === terminal) {
    const shell = vscode.window.createTerminal("TensorFlow");
    shell.show();
    // Enter is the person's
    shell.sendText(command, false);
  }
}
