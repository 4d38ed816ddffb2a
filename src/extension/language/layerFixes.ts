/** Quick fixes of what a run shows of its layers: the changes of the config that may mend it, and the ways to look closer. */
import * as vscode from "vscode";
import { loadConfigEdit, loadExperimentFile } from "../engine.js";
import { quietestUnit } from "../runs/quietestUnit.js";
import { uiLanguage } from "../uiLanguage.js";
import { layerMends } from "./layerMends.js";
import type { LayerProblem, LayerProblems } from "./layerProblems.js";
import { rangeOf } from "./rangeOf.js";
import { experimentSelector } from "./selector.js";

export class LayerFixes implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(private readonly problems: LayerProblems) {
    this.registration = vscode.languages.registerCodeActionsProvider(experimentSelector, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    const here = [...this.problems.problemsOf(document.uri)].filter(([{ range: at }]) => at.intersection(range));
    const actions = await Promise.all(
      here.map(async ([diagnostic, problem]) => [
        ...(await mendActions(document, diagnostic, problem)),
        ...(await lookActions(diagnostic, problem)),
      ]),
    );
    return actions.flat();
  }

  dispose(): void {
    this.registration.dispose();
  }
}

async function mendActions(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  { finding, deaths, experiment }: LayerProblem,
): Promise<vscode.CodeAction[]> {
  const { configEdits, changedConfig } = await loadConfigEdit();
  const { readExperiment } = await loadExperimentFile();
  const text = document.getText();
  const valid = layerMends(finding, deaths, experiment, uiLanguage).filter(
    (mend) => readExperiment(changedConfig(text, mend), document.uri.fsPath).experiment !== null,
  );
  return valid.map((mend, place) => {
    const action = new vscode.CodeAction(mend.title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = place === 0;
    action.edit = new vscode.WorkspaceEdit();
    for (const { offset, length, content } of configEdits(text, mend))
      action.edit.replace(document.uri, rangeOf(document, { offset, length }), content);
    return action;
  });
}

async function lookActions(
  diagnostic: vscode.Diagnostic,
  { folder, finding }: LayerProblem,
): Promise<vscode.CodeAction[]> {
  const { layer, kind, evaluation } = finding;
  const dead = kind === "dead" ? await quietestUnit(folder, evaluation.step, layer) : null;
  const look = (title: string, command: string, ...args: unknown[]) => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.command = { title, command, arguments: args };
    return action;
  };
  return [
    look(vscode.l10n.t("Open Dashboard"), "rectiscope.openRun", folder, layer),
    ...(dead
      ? [look(vscode.l10n.t("Open Dead Unit {0}", dead.unit), "rectiscope.openUnit", folder, layer, dead.unit)]
      : []),
  ];
}
