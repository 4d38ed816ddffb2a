/** The tree of runs, newest first. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import type { ListedRun, RunIndex } from "../runs/runIndex.js";
import type { RunManager } from "../runs/runManager.js";
import { descriptionText, stateIcons, tooltipLines } from "../runs/runText.js";
import { uiLanguage } from "../uiLanguage.js";

class RunItem extends vscode.TreeItem {
  readonly folder: string;

  constructor({ folder, run }: ListedRun, runsHere: boolean) {
    super(run.name);
    const { icon, color } = stateIcons[run.state];
    this.folder = folder;
    this.id = folder;
    this.description = descriptionText(run, uiLanguage);
    this.tooltip = [...tooltipLines(run, uiLanguage), folder].join("\n");
    this.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    this.contextValue = runsHere ? "run.live" : "run";
    this.command = { command: "rectiscope.openRun", title: vscode.l10n.t("Open Dashboard"), arguments: [folder] };
  }
}

export class RunsView implements vscode.TreeDataProvider<RunItem>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly runs: RunIndex,
    private readonly manager: RunManager,
  ) {
    this.disposables.add(runs.onDidChange(() => this.changed.fire()));
    this.disposables.add(vscode.window.registerTreeDataProvider("rectiscope.runs", this));
  }

  getTreeItem(item: RunItem): vscode.TreeItem {
    return item;
  }

  async getChildren(parent?: RunItem): Promise<RunItem[]> {
    if (parent) return [];
    const listed = await this.runs.list();
    return listed.map((entry) => new RunItem(entry, this.manager.model(entry.folder) !== undefined));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
