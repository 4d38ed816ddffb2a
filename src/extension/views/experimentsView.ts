/** The tree of experiments and, after them, sweeps: every config of the workspace, ready to run. */
import * as vscode from "vscode";
import { Disposables } from "../disposables.js";
import { loadConfigText, loadSweepFile } from "../engine.js";
import { experimentDetail, problemsText } from "../experiments/experimentDetail.js";
import type { ExperimentIndex, ListedExperiment } from "../experiments/experimentIndex.js";
import { trialsText } from "../sweeps/sweepText.js";
import { uiLanguage } from "../uiLanguage.js";

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

class SweepFileItem extends vscode.TreeItem {
  /** @param trials null when the file is not a valid sweep */
  constructor(
    readonly file: string,
    name: string,
    trials: number | null,
    problems: number,
  ) {
    super(name);
    const uri = vscode.Uri.file(file);
    this.id = file;
    this.description =
      trials === null ? problemsText(problems) : vscode.l10n.t("sweep, {0}", trialsText(trials, uiLanguage));
    this.tooltip = `${vscode.workspace.asRelativePath(uri)}\n${this.description}`;
    this.iconPath =
      trials === null
        ? new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"))
        : new vscode.ThemeIcon("run-all");
    this.contextValue = trials === null ? "brokenSweep" : "sweep";
    this.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [uri] };
  }
}

type Item = ExperimentItem | SweepFileItem;

export class ExperimentsView implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly experiments: ExperimentIndex) {
    this.disposables.add(experiments.onDidChange(() => this.changed.fire()));
    this.disposables.add(vscode.window.registerTreeDataProvider("rectiscope.experiments", this));
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return item;
  }

  async getChildren(parent?: Item): Promise<Item[]> {
    if (parent) return [];
    const listed = await this.experiments.list();
    const experiments = listed.map(async (entry) => new ExperimentItem(entry, await experimentDetail(entry)));
    const sweeps = (await this.experiments.sweepFiles()).map((file) => sweepItem(file));
    return [...(await Promise.all(experiments)), ...(await Promise.all(sweeps)).filter((item) => item !== null)];
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** Null where the file is gone since it was found. */
async function sweepItem(file: string): Promise<SweepFileItem | null> {
  const { readConfigText } = await loadConfigText();
  const { readSweep, sweepName } = await loadSweepFile();
  try {
    const { plan, problems } = await readSweep(await readConfigText(file), file, readConfigText);
    return new SweepFileItem(file, sweepName(plan?.sweep ?? {}, file), plan?.trials ?? null, problems.length);
  } catch {
    return null;
  }
}
