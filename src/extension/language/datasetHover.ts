/** What a config's data set is, at the pointer: its shape, sizes, classes, and where its files are. */
import * as vscode from "vscode";
import type { DatasetSummary } from "../../common/datasetPage.js";
import { integer, megabytes } from "../../common/format.js";
import { isKnownDataset, knownDatasets } from "../../common/knownDatasets.js";
import type { DatasetIndex, ListedDataset } from "../datasets/datasetIndex.js";
import type { DatasetSummaries } from "../datasets/datasetSummaries.js";
import { Disposables } from "../disposables.js";
import { loadExperimentFile, loadJsonc } from "../engine.js";
import { isExperiment } from "../experiments/experimentPattern.js";
import { uiLanguage } from "../uiLanguage.js";
import { experimentSelector } from "./selector.js";

/** Nothing larger is read for a hover. */
const mostBytes = 300_000_000;

export class DatasetHover implements vscode.HoverProvider, vscode.Disposable {
  private readonly disposables = new Disposables();

  constructor(
    private readonly index: DatasetIndex,
    private readonly summaries: DatasetSummaries,
  ) {
    this.disposables.add(vscode.languages.registerHoverProvider(experimentSelector, this));
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!isExperiment(document.uri.fsPath) || !vscode.workspace.isTrusted) return undefined;
    const { getLocation } = await loadJsonc();
    const [section, key, ...deeper] = getLocation(document.getText(), document.offsetAt(position)).path;
    if (section !== "dataset" || deeper.length > 0) return undefined;
    if (key !== undefined && !["", "name", "folder"].includes(String(key))) return undefined;
    const { readExperiment } = await loadExperimentFile();
    const { experiment } = readExperiment(document.getText(), document.uri.fsPath);
    if (!experiment) return undefined;
    const listed = await this.index.describe(experiment.dataset, document.uri.fsPath);
    const words = new vscode.MarkdownString();
    for (const line of await this.linesOf(listed)) words.appendText(line).appendMarkdown("\n\n");
    return new vscode.Hover(words);
  }

  private async linesOf(listed: ListedDataset): Promise<string[]> {
    const { dataset, folder, missing } = listed;
    const known = isKnownDataset(dataset.name) ? knownDatasets[dataset.name] : null;
    if (folder === null) return [...(known ? [factsOf(known)] : []), missing];
    if (known) return [factsOf(known), vscode.l10n.t("In {0}", folder)];
    try {
      const bytes = await this.summaries.bytesOf(listed);
      if (bytes > mostBytes) return [vscode.l10n.t("{0} in {1}", megabytes(bytes, uiLanguage.locale), folder)];
      return [...summaryLines(await this.summaries.of(listed)), vscode.l10n.t("In {0}", folder)];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

function factsOf({ title, train, test, shape, classes }: (typeof knownDatasets)["mnist"]): string {
  const number = (n: number) => integer(n, uiLanguage.locale);
  const size = test === null ? number(train) : `${number(train)} + ${number(test)}`;
  const inputs = shape ? ` · ${shape.join(" × ")}` : "";
  return `${title}: ${vscode.l10n.t("{0} examples, {1} classes", size, classes)}${inputs}`;
}

function summaryLines({ parts, classes, imageShape, planes, dimension }: DatasetSummary): string[] {
  const number = (n: number) => integer(n, uiLanguage.locale);
  const of = (name: string) => number(parts.find((part) => part.name === name)?.n ?? 0);
  const shape = imageShape
    ? [...(planes > 1 ? [planes] : []), imageShape[0] / planes, imageShape[1]].join(" × ")
    : number(dimension);
  const names = classes.slice(0, 10).map(({ name }) => name);
  return [
    vscode.l10n.t(
      "{0} training, {1} validation, {2} test examples of {3}",
      of("train"),
      of("valid"),
      of("test"),
      shape,
    ),
    vscode.l10n.t("{0} classes: {1}", classes.length, names.join(", ") + (classes.length > 10 ? ", …" : "")),
  ];
}
