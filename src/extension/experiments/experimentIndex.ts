/** The experiments of the workspace, kept current by a file watcher. Looks for them when first asked. */
import { readFile, stat } from "node:fs/promises";
import * as vscode from "vscode";
import type { Experiment } from "../../common/experiment.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadExperimentFile } from "../engine.js";
import { experimentName, experimentPattern, isExperiment, isSweep, notExperiments } from "./experimentPattern.js";

export interface ListedExperiment {
  file: string;
  name: string;
  /** Null when the file is not a valid experiment. */
  experiment: Experiment | null;
  problems: number;
}

const mostFiles = 2000;

export class ExperimentIndex implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly cache = new Map<string, { modified: number; entry: ListedExperiment }>();
  private readonly announce = this.disposables.add(new Delayed(200, () => this.changed.fire()));
  private watching = false;
  readonly onDidChange = this.changed.event;

  /** Paths of all experiments, sorted. */
  async files(): Promise<string[]> {
    return (await this.find()).filter(isExperiment);
  }

  /** Paths of all sweeps, sorted. */
  async sweepFiles(): Promise<string[]> {
    return (await this.find()).filter(isSweep);
  }

  async list(): Promise<ListedExperiment[]> {
    const entries: ListedExperiment[] = [];
    for (const file of await this.files()) {
      const entry = await this.entry(file).catch(() => null); // gone since it was found
      if (entry) entries.push(entry);
    }
    return entries;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async entry(file: string): Promise<ListedExperiment> {
    const modified = (await stat(file)).mtimeMs;
    const cached = this.cache.get(file);
    if (cached?.modified === modified) return cached.entry;
    const { readExperiment } = await loadExperimentFile();
    const { experiment, problems } = readExperiment(await readFile(file, "utf8"), file);
    const name = experiment?.name ?? experimentName(file);
    const entry = { file, name, experiment, problems: problems.length };
    this.cache.set(file, { modified, entry });
    return entry;
  }

  private async find(): Promise<string[]> {
    this.watch();
    const found = await vscode.workspace.findFiles(experimentPattern, notExperiments, mostFiles);
    return found
      .filter((uri) => uri.scheme === "file")
      .map((uri) => uri.fsPath)
      .sort((a, b) => a.localeCompare(b));
  }

  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    const watcher = this.disposables.add(vscode.workspace.createFileSystemWatcher(experimentPattern));
    const changed = () => this.announce.ensure();
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
      this.disposables.add(event(changed));
    this.disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(changed));
  }
}
