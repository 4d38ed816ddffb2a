/** The tree of experiments: every config of the workspace, ready to run. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import { experimentDetail } from "../experiments/experimentDetail.js";
import type { ExperimentIndex, ListedExperiment } from "../experiments/experimentIndex.js";

class ExperimentItem extends vscode.TreeItem {
  readonly file: string;

  constructor(entry: ListedExperiment, detail: string) {
    super(entry.name);
    const uri = vscode.Uri.file(entry.file);
    this.file = entry.file;
    this.id = entry.file;
    this.description = detail;
    this.tooltip = `${vscode.workspace.asRelativePath(uri)}\n${detail}`;
    this.iconPath = entry.experiment
      ? new vscode.ThemeIcon("beaker")
      : new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
    this.contextValue = entry.experiment ? "experiment" : "brokenExperiment";
    this.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [uri] };
  }
}

export class ExperimentsView implements vscode.TreeDataProvider<ExperimentItem>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly experiments: ExperimentIndex) {
    this.disposables.add(experiments.onDidChange(() => this.changed.fire()));
    this.disposables.add(vscode.window.registerTreeDataProvider("rectiscope.experiments", this));
  }

  getTreeItem(item: ExperimentItem): vscode.TreeItem {
    return item;
  }

  async getChildren(parent?: ExperimentItem): Promise<ExperimentItem[]> {
    if (parent) return [];
    const listed = await this.experiments.list();
    return Promise.all(listed.map(async (entry) => new ExperimentItem(entry, await experimentDetail(entry))));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
