/** From a sweep's config to a sweep in progress: read it, start it, show it, and say how it failed. */

import path from "node:path";
import * as vscode from "vscode";
import { isSweepResumable, type SweepRecord } from "../../common/sweepRecord.js";
import { loadSweepFile, loadSweepFolder } from "../engine.js";
import type { FolderPanels } from "../folderPanels.js";
import { refuseUntrusted, savedText, showProblems, showRunError } from "../runs/launcher.js";
import { runOwner } from "../runs/runOwner.js";
import { uiLanguage } from "../uiLanguage.js";
import { baseText } from "./baseText.js";
import type { SweepManager } from "./sweepManager.js";
import { sweepDescription } from "./sweepText.js";

/** A sweep that took longer than this is announced when it ends, unless its page is in view. */
const longSweepSeconds = 120;

export class SweepLauncher implements vscode.Disposable {
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly manager: SweepManager,
    private readonly pages: FolderPanels,
  ) {
    this.listener = manager.onDidChange(({ folder, record, ended }) => {
      if (ended) void this.announceEnd(folder, record);
    });
  }

  /** @returns the sweep's folder once it goes on; undefined when it could not begin, which the person was told */
  async launch(configFile: string): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) {
      await refuseUntrusted();
      return undefined;
    }
    const { readSweep, sweepName } = await loadSweepFile();
    const { plan, problems } = await readSweep(await savedText(configFile), configFile, baseText);
    if (!plan) {
      void showProblems(configFile, problems);
      return undefined;
    }
    const { sweep, base } = plan;
    const name = sweepName(sweep, configFile);
    const { newSweepFolder } = await loadSweepFolder();
    const folder = newSweepFolder(configFile, name);
    const task = { folder, configFile, name, sweep, base };
    const error = await this.starting(name, this.manager.start(task, jobsOf(sweep.jobs)));
    if (error) {
      void showRunError(name, configFile, error);
      return undefined;
    }
    this.pages.open(folder, name);
    return folder;
  }

  /** A sweep goes on. @param retry failed trials once more @throws Error when it cannot go on */
  async resume(folder: string, retry = false): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) {
      await refuseUntrusted();
      return undefined;
    }
    if (!this.manager.has(folder)) {
      const { readSweepRecord } = await loadSweepFolder();
      const record = await readSweepRecord(folder);
      const reason = whyNot(folder, record, retry);
      if (reason) throw new Error(reason);
      const { name, sweep } = record;
      const error = await this.starting(name, this.manager.start({ folder, resume: true, retry }, jobsOf(sweep.jobs)));
      if (error) throw new Error(`${name}: ${error.message}`);
      this.pages.open(folder, name);
    }
    return folder;
  }

  dispose(): void {
    this.listener.dispose();
  }

  private starting<T>(name: string, started: Promise<T>): Thenable<T> {
    const title = vscode.l10n.t("Starting {0}…", name);
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => started);
  }

  private async announceEnd(folder: string, record: SweepRecord): Promise<void> {
    if (this.manager.isLeaving) return;
    const show = vscode.l10n.t("Show Sweep");
    let chosen: string | undefined;
    if (record.error) chosen = await vscode.window.showErrorMessage(`${record.name}: ${record.error.message}`, show);
    else if (record.state === "finished" && record.seconds >= longSweepSeconds && !this.pages.isVisible(folder))
      chosen = await vscode.window.showInformationMessage(
        `${record.name}: ${sweepDescription(record, uiLanguage)}`,
        show,
      );
    if (chosen === show) this.pages.open(folder, record.name);
  }
}

/** For what only the process that drives it can do. */
export function sweepNotHere(folder: string, record: Pick<SweepRecord, "name" | "state">): string {
  const owner = runOwner(folder);
  if (record.state !== "running" || !owner) return vscode.l10n.t("{0} is not in progress.", record.name);
  return vscode.l10n.t(
    "{0} is in progress elsewhere: process {1} on {2} drives it. Stop it there, in its own window or terminal.",
    record.name,
    owner.pid,
    owner.host,
  );
}

/** Null when the sweep can go on. */
function whyNot(folder: string, record: SweepRecord, retry: boolean): string | null {
  if (record.state === "running") return sweepNotHere(folder, record);
  if (isSweepResumable(record)) return null;
  const failed = record.trials.some(({ state }) => state === "failed");
  if (!retry) return vscode.l10n.t("{0} has finished. Run its config again for more.", record.name);
  return failed ? null : vscode.l10n.t("{0} has no failed trials.", record.name);
}

function jobsOf(jobs: number | "auto"): number | null {
  return jobs === "auto" ? null : jobs;
}

/** Absolute path of the config that a sweep was made from. */
export function sweepConfigOf(folder: string, record: Pick<SweepRecord, "configFile">): string {
  return path.resolve(folder, record.configFile);
}
