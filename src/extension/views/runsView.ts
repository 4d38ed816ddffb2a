/** The tree of runs: those that wait, then all others, newest first. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import type { RunIndex } from "../runs/runIndex.js";
import type { RunManager } from "../runs/runManager.js";
import type { RunSizes } from "../runs/runSizes.js";
import { sizeText, tooltipLines } from "../runs/runText.js";
import { uiLanguage } from "../uiLanguage.js";
import { QueuedItem, RunItem } from "./runItems.js";

export class RunsView implements vscode.TreeDataProvider<RunItem | QueuedItem>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly runs: RunIndex,
    private readonly manager: RunManager,
    private readonly sizes: RunSizes,
  ) {
    this.disposables.add(runs.onDidChange(() => this.changed.fire()));
    this.disposables.add(vscode.window.registerTreeDataProvider("rectiscope.runs", this));
  }

  getTreeItem(item: RunItem | QueuedItem): vscode.TreeItem {
    return item;
  }

  async getChildren(parent?: RunItem | QueuedItem): Promise<(RunItem | QueuedItem)[]> {
    if (parent) return [];
    const listed = await this.runs.list();
    const { queued } = this.manager;
    return [
      ...queued.map((plan, index) => new QueuedItem(plan, index + 1)),
      ...listed
        .filter(({ folder }) => !queued.some((plan) => plan.folder === folder))
        .map((entry) => new RunItem(entry, this.manager.model(entry.folder) !== undefined)),
    ];
  }

  /** Asked for when the pointer rests on a row: its size is counted only then. */
  async resolveTreeItem(item: vscode.TreeItem, element: RunItem | QueuedItem): Promise<vscode.TreeItem> {
    if (!(element instanceof RunItem)) return item;
    const { listed } = element;
    const size = sizeText(await this.sizes.of(listed), uiLanguage);
    item.tooltip = [...tooltipLines(listed.run, uiLanguage), vscode.l10n.t("{0} on disk", size), listed.folder].join(
      "\n",
    );
    return item;
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
