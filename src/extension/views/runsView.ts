/** The tree of runs and sweeps: those that wait, then all others, newest first; in a sweep its trials. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import type { RunIndex } from "../runs/runIndex.js";
import type { RunManager } from "../runs/runManager.js";
import type { RunSizes } from "../runs/runSizes.js";
import { sizeText, tooltipLines } from "../runs/runText.js";
import type { SweepIndex } from "../sweeps/sweepIndex.js";
import type { SweepManager } from "../sweeps/sweepManager.js";
import { uiLanguage } from "../uiLanguage.js";
import { QueuedItem, RunItem } from "./runItems.js";
import { SweepItem, TrialItem } from "./sweepItems.js";

type Item = RunItem | QueuedItem | SweepItem | TrialItem;

export class RunsView implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<Item[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  /** The rows at the top as VS Code knows them. */
  private shown: Item[] = [];

  constructor(
    private readonly runs: RunIndex,
    private readonly manager: RunManager,
    private readonly sizes: RunSizes,
    private readonly sweeps: SweepIndex,
    private readonly sweepManager: SweepManager,
  ) {
    for (const event of [runs.onDidChange, sweeps.onDidChange])
      this.disposables.add(event(() => void this.update().catch(() => this.changed.fire(undefined))));
    this.disposables.add(vscode.window.registerTreeDataProvider("rectiscope.runs", this));
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return item;
  }

  async getChildren(parent?: Item): Promise<Item[]> {
    if (parent instanceof SweepItem) {
      const { folder, record } = parent.listed;
      return record.trials.map((trial) => new TrialItem(folder, trial));
    }
    if (parent) return [];
    this.shown = await this.rows();
    return this.shown;
  }

  /** VS Code forgets a row that is drawn anew, and with it what its open menu is about: only rows that changed are. */
  private async update(): Promise<void> {
    const rows = await this.rows();
    if (rows.length !== this.shown.length || rows.some(({ id }, i) => id !== this.shown[i]?.id)) {
      this.changed.fire(undefined);
      return;
    }
    const changed = this.shown.filter((item, i) => looksOf(item) !== looksOf(rows[i]));
    for (const item of changed) Object.assign(item, { tooltip: undefined }, rows[this.shown.indexOf(item)]);
    if (changed.length > 0) this.changed.fire(changed);
  }

  private async rows(): Promise<Item[]> {
    const [listed, sweeps] = await Promise.all([this.runs.list(), this.sweeps.list()]);
    const { queued } = this.manager;
    return [
      ...queued.map((plan, index) => new QueuedItem(plan, index + 1)),
      ...[
        ...listed
          .filter(({ folder }) => !queued.some((plan) => plan.folder === folder))
          .map((entry) => ({
            created: entry.run.created,
            item: new RunItem(entry, this.manager.model(entry.folder) !== undefined),
          })),
        ...sweeps.map((entry) => ({
          created: entry.record.created,
          item: new SweepItem(entry, this.sweepManager.has(entry.folder)),
        })),
      ]
        .sort((a, b) => b.created.localeCompare(a.created))
        .map(({ item }) => item),
    ];
  }

  /** Asked for when the pointer rests on a row: its size is counted only then. */
  async resolveTreeItem(item: vscode.TreeItem, element: Item): Promise<vscode.TreeItem> {
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

/** Whatever of a row can change, its trials included. */
function looksOf(item: Item | undefined): string {
  const { description, contextValue, tooltip } = item ?? {};
  if (item instanceof SweepItem) return JSON.stringify([description, contextValue, tooltip, item.listed.record.trials]);
  return JSON.stringify([description, contextValue]);
}
