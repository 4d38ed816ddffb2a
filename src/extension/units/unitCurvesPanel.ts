/** The page of units' curves: one for the window. It asks nothing of the extension, and is back after a reload. */
import * as vscode from "vscode";
import { dashboardHtml } from "../dashboard/dashboardHtml.js";
import { Disposables } from "../disposables.js";

const viewType = "rectiscope.unitCurves";

export class UnitCurvesPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly disposables = new Disposables();
  private panel: vscode.WebviewPanel | undefined;

  constructor(private readonly extension: vscode.Uri) {
    this.disposables.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  open(): void {
    if (this.panel) this.panel.reveal();
    else {
      const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
      this.adopt(vscode.window.createWebviewPanel(viewType, vscode.l10n.t("Units’ curves"), column));
    }
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.panel) panel.dispose();
    else this.adopt(panel);
  }

  dispose(): void {
    this.panel?.dispose();
    this.disposables.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    const files = vscode.Uri.joinPath(this.extension, "dist", "webview");
    const icon = (theme: string) => vscode.Uri.joinPath(this.extension, "media", `dashboard-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    panel.webview.options = { enableScripts: true, localResourceRoots: [files] };
    panel.webview.html = dashboardHtml(panel.webview, files, "unitCurves", vscode.l10n.t("Drawing the curves…"));
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
  }
}
