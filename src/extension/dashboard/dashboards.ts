/** The open dashboards, at most one a run; brings them back after a reload of the window. */
import path from "node:path";
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import type { RunManager } from "../runs/runManager.js";
import { folderOfState } from "./dashboardMessage.js";
import { type AnswerRequest, DashboardPanel } from "./dashboardPanel.js";

export const dashboardViewType = "rectiscope.dashboard";

export class Dashboards implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly disposables = new Disposables();
  private readonly panels = new Map<string, DashboardPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly manager: RunManager,
    private readonly answer: AnswerRequest,
  ) {
    this.disposables.add(vscode.window.registerWebviewPanelSerializer(dashboardViewType, this));
  }

  open(folder: string, title: string): void {
    const open = this.panels.get(folder);
    if (open) {
      open.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    this.adopt(vscode.window.createWebviewPanel(dashboardViewType, title, column, { enableFindWidget: true }), folder);
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
    const dashboard = new DashboardPanel(panel, folder, this.manager, this.answer, this.extension);
    this.panels.set(folder, dashboard);
    dashboard.onDidDispose(() => this.panels.delete(folder));
  }
}
