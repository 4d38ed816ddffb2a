/** One status-bar item while something trains, and for a short while its result. */
import * as vscode from "vscode";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import type { RunManager } from "../runs/runManager.js";
import type { RunModel } from "../runs/runModel.js";
import { descriptionText, liveText, stateIcons, tooltipLines } from "../runs/runText.js";
import { uiLanguage } from "../uiLanguage.js";

const resultMs = 30_000;
/** Text that changes more often than this only flickers. */
const redrawMs = 250;

export class StatusBar implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly hide = this.disposables.add(new Delayed(resultMs, () => this.item?.hide()));
  private item: vscode.StatusBarItem | undefined;
  private drawn = 0;

  constructor(private readonly manager: RunManager) {
    this.disposables.add(
      manager.onDidChange(({ model, message }) => {
        if (message.type === "ended") this.showEnd(model);
        else if (message.type !== "frame" || Date.now() - this.drawn >= redrawMs) this.showLive(model);
      }),
    );
    this.disposables.add(
      manager.onDidChangeQueue(() => {
        const model = manager.live.at(-1);
        if (model) this.showLive(model);
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** The newest run speaks for all. */
  private showLive(changed: RunModel): void {
    const { live, queued } = this.manager;
    const model = live.at(-1) ?? changed;
    const others = [
      ...(live.length > 1 ? [`+${live.length - 1}`] : []),
      ...(queued.length > 0 ? [vscode.l10n.t("{0} queued", queued.length)] : []),
    ].join(", ");
    const text = liveText(model.record, model.latestEvaluation, uiLanguage, model.reconstructions.at(-1));
    this.show(`$(pulse) ${plain(text)}${others && ` (${others})`}`, model);
  }

  private showEnd(model: RunModel): void {
    const other = this.manager.live.findLast(({ folder }) => folder !== model.folder);
    if (other) {
      this.showLive(other);
      return;
    }
    const { record } = model;
    const text = `${record.name}: ${descriptionText(record, uiLanguage)}`;
    this.show(`$(${stateIcons[record.state].icon}) ${plain(text)}`, model);
    // a paused run waits for the person
    if (record.state !== "paused") this.hide.restart();
  }

  private show(text: string, model: RunModel): void {
    this.item ??= this.create();
    this.drawn = Date.now();
    this.hide.cancel();
    this.item.text = text;
    this.item.tooltip = [...tooltipLines(model.record, uiLanguage), vscode.l10n.t("Click to open the dashboard.")].join(
      "\n",
    );
    this.item.accessibilityInformation = { label: text.replace(/\$\([^)]*\) /, "Rectiscope: ") };
    this.item.command = {
      command: "rectiscope.openRun",
      title: vscode.l10n.t("Open Dashboard"),
      arguments: [model.folder],
    };
    this.item.show();
  }

  private create(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem("rectiscope.run", vscode.StatusBarAlignment.Left, 10);
    item.name = vscode.l10n.t("Rectiscope Run");
    return this.disposables.add(item);
  }
}

/** A run's name must not turn into an icon. */
function plain(text: string): string {
  return text.replace(/\$\(/g, "$\u200b(");
}
