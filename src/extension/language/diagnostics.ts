/**
 * Reports what is wrong with an experiment or a sweep while it is edited, from the same validator as the command line. The bundled
 * JSON Schema has no constraints, and what VS Code's JSON service reports by itself is left to it: each mistake shows once.
 */
import * as vscode from "vscode";
import type { Problem, ProblemCode } from "../../engine/experiment/problem.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadExperimentFile, loadSweepFile } from "../engine.js";
import { isExperiment, isSweep } from "../experiments/experimentPattern.js";
import { baseText } from "../sweeps/baseText.js";
import { rangeOf } from "./rangeOf.js";
import { experimentSelector } from "./selector.js";

/** Reported by VS Code's JSON service in any JSON file. */
const reportedByJson: ReadonlySet<ProblemCode> = new Set(["syntax", "duplicateKey"]);
const debounceMs = 250;

export class Diagnostics implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly collection = this.disposables.add(vscode.languages.createDiagnosticCollection("rectiscope"));
  private readonly pending = new Map<string, Delayed>();
  private readonly found = new Map<string, Map<vscode.Diagnostic, Problem>>();

  constructor() {
    this.disposables.add(vscode.workspace.onDidOpenTextDocument((document) => void this.check(document)));
    this.disposables.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.checkSoon(document);
        // it may be the base of a sweep
        if (isExperiment(document.uri.fsPath))
          for (const other of vscode.workspace.textDocuments) if (isSweep(other.uri.fsPath)) this.checkSoon(other);
      }),
    );
    this.disposables.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    for (const document of vscode.workspace.textDocuments) void this.check(document);
  }

  /** What was reported of a document, with the mends. */
  problemsOf(uri: vscode.Uri): ReadonlyMap<vscode.Diagnostic, Problem> {
    return this.found.get(uri.toString()) ?? new Map();
  }

  dispose(): void {
    for (const delayed of this.pending.values()) delayed.dispose();
    this.disposables.dispose();
  }

  private checkSoon(document: vscode.TextDocument): void {
    if (!isExperimentDocument(document)) return;
    const key = document.uri.toString();
    const delayed = this.pending.get(key) ?? new Delayed(debounceMs, () => void this.check(document));
    this.pending.set(key, delayed);
    delayed.restart();
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    if (!isExperimentDocument(document)) return;
    const problems = await problemsIn(document);
    if (document.isClosed || this.disposables.disposed) return;
    const json = document.languageId === "json" || document.languageId === "jsonc";
    const shown = problems.filter(({ code }) => !(json && reportedByJson.has(code)));
    const found = new Map(shown.map((problem) => [diagnosticOf(document, problem), problem]));
    this.found.set(document.uri.toString(), found);
    this.collection.set(document.uri, [...found.keys()]);
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    this.pending.get(key)?.dispose();
    this.pending.delete(key);
    this.found.delete(key);
    this.collection.delete(uri);
  }
}

async function problemsIn(document: vscode.TextDocument): Promise<Problem[]> {
  const file = document.uri.fsPath;
  if (isSweep(file)) {
    const { readSweep } = await loadSweepFile();
    return (await readSweep(document.getText(), file, baseText)).problems;
  }
  const { readExperiment } = await loadExperimentFile();
  return readExperiment(document.getText(), file).problems;
}

function isExperimentDocument(document: vscode.TextDocument): boolean {
  return vscode.languages.match(experimentSelector, document) > 0;
}

function diagnosticOf(document: vscode.TextDocument, problem: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    rangeOf(document, problem),
    problem.message,
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = "Rectiscope";
  diagnostic.code = problem.code;
  return diagnostic;
}
