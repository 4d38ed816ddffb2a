/** Shows a folder where the person can see files: the system's file manager, or VS Code's explorer when the files are elsewhere. */
import * as vscode from "vscode";

export async function revealFolder(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand("revealFileInOS", uri);
  } else if (vscode.workspace.getWorkspaceFolder(uri)) {
    await vscode.commands.executeCommand("revealInExplorer", uri);
  } else {
    await vscode.window.showInformationMessage(folder);
  }
}
