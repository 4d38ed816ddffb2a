/** Quick fixes: the one change that a problem suggests. */
import * as vscode from "vscode";
import type { Problem } from "../../engine/experiment/problem.js";
import type { Diagnostics } from "./diagnostics.js";
import { rangeOf } from "./rangeOf.js";
import { experimentSelector } from "./selector.js";

export class QuickFixes implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(private readonly diagnostics: Diagnostics) {
    this.registration = vscode.languages.registerCodeActionsProvider(experimentSelector, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const problems = [...this.diagnostics.problemsOf(document.uri)];
    return problems.flatMap(([diagnostic, { fix }]) => {
      if (!fix || !diagnostic.range.intersection(range)) return [];
      return fixAction(document, diagnostic, fix);
    });
  }

  dispose(): void {
    this.registration.dispose();
  }
}

function fixAction(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  fix: NonNullable<Problem["fix"]>,
): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, rangeOf(document, fix), fix.text);
  return action;
}
