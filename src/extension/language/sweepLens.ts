/** The line above a sweep: run it, how many trials it makes and about how long they take, and what its last time came to. */
import * as vscode from "vscode";
import { isSweepResumable } from "../../common/sweepRecord.js";
import { Disposables } from "../disposables.js";
import { loadSweepFile } from "../engine.js";
import { experimentPattern, isSweep } from "../experiments/experimentPattern.js";
import type { Setting } from "../settings.js";
import { baseText } from "../sweeps/baseText.js";
import type { SweepEstimates } from "../sweeps/sweepEstimates.js";
import type { SweepIndex } from "../sweeps/sweepIndex.js";
import type { SweepManager } from "../sweeps/sweepManager.js";
import { estimateText, sweepDescription } from "../sweeps/sweepText.js";
import { uiLanguage } from "../uiLanguage.js";

const top = new vscode.Range(0, 0, 0, 0);

export class SweepLens implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly sweeps: SweepIndex,
    private readonly manager: SweepManager,
    private readonly estimates: SweepEstimates,
    private readonly enabled: Setting<boolean>,
  ) {
    for (const event of [sweeps.onDidChange, estimates.onDidChange])
      this.disposables.add(event(() => this.changed.fire()));
    this.disposables.add(enabled.onDidChange(() => this.changed.fire()));
    this.disposables.add(
      vscode.languages.registerCodeLensProvider({ scheme: "file", pattern: experimentPattern }, this),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const file = document.uri.fsPath;
    if (!this.enabled.value || !isSweep(file)) return [];
    const run = lens(
      `$(run-all) ${vscode.l10n.t("Run Sweep")}`,
      vscode.l10n.t("Train every trial of this sweep"),
      "rectiscope.runSweep",
      document.uri,
    );
    const { readSweep } = await loadSweepFile();
    const { plan } = await readSweep(document.getText(), file, baseText);
    const lenses = [run];
    if (plan) {
      const seconds = await this.estimates.of(plan, file);
      const tooltip = vscode.l10n.t(
        "The time is an estimate for this machine, from earlier runs or from a short measurement; early stopping and sparsity make it shorter.",
      );
      lenses.push(lens(estimateText(plan.trials, seconds, uiLanguage), tooltip, "rectiscope.runSweep", document.uri));
    }
    const latest = await this.sweeps.latestOf(file);
    if (!latest) return lenses;
    const { folder, record } = latest;
    if (this.manager.has(folder))
      lenses.push(
        lens(
          `$(debug-stop) ${vscode.l10n.t("Stop")}`,
          vscode.l10n.t("Stop after this step, with a checkpoint"),
          "rectiscope.stopSweep",
          folder,
        ),
      );
    else if (isSweepResumable(record))
      lenses.push(
        lens(
          `$(debug-continue) ${vscode.l10n.t("Resume")}`,
          vscode.l10n.t("Train the trials that are left"),
          "rectiscope.resumeSweep",
          folder,
        ),
      );
    const last = vscode.l10n.t("Last sweep: {0}", sweepDescription(record, uiLanguage));
    return [...lenses, lens(last, vscode.l10n.t("Open the page of this sweep"), "rectiscope.openSweep", folder)];
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

function lens(title: string, tooltip: string, command: string, argument: unknown): vscode.CodeLens {
  return new vscode.CodeLens(top, { title, tooltip, command, arguments: [argument] });
}
