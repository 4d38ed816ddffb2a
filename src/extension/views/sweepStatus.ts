/** A status-bar item while a sweep goes on. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import type { SweepManager } from "../sweeps/sweepManager.js";
import { liveSweepText } from "../sweeps/sweepText.js";
import { uiLanguage } from "../uiLanguage.js";

export class SweepStatus implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private item: vscode.StatusBarItem | undefined;

  constructor(private readonly manager: SweepManager) {
    this.disposables.add(manager.onDidChange(() => this.show()));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** The newest one speaks for all. */
  private show(): void {
    const { live } = this.manager;
    const model = live.at(-1);
    if (!model) {
      this.item?.hide();
      return;
    }
    this.item ??= this.create();
    const text =
      liveSweepText(model.record, model.progress, uiLanguage) + (live.length > 1 ? ` (+${live.length - 1})` : "");
    this.item.text = `$(run-all) ${text.replace(/\$\(/g, "$\u200b(")}`;
    this.item.tooltip = vscode.l10n.t("Click to open the sweep.");
    this.item.accessibilityInformation = { label: `Rectiscope: ${text}` };
    this.item.command = {
      command: "rectiscope.openSweep",
      title: vscode.l10n.t("Open Sweep"),
      arguments: [model.folder],
    };
    this.item.show();
  }

  private create(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem("rectiscope.sweep", vscode.StatusBarAlignment.Left, 10);
    item.name = vscode.l10n.t("Rectiscope Sweep");
    return this.disposables.add(item);
  }
}
