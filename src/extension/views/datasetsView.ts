/** The tree of data sets: those published, on this machine or not, and those of the workspace's experiments. */
import * as vscode from "vscode";
import { integer } from "../../common/format.js";
import { isKnownDataset, knownDatasets } from "../../common/knownDatasets.js";
import { isDownloadable } from "../../engine/data/sources.js";
import type { DatasetIndex, ListedDataset } from "../datasets/datasetIndex.js";
import { Disposables } from "../disposables.js";
import { uiLanguage } from "../uiLanguage.js";

export class DatasetItem extends vscode.TreeItem {
  /** What commands take: the key of the page, and the name of what can be downloaded. */
  readonly dataset: string;
  readonly name: string;

  constructor({ key, title, dataset, config, folder, missing }: ListedDataset) {
    super(title);
    const { name } = dataset;
    this.id = key;
    this.dataset = key;
    this.name = name;
    const known = config === null && isKnownDataset(name) ? knownDatasets[name] : null;
    const size = known
      ? [known.train, known.test]
          .map((n) => (n === null ? "" : integer(n, uiLanguage.locale)))
          .filter(Boolean)
          .join(" + ")
      : name;
    this.description = folder === null ? vscode.l10n.t("not on this machine") : size;
    const lines = [
      title,
      known ? vscode.l10n.t("{0} examples, {1} classes", size, known.classes) : vscode.l10n.t("Kind: {0}", name),
      ...(known ? [vscode.l10n.t("Licence: {0}", known.licence ?? vscode.l10n.t("look it up on its page"))] : []),
      ...(config ? [vscode.workspace.asRelativePath(config)] : []),
      folder ?? missing,
    ];
    this.tooltip = lines.join("\n");
    const color = folder === null ? new vscode.ThemeColor("disabledForeground") : undefined;
    this.iconPath = new vscode.ThemeIcon(folder === null ? "circle-large-outline" : "database", color);
    this.contextValue =
      folder !== null ? "dataset.here" : known && isDownloadable(name) ? "dataset.downloadable" : "dataset.missing";
    this.command = { command: "rectiscope.openDataset", title: vscode.l10n.t("Open"), arguments: [this] };
  }
}

export class DatasetsView implements vscode.TreeDataProvider<DatasetItem>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly index: DatasetIndex) {
    this.disposables.add(index.onDidChange(() => this.changed.fire()));
    this.disposables.add(vscode.window.registerTreeDataProvider("rectiscope.datasets", this));
  }

  getTreeItem(item: DatasetItem): vscode.TreeItem {
    return item;
  }

  /** One's own first, then what is here. */
  async getChildren(parent?: DatasetItem): Promise<DatasetItem[]> {
    if (parent) return [];
    const rank = ({ config, folder }: ListedDataset) => (config !== null ? 0 : folder !== null ? 1 : 2);
    const listed = await this.index.list();
    return listed.sort((a, b) => rank(a) - rank(b)).map((entry) => new DatasetItem(entry));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
