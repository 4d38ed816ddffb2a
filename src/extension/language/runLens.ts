/** The line above an experiment: run it, and what its last run came to. */
import * as vscode from "vscode";
import { isResumable } from "../../common/run.js";
import { Disposables } from "../disposables.js";
import { experimentPattern, isExperiment } from "../experiments/experimentPattern.js";
import type { LastRun, LastRuns } from "../runs/lastRuns.js";
import type { RunManager } from "../runs/runManager.js";
import { descriptionText, evaluationText } from "../runs/runText.js";
import type { Setting } from "../settings.js";
import { uiLanguage } from "../uiLanguage.js";

const top = new vscode.Range(0, 0, 0, 0);

export class RunLens implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly lastRuns: LastRuns,
    private readonly manager: RunManager,
    private readonly enabled: Setting<boolean>,
  ) {
    this.disposables.add(lastRuns.onDidChange(() => this.changed.fire()));
    this.disposables.add(enabled.onDidChange(() => this.changed.fire()));
    this.disposables.add(
      vscode.languages.registerCodeLensProvider({ scheme: "file", pattern: experimentPattern }, this),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!this.enabled.value || !isExperiment(document.uri.fsPath)) return [];
    const run = new vscode.CodeLens(top, {
      title: `$(play) ${vscode.l10n.t("Run")}`,
      tooltip: vscode.l10n.t("Train this experiment as a new run"),
      command: "rectiscope.runExperiment",
      arguments: [document.uri],
    });
    const latest = await this.lastRuns.of(document.uri.fsPath);
    if (!latest) return [run];
    const { folder } = latest;
    const lenses = [run];
    if (this.manager.model(folder))
      lenses.push(
        new vscode.CodeLens(top, {
          title: `$(debug-stop) ${vscode.l10n.t("Stop")}`,
          tooltip: vscode.l10n.t("Stop after this step, with a checkpoint"),
          command: "rectiscope.stopRun",
          arguments: [folder],
        }),
      );
    else if (isResumable(latest.run) && !this.manager.has(folder))
      lenses.push(
        new vscode.CodeLens(top, {
          title: `$(debug-continue) ${vscode.l10n.t("Resume")}`,
          tooltip: vscode.l10n.t("Let the last run go on from its last checkpoint"),
          command: "rectiscope.resume",
          arguments: [folder],
        }),
      );
    const tooltip = vscode.l10n.t("Open the dashboard of this run");
    const openRun = { command: "rectiscope.openRun", arguments: [folder], tooltip };
    lenses.push(
      new vscode.CodeLens(top, { title: vscode.l10n.t("Last run: {0}", lastText(latest)), ...openRun }),
      new vscode.CodeLens(top, { title: `$(graph-line) ${vscode.l10n.t("Open Dashboard")}`, ...openRun }),
    );
    return lenses;
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** How it stands, and where it has no result yet its last measurement. */
function lastText({ run, evaluations }: LastRun): string {
  const evaluation = run.summary ? undefined : evaluations.at(-1);
  const parts = [descriptionText(run, uiLanguage), evaluation && evaluationText(evaluation, uiLanguage)];
  return parts.filter(Boolean).join(" · ");
}
