/** From a config file to a run: read it, start it, show it, and say how it failed. */

import { readFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { RunError } from "../../common/run.js";
import type { Problem } from "../../engine/experiment/problem.js";
import { missingDatasetOffer } from "../commands/downloadOffer.js";
import { loadExperimentFile } from "../engine.js";
import type { FolderPanels } from "../folderPanels.js";
import { uiLanguage } from "../uiLanguage.js";
import { openConfigOf } from "./configOfRun.js";
import { readRecord } from "./readModel.js";
import type { LaunchedRun, RunManager } from "./runManager.js";
import type { RunModel } from "./runModel.js";
import { whyNotResumable } from "./runRefusal.js";
import { resultText } from "./runText.js";

/** A run that took longer than this is announced when it ends, unless its dashboard is in view. */
const longRunSeconds = 120;

export class Launcher implements vscode.Disposable {
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly manager: RunManager,
    private readonly dashboards: FolderPanels,
  ) {
    this.listener = manager.onDidChange(({ model, message }) => {
      if (message.type === "ended") void this.announceEnd(model, message.error);
    });
  }

  /**
   * @returns the run folder, once the run has started or waits for its turn (it is not there before its turn has come); undefined
   * when it could not start, which the person was told
   */
  async launch(configFile: string): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) {
      await refuseUntrusted();
      return undefined;
    }
    const { experimentName, readExperiment } = await loadExperimentFile();
    const { experiment, problems } = readExperiment(await savedText(configFile), configFile);
    if (!experiment) {
      void showProblems(configFile, problems);
      return undefined;
    }
    const name = experimentName(experiment, configFile);
    const launched = await this.manager.begin(configFile, experiment, name);
    return this.follow(launched, name, (error) => void showRunError(name, configFile, error));
  }

  /** A run goes on from its last checkpoint. @returns as `launch` does @throws Error when it cannot go on */
  async resume(folder: string, { revive = false } = {}): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) {
      await refuseUntrusted();
      return undefined;
    }
    if (this.manager.has(folder)) return folder;
    const run = await readRecord(folder);
    const reason = whyNotResumable(folder, run);
    if (reason !== null || run.config === null) throw new Error(reason ?? "");
    const { name, config: experiment } = run;
    const configFile = path.resolve(folder, run.configFile ?? "");
    const launched = this.manager.launch({ folder, name, configFile, experiment, resume: true, revive });
    return this.follow(launched, name, ({ message }) => void vscode.window.showErrorMessage(`${name}: ${message}`));
  }

  dispose(): void {
    this.listener.dispose();
  }

  /** Shows a run that was launched. One that waits is shown at once, any other when it has started. */
  private async follow(
    { folder, queued, started }: LaunchedRun,
    name: string,
    tell: (error: RunError) => void,
  ): Promise<string | undefined> {
    if (queued) {
      this.dashboards.open(folder, name);
      void started.then(({ error }) => error && tell(error));
      return folder;
    }
    const { model, error } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Starting {0}…", name) },
      () => started,
    );
    if (!model) {
      if (error) tell(error);
      return undefined;
    }
    this.dashboards.open(model.folder, model.record.name);
    return model.folder;
  }

  private async announceEnd(model: RunModel, error: RunError | null): Promise<void> {
    const { folder, record } = model;
    const show = vscode.l10n.t("Show Dashboard");
    let chosen: string | undefined;
    if (this.manager.isLeaving) return;
    if (error && record.state === "paused") {
      // nothing is lost: the disk is full, or the like
      const resume = vscode.l10n.t("Resume");
      const message = vscode.l10n.t("{0} is paused. {1} Then resume it.", record.name, error.message);
      chosen = await vscode.window.showErrorMessage(message, resume, show);
      if (chosen === resume) await vscode.commands.executeCommand("rectiscope.resume", folder);
    } else if (error) {
      chosen = await vscode.window.showErrorMessage(
        `${record.name}: ${error.message}`,
        show,
        vscode.l10n.t("Open Config"),
      );
      if (chosen === vscode.l10n.t("Open Config")) await openConfigOf(model);
    } else {
      const long = (record.summary?.seconds ?? 0) >= longRunSeconds;
      if (record.state !== "finished" || !long || this.dashboards.isVisible(folder)) return;
      const result = resultText(record, uiLanguage);
      chosen = await vscode.window.showInformationMessage(
        vscode.l10n.t("{0} finished: {1}", record.name, result),
        show,
      );
    }
    if (chosen === show) this.dashboards.open(folder, record.name);
  }
}

/** What the editor shows is what is trained: an open config is saved first; where that fails its text is used. */
export async function savedText(file: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "file" && uri.fsPath === file);
  if (!open?.isDirty) return open?.getText() ?? readFile(file, "utf8");
  await open.save();
  return open.getText();
}

export async function refuseUntrusted(): Promise<void> {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const message = vscode.l10n.t("Rectiscope trains only in trusted workspaces: a config says which files are read.");
  if ((await vscode.window.showWarningMessage(message, manage)) === manage)
    await vscode.commands.executeCommand("workbench.trust.manage");
}

export async function showProblems(configFile: string, problems: Problem[]): Promise<void> {
  const first = problems[0];
  const place = `${path.basename(configFile)}:${first?.line ?? 1}`;
  const more = problems.length > 1 ? ` ${vscode.l10n.t("({0} more in the Problems view.)", problems.length - 1)}` : "";
  const open = vscode.l10n.t("Open Config");
  if ((await vscode.window.showErrorMessage(`${place}: ${first?.message ?? ""}${more}`, open)) === open)
    await openAt(configFile, first);
}

async function openAt(configFile: string, problem: Problem | undefined): Promise<void> {
  const document = await vscode.workspace.openTextDocument(configFile);
  const start = document.positionAt(problem?.offset ?? 0);
  const end = document.positionAt((problem?.offset ?? 0) + (problem?.length ?? 0));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, end) });
}

export async function showRunError(name: string, configFile: string, error: RunError): Promise<void> {
  const open = vscode.l10n.t("Open Config");
  const download = missingDatasetOffer(error, uiLanguage);
  const { message } = download ?? error;
  const check = error.code === "noTensorflow" ? vscode.l10n.t("Check TensorFlow") : null;
  const chosen = await vscode.window.showErrorMessage(
    `${name}: ${message}`,
    ...(download ? [download.label] : []),
    ...(check ? [check] : []),
    open,
  );
  if (chosen === open) await openAt(configFile, undefined);
  else if (check !== null && chosen === check) await vscode.commands.executeCommand("rectiscope.checkTensorflow");
  else if (chosen !== undefined)
    await vscode.commands.executeCommand("rectiscope.downloadDataset", { name: error.value, file: configFile });
}
