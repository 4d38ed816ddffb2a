/** Opens a run's config at a key. */
import * as vscode from "vscode";
import type { RunRecord } from "../../common/run.js";
import { loadConfigTree } from "../engine.js";
import { configFileOf } from "../runs/configOfRun.js";

/**
 * Selects the key where the config says it; else the one that would hold it.
 * @throws Error when there is no config, or not any more
 */
export async function revealKey(run: { folder: string; record: RunRecord }, key: string): Promise<void> {
  const file = await configFileOf(run);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const { findNode, parseConfig } = await loadConfigTree();
  const { root } = parseConfig(document.getText());
  const path = key.split(".");
  let found = findNode(root, path);
  for (let length = path.length - 1; !found && length > 0; length--) found = findNode(root, path.slice(0, length));
  const { offset, length } = found?.key ?? { offset: 0, length: 0 };
  const selection = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  await vscode.window.showTextDocument(document, { selection, viewColumn: vscode.ViewColumn.Beside });
}
