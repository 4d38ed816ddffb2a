/**
 * What the last run of an experiment shows of its layers, in the Problems panel, at the layers' widths in the config: after each
 * evaluation while it trains, and for as long as the config is still that of the run. Told of documents that are open, and of
 * experiments that were trained in this window.
 */
import path from "node:path";
import * as vscode from "vscode";
import type { Experiment } from "../../common/experiment.js";
import type { LayerDeaths, RunDeaths } from "../../common/unitReport.js";
import { positionAt, type Span } from "../../engine/experiment/configTree.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadConfigText, loadExperimentFile, loadHiddenLayers } from "../engine.js";
import { isExperiment } from "../experiments/experimentPattern.js";
import type { LastRuns } from "../runs/lastRuns.js";
import type { RunManager } from "../runs/runManager.js";
import type { Setting } from "../settings.js";
import { uiLanguage } from "../uiLanguage.js";
import { commandUri } from "./commandLink.js";
import { findingWords } from "./findingWords.js";
import { type LayerFinding, layerFindings, type ProblemThresholds } from "./layerFindings.js";
import { hiddenLayersOf, sameWidths, trainsAlike } from "./runOfText.js";

/** A problem, and what its mends follow from. */
export interface LayerProblem {
  folder: string;
  finding: LayerFinding;
  deaths: LayerDeaths | null;
  experiment: Experiment;
}

/** Of what the dead units of a run died, at its last evaluation. */
export type ReadDeaths = (folder: string, step: number) => Promise<RunDeaths>;

const debounceMs = 250;

export class LayerProblems implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly collection = this.disposables.add(vscode.languages.createDiagnosticCollection("rectiscope.layers"));
  private readonly found = new Map<string, Map<vscode.Diagnostic, LayerProblem>>();
  private readonly pending = new Map<string, Delayed>();
  /** Configs of runs of this window. */
  private readonly trained = new Set<string>();
  /** How often each file was looked at: an answer that comes after a later question is out of date. */
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly lastRuns: LastRuns,
    private readonly readDeaths: ReadDeaths,
    private readonly thresholds: Setting<ProblemThresholds>,
    manager: RunManager,
  ) {
    const { workspace } = vscode;
    this.disposables.add(
      manager.onDidChange(({ model: { folder, record }, message }) => {
        if (message.type === "started" && record.configFile !== null)
          this.trained.add(path.resolve(folder, record.configFile));
      }),
    );
    this.disposables.add(lastRuns.onDidChange(() => this.checkAll()));
    this.disposables.add(thresholds.onDidChange(() => this.checkAll()));
    this.disposables.add(workspace.onDidOpenTextDocument(({ uri }) => this.checkSoon(uri)));
    this.disposables.add(workspace.onDidChangeTextDocument(({ document: { uri } }) => this.checkSoon(uri)));
    this.disposables.add(workspace.onDidCloseTextDocument(({ uri }) => this.checkSoon(uri)));
    this.checkAll();
  }

  /** What was reported of a document. */
  problemsOf(uri: vscode.Uri): ReadonlyMap<vscode.Diagnostic, LayerProblem> {
    return this.found.get(uri.fsPath) ?? new Map();
  }

  dispose(): void {
    for (const delayed of this.pending.values()) delayed.dispose();
    this.disposables.dispose();
  }

  private checkAll(): void {
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri).filter(isExperimentFile);
    for (const file of new Set([...open.map(({ fsPath }) => fsPath), ...this.trained])) void this.check(file);
  }

  private checkSoon(uri: vscode.Uri): void {
    if (!isExperimentFile(uri)) return;
    const file = uri.fsPath;
    const delayed = this.pending.get(file) ?? new Delayed(debounceMs, () => void this.check(file));
    this.pending.set(file, delayed);
    delayed.restart();
  }

  private async check(file: string): Promise<void> {
    const turn = (this.asked.get(file) ?? 0) + 1;
    this.asked.set(file, turn);
    const problems = await this.problemsIn(file).catch(() => []);
    if (this.disposables.disposed || this.asked.get(file) !== turn) return;
    const found = new Map(problems.map(({ range, problem }) => [diagnosticOf(range, problem), problem]));
    this.found.set(file, found);
    this.collection.set(vscode.Uri.file(file), [...found.keys()]);
  }

  /** @throws where the config is not there any more */
  private async problemsIn(file: string): Promise<{ range: vscode.Range; problem: LayerProblem }[]> {
    const text = await this.textOf(file);
    const last = text === null ? undefined : await this.lastRuns.of(file);
    if (text === null || !last) return [];
    const { folder, run, evaluations } = last;
    const { writtenLayers } = await loadHiddenLayers();
    const layers = writtenLayers(text);
    const widths = hiddenLayersOf(run).map(({ units }) => units);
    const findings = layerFindings(evaluations, widths, this.thresholds.value);
    if (findings.length === 0 || !sameWidths(layers, run)) return [];
    const { readExperiment, resolveExperiment } = await loadExperimentFile();
    const { experiment } = readExperiment(text, file);
    if (!experiment || !trainsAlike(resolveExperiment(experiment), run)) return [];
    const dead = findings.find(({ kind }) => kind === "dead");
    const deaths = dead ? await this.readDeaths(folder, dead.evaluation.step).catch(() => null) : null;
    return findings.flatMap((finding) => {
      const layer = layers[finding.layer - 1];
      if (!layer) return [];
      const known = deaths?.at?.step === finding.evaluation.step ? deaths.layers[finding.layer - 1] : undefined;
      return { range: rangeIn(text, layer.span), problem: { folder, finding, deaths: known ?? null, experiment } };
    });
  }

  /** As it is being written, or on the disk; null of a file that nobody asks about. */
  private async textOf(file: string): Promise<string | null> {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "file" && uri.fsPath === file);
    if (open) return open.getText();
    if (!this.trained.has(file)) return null;
    const { readConfigText } = await loadConfigText();
    return (await readConfigText(file)).replace(/^\uFEFF/, "");
  }
}

function isExperimentFile({ scheme, fsPath }: vscode.Uri): boolean {
  return scheme === "file" && isExperiment(fsPath);
}

function rangeIn(text: string, { offset, length }: Span): vscode.Range {
  const [from, to] = [offset, offset + length].map((at) => positionAt(text, at)) as [Place, Place];
  return new vscode.Range(from.line - 1, from.column - 1, to.line - 1, to.column - 1);
}

type Place = ReturnType<typeof positionAt>;

function diagnosticOf(range: vscode.Range, { folder, finding, deaths }: LayerProblem): vscode.Diagnostic {
  const { kind, layer } = finding;
  const severity = kind === "dead" ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
  const diagnostic = new vscode.Diagnostic(range, findingWords(finding, deaths, uiLanguage), severity);
  diagnostic.source = "Rectiscope";
  diagnostic.code = { value: codes[kind], target: commandUri("rectiscope.openRun", folder, layer) };
  return diagnostic;
}

const codes: Record<keyof ProblemThresholds, string> = {
  dead: "deadUnits",
  dormant: "dormantUnits",
  alwaysOn: "alwaysOnUnits",
  sparsity: "sparsity",
};
