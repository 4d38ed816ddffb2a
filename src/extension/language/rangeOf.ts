import * as vscode from "vscode";
import type { Span } from "../../engine/experiment/configTree.js";

/** Where a stretch of a document's text is. */
export function rangeOf(document: vscode.TextDocument, { offset, length }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}
