/** At the pointer on a hidden layer's width: what the layer did in the last run. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import { loadHiddenLayers } from "../engine.js";
import { isExperiment } from "../experiments/experimentPattern.js";
import type { LastRuns } from "../runs/lastRuns.js";
import { layerMarkdown } from "./layerMarkdown.js";
import { rangeOf } from "./rangeOf.js";
import { sameWidths } from "./runOfText.js";
import { experimentSelector } from "./selector.js";

export class LayerHover implements vscode.HoverProvider, vscode.Disposable {
  private readonly disposables = new Disposables();

  constructor(private readonly lastRuns: LastRuns) {
    this.disposables.add(vscode.languages.registerHoverProvider(experimentSelector, this));
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!isExperiment(document.uri.fsPath)) return undefined;
    const { writtenLayers } = await loadHiddenLayers();
    const layers = writtenLayers(document.getText());
    const at = layers.findIndex(({ span }) => rangeOf(document, span).contains(position));
    const layer = layers[at];
    if (!layer) return undefined;
    const range = rangeOf(document, layer.span);
    const last = await this.lastRuns.of(document.uri.fsPath);
    if (!last || !sameWidths(layers, last.run)) return undefined;
    const words = await layerMarkdown(last, at + 1);
    return words && new vscode.Hover(words, range);
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
