/** The open pages of one kind, at most one a folder; brings them back after a reload of the window. */
import path from "node:path";
import * as vscode from "vscode";
import { folderOfState } from "./dashboard/dashboardMessage.js";
import { Disposables } from "./disposables.js";

/** A page about a run or a sweep. */
export interface FolderPanel extends vscode.Disposable {
  readonly visible: boolean;
  reveal(): void;
  onDidDispose(listener: () => void): void;
}

export class FolderPanels<Panel extends FolderPanel = FolderPanel>
  implements vscode.Disposable, vscode.WebviewPanelSerializer
{
  private readonly disposables = new Disposables();
  private readonly panels = new Map<string, Panel>();

  constructor(
    private readonly viewType: string,
    private readonly make: (panel: vscode.WebviewPanel, folder: string) => Panel,
  ) {
    this.disposables.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  open(folder: string, title: string): Panel {
    const open = this.panels.get(folder);
    if (open) {
      open.reveal();
      return open;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    return this.adopt(
      vscode.window.createWebviewPanel(this.viewType, title, column, { enableFindWidget: true }),
      folder,
    );
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

  private adopt(panel: vscode.WebviewPanel, folder: string): Panel {
    const page = this.make(panel, folder);
    this.panels.set(folder, page);
    page.onDidDispose(() => this.panels.delete(folder));
    return page;
  }
}
