/** The names of data sets where a config names one: those that are on this machine first, and of the others what they would take. */
import * as vscode from "vscode";
import type { DatasetName, Experiment } from "../../common/experiment.js";
import { isKnownDataset, knownDatasets } from "../../common/knownDatasets.js";
import type { DatasetIndex } from "../datasets/datasetIndex.js";
import { loadExperimentSchema, loadJsonc } from "../engine.js";
import { isExperiment } from "../experiments/experimentPattern.js";
import { experimentSelector } from "./selector.js";

export class DatasetCompletion implements vscode.CompletionItemProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(private readonly index: DatasetIndex) {
    this.registration = vscode.languages.registerCompletionItemProvider(experimentSelector, this, '"');
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const file = document.uri.fsPath;
    if (!isExperiment(file)) return [];
    const { getLocation } = await loadJsonc();
    const { path, isAtPropertyKey, previousNode } = getLocation(document.getText(), document.offsetAt(position));
    if (path.length !== 2 || path[0] !== "dataset" || path[1] !== "name" || isAtPropertyKey) return [];
    const written = previousNode?.type === "string" ? previousNode : undefined;
    const range = new vscode.Range(
      written ? document.positionAt(written.offset) : position,
      written ? document.positionAt(written.offset + written.length) : position,
    );
    const { datasetNames } = await loadExperimentSchema();
    return Promise.all(datasetNames.map((name, place) => this.itemOf(name, place, file, range)));
  }

  dispose(): void {
    this.registration.dispose();
  }

  private async itemOf(
    name: DatasetName,
    place: number,
    file: string,
    range: vscode.Range,
  ): Promise<vscode.CompletionItem> {
    const known = isKnownDataset(name) ? knownDatasets[name] : null;
    const found = known && (await this.index.describe({ name } as Experiment["dataset"], file));
    const where = !found
      ? vscode.l10n.t("your own files")
      : found.folder === null
        ? vscode.l10n.t("not on this machine")
        : vscode.l10n.t("on this machine");
    const text = JSON.stringify(name);
    const item = new vscode.CompletionItem({ label: text, description: where }, vscode.CompletionItemKind.Value);
    item.insertText = text;
    item.filterText = text;
    item.range = range;
    item.sortText = `${found?.folder ? 0 : 1}${String(place).padStart(3, "0")}`;
    if (known) item.detail = known.title;
    if (found) item.documentation = found.folder ?? found.missing;
    return item;
  }
}
