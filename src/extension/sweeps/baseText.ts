/** The text of a sweep's base: as the editor shows it, else as it is on the disk. */
import * as vscode from "vscode";
import { loadConfigText } from "../engine.js";

/** @throws ConfigReadError */
export async function baseText(file: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "file" && uri.fsPath === file);
  if (open) return open.getText();
  const { readConfigText } = await loadConfigText();
  return readConfigText(file);
}
