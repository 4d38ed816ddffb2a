/** The open sweep pages, at most one a sweep; brings them back after a reload of the window. */
import path from "node:path";
import * as vscode from "vscode";
import { folderOfState } from "../dashboard/dashboardMessage.js";
import { Disposables } from "../disposables.js";
import type { SweepManager } from "./sweepManager.js";
import { type AnswerSweepRequest, SweepPanel } from "./sweepPanel.js";

export const sweepViewType = "rectiscope.sweep";

export class SweepPages implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly disposables = new Disposables();
  private readonly panels = new Map<string, SweepPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly manager: SweepManager,
    private readonly answer: AnswerSweepRequest,
  ) {
    this.disposables.add(vscode.window.registerWebviewPanelSerializer(sweepViewType, this));
  }

  open(folder: string, title: string): void {
    const open = this.panels.get(folder);
    if (open) {
      open.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    this.adopt(vscode.window.createWebviewPanel(sweepViewType, title, column, { enableFindWidget: true }), folder);
  }

  close(folder: string): void {
    this.panels.get(folder)?.dispose();
  }

  isVisible(folder: string): boolean {
    return this.panels.get(folder)?.visible ?? false;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const folder = folderOfState(state);
    if (folder === null || !path.isAbsolute(folder) || this.panels.has(folder)) panel.dispose();
    else this.adopt(panel, folder);
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
    this.disposables.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, folder: string): void {
    const page = new SweepPanel(panel, folder, this.manager, this.answer, this.extension);
    this.panels.set(folder, page);
    page.onDidDispose(() => this.panels.delete(folder));
  }
}
