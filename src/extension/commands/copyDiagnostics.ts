/** What a report of a fault needs, on the clipboard: no contents of files, and no name of the home folder. */
import os from "node:os";
import * as vscode from "vscode";
import { recipeOf } from "../../common/format.js";
import type { Parts } from "../parts.js";
import type { ListedRun } from "../runs/runIndex.js";
import { withoutHome } from "./withoutHome.js";

const mostRuns = 20;

/** @returns what was copied */
export async function copyDiagnostics({
  extensionVersion,
  log,
  runs,
  settings,
  activationMs,
  longestBlockMs,
}: Parts): Promise<string> {
  const { dataFolders, codeLens, concurrentRuns, tensorflowFolder } = settings;
  const listed = await runs.list();
  const sections = [
    "# Rectiscope diagnostics",
    list([
      `Rectiscope ${extensionVersion}, VS Code ${vscode.version} (${vscode.env.appName}, ${vscode.UIKind[vscode.env.uiKind]}), Node ${process.versions.node}`,
      `${process.platform} ${os.release()} ${process.arch}, ${os.availableParallelism()} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
      `Remote: ${vscode.env.remoteName ?? "none"}; workspace trusted: ${vscode.workspace.isTrusted}; language: ${vscode.env.language}`,
      `Activation: ${activationMs().toFixed(1)} ms; longest block since the first run: ${longestBlockMs().toFixed(1)} ms`,
    ]),
    "## Settings",
    list([
      `dataFolders: ${JSON.stringify(dataFolders.value)}`,
      `codeLens.enabled: ${codeLens.value}`,
      `concurrentRuns: ${concurrentRuns.value}`,
      `tensorflow.folder: ${tensorflowFolder.value ?? "the usual one"}`,
    ]),
    `## Runs (${listed.length}${listed.length > mostRuns ? `, the newest ${mostRuns}` : ""})`,
    list(listed.slice(0, mostRuns).map(runLine)),
    "## Errors of this session",
    list(log.errors),
  ];
  const text = withoutHome(`${sections.join("\n\n")}\n`, os.homedir());
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(vscode.l10n.t("Diagnostics copied to the clipboard."));
  return text;
}

function runLine({ folder, run }: ListedRun): string {
  const { progress, host, versions, summary, error } = run;
  return [
    `${run.id} (${run.source}): ${run.state}, step ${progress.step} of ${progress.totalSteps}`,
    recipeOf(run),
    `${host.threads} threads, kernels ${versions.kernels}${versions.backend ? `, ${versions.backend}` : ""}, node ${versions.node}`,
    summary ? `test error ${summary.test.error}` : "",
    error ? `error ${error.code}: ${error.message}` : "",
    folder,
  ]
    .filter(Boolean)
    .join("; ");
}

function list(lines: readonly string[]): string {
  return lines.length > 0 ? lines.map((line) => `- ${line}`).join("\n") : "none";
}
