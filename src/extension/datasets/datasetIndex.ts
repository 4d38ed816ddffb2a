/** The published data sets, on this machine or not, and those that experiments of the workspace describe. */
import path from "node:path";
import * as vscode from "vscode";
import type { Experiment } from "../../common/experiment.js";
import { isKnownDataset, type KnownDatasetName, knownDatasets } from "../../common/knownDatasets.js";
import type { DataError } from "../../engine/data/dataError.js";
import { Disposables } from "../disposables.js";
import { loadRegistry } from "../engine.js";
import type { ExperimentIndex } from "../experiments/experimentIndex.js";

export interface ListedDataset {
  /** Stable: the name of a published one, else the config that describes it. */
  key: string;
  title: string;
  dataset: Experiment["dataset"];
  /** Null for a published one. */
  config: string | null;
  /** Folder in which it is; null where it is not on this machine. */
  folder: string | null;
  /** Why not. */
  missing: string;
}

export class DatasetIndex implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly experiments: ExperimentIndex,
    private readonly dataFolders: () => string[],
    private readonly assets: string,
    onFolders: vscode.Event<unknown>,
  ) {
    this.disposables.add(experiments.onDidChange(() => this.changed.fire()));
    this.disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()));
    this.disposables.add(onFolders(() => this.changed.fire()));
  }

  /** Something was downloaded, or files have changed. */
  refresh(): void {
    this.changed.fire();
  }

  async list(): Promise<ListedDataset[]> {
    const known = (Object.keys(knownDatasets) as KnownDatasetName[]).map((name) =>
      this.entry(name, knownDatasets[name].title, { name } as Experiment["dataset"], null),
    );
    const own = new Map<string, Promise<ListedDataset>>();
    // which files are looked at is not for a workspace to say that is not trusted
    const listed = vscode.workspace.isTrusted ? await this.experiments.list() : [];
    for (const { file, name, experiment } of listed) {
      if (!experiment || !isOwn(experiment.dataset)) continue;
      const { dataset } = experiment;
      // several experiments may describe the same files
      const { name: kind, folder, idx, csv, npz, images, text } = dataset;
      const same = JSON.stringify([path.resolve(path.dirname(file), folder ?? "."), kind, idx, csv, npz, images, text]);
      if (!own.has(same)) own.set(same, this.entry(file, titleOf(dataset) ?? name, dataset, file));
    }
    return Promise.all([...known, ...own.values()]);
  }

  async find(key: string): Promise<ListedDataset | undefined> {
    return (await this.list()).find((listed) => listed.key === key);
  }

  /** What a config describes, listed or not. */
  describe(dataset: Experiment["dataset"], config: string): Promise<ListedDataset> {
    return this.entry(config, titleOf(dataset) ?? dataset.name, dataset, config);
  }

  /** Of what a config in that folder says. */
  places(config: string | null) {
    const configFolder = config === null ? this.assets : path.dirname(config);
    return { configFolder, dataFolders: this.dataFolders(), assets: this.assets };
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async entry(
    key: string,
    title: string,
    dataset: Experiment["dataset"],
    config: string | null,
  ): Promise<ListedDataset> {
    const { filesOf } = await loadRegistry();
    try {
      const [first] = await filesOf(dataset, this.places(config));
      const named = dataset.folder !== undefined || !isKnownDataset(dataset.name);
      const folder =
        config !== null && named
          ? path.resolve(path.dirname(config), dataset.folder ?? ".")
          : first === undefined
            ? null
            : path.dirname(first);
      return { key, title, dataset, config, folder, missing: "" };
    } catch (error) {
      const { brief, message } = error as Partial<DataError>;
      return { key, title, dataset, config, folder: null, missing: brief ?? message ?? String(error) };
    }
  }
}

/** Files that are named: those of one's own, and copies of published ones in a folder of one's own. */
function isOwn({ name, folder }: Experiment["dataset"]): boolean {
  return folder !== undefined || !Object.hasOwn(knownDatasets, name);
}

/** What a person would call the files. */
function titleOf({ folder, idx, csv, npz, images, text }: Experiment["dataset"]): string | undefined {
  const [first] = csv?.files ?? text?.files ?? [];
  const named = first ?? npz?.file ?? idx?.inputs ?? (images && images.train !== "." ? images.train : folder);
  return named === undefined ? undefined : path.basename(named);
}
