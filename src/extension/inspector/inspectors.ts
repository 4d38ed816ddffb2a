/** The inspector as an editor of model files, and comparisons as pages of their own, which come back after a reload of the window. */
import path from "node:path";
import * as vscode from "vscode";
import { escaped } from "../dashboard/escaped.js";
import { Disposables } from "../disposables.js";
import { filesOfState } from "./inspectorMessage.js";
import { InspectorPanel, type InspectorServices } from "./inspectorPanel.js";

/** The editor that opens by itself, and the one of files that have another editor of their own. */
export const editorTypes = ["rectiscope.inspector", "rectiscope.inspector.optional"] as const;
const comparisonType = "rectiscope.comparison";

export class Inspectors
  implements vscode.Disposable, vscode.CustomReadonlyEditorProvider, vscode.WebviewPanelSerializer
{
  private readonly disposables = new Disposables();
  private readonly comparisons = new Map<string, InspectorPanel>();

  constructor(private readonly services: InspectorServices) {
    for (const type of editorTypes)
      this.disposables.add(
        vscode.window.registerCustomEditorProvider(type, this, { supportsMultipleEditorsPerDocument: true }),
      );
    this.disposables.add(vscode.window.registerWebviewPanelSerializer(comparisonType, this));
  }

  /** Whatever its name ends in. */
  async inspect(file: string): Promise<void> {
    await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(file), editorTypes[0]);
  }

  compare(before: string, after: string): void {
    const files: [string, string] = [before, after];
    const open = this.comparisons.get(keyOf(files));
    if (open) {
      open.reveal();
      return;
    }
    const title = `${path.basename(before)} ↔ ${path.basename(after)}`;
    this.adopt(vscode.window.createWebviewPanel(comparisonType, title, vscode.ViewColumn.Active), files);
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    if (uri.scheme === "file") new InspectorPanel(panel, [uri.fsPath], this.services);
    else panel.webview.html = refusal(uri);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const files = filesOfState(state);
    if (!files?.every((file) => path.isAbsolute(file)) || this.comparisons.has(keyOf(files))) panel.dispose();
    else this.adopt(panel, files);
  }

  dispose(): void {
    for (const panel of [...this.comparisons.values()]) panel.dispose();
    this.disposables.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, files: [string, string]): void {
    const page = new InspectorPanel(panel, files, this.services);
    this.comparisons.set(keyOf(files), page);
    page.onDidDispose(() => this.comparisons.delete(keyOf(files)));
  }
}

function keyOf(files: readonly string[]): string {
  return JSON.stringify(files);
}

/** Of what is not on a disk, such as an earlier version in Git. */
function refusal(uri: vscode.Uri): string {
  const words = vscode.l10n.t("Rectiscope works with files on disk, not with {0}.", uri.toString());
  return `<!DOCTYPE html><html lang="${vscode.env.language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head>
<body><p>${escaped(words)}</p></body></html>`;
}
