/** Behind each hidden layer's width in a config: how sparse the layer is, and how many of its units are dead, in the last run. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import { loadHiddenLayers } from "../engine.js";
import { isExperiment } from "../experiments/experimentPattern.js";
import type { LastRun, LastRuns } from "../runs/lastRuns.js";
import type { Setting } from "../settings.js";
import { uiLanguage } from "../uiLanguage.js";
import { layerMarkdown } from "./layerMarkdown.js";
import { inlineText } from "./layerWords.js";
import { rangeOf } from "./rangeOf.js";
import { sameWidths } from "./runOfText.js";
import { experimentSelector } from "./selector.js";

class LayerHint extends vscode.InlayHint {
  constructor(
    position: vscode.Position,
    readonly part: vscode.InlayHintLabelPart,
    readonly last: LastRun,
    readonly layer: number,
  ) {
    super(position, [part]);
    this.paddingLeft = true;
  }
}

export class InlineFigures implements vscode.InlayHintsProvider<LayerHint>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeInlayHints = this.changed.event;

  constructor(
    private readonly lastRuns: LastRuns,
    private readonly enabled: Setting<boolean>,
  ) {
    this.disposables.add(lastRuns.onDidChange(() => this.changed.fire()));
    this.disposables.add(enabled.onDidChange(() => this.changed.fire()));
    this.disposables.add(vscode.languages.registerInlayHintsProvider(experimentSelector, this));
  }

  async provideInlayHints(document: vscode.TextDocument, range: vscode.Range): Promise<LayerHint[]> {
    const file = document.uri.fsPath;
    if (!this.enabled.value || !isExperiment(file)) return [];
    const { writtenLayers } = await loadHiddenLayers();
    const layers = writtenLayers(document.getText());
    const last = layers.length > 0 ? await this.lastRuns.of(file) : undefined;
    const figures = last?.evaluations.at(-1)?.layers ?? [];
    if (!last || !sameWidths(layers, last.run)) return [];
    return layers.flatMap(({ units, span }, l) => {
      const found = figures[l];
      const { end } = rangeOf(document, span);
      if (!found || !range.contains(end)) return [];
      const part = new vscode.InlayHintLabelPart(inlineText(found, units, uiLanguage));
      part.command = {
        title: vscode.l10n.t("Open Dashboard"),
        command: "rectiscope.openRun",
        arguments: [last.folder, l + 1],
      };
      return [new LayerHint(end, part, last, l + 1)];
    });
  }

  /** The same as the width's own hover says. */
  async resolveInlayHint(hint: LayerHint): Promise<LayerHint> {
    hint.part.tooltip = await layerMarkdown(hint.last, hint.layer);
    return hint;
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
