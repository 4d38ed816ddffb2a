/** The runs of the workspace, newest first: what their run.json files say, and for runs in progress here what is in memory. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { RunRecord } from "../../common/run.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadRunFolder } from "../engine.js";
import type { ExperimentIndex } from "../experiments/experimentIndex.js";
import { foldersBeside, silenceMs, watchRecords } from "../recordFolders.js";
import { readRecord } from "./readModel.js";
import type { RunManager } from "./runManager.js";

export interface ListedRun {
  folder: string;
  run: RunRecord;
}

const atOnce = 64;

export class RunIndex implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly announce = this.disposables.add(new Delayed(300, () => this.changed.fire()));
  private readonly progress = this.disposables.add(new Delayed(1_000, () => this.changed.fire()));
  private readonly stale = this.disposables.add(new Delayed(silenceMs, () => this.invalidate()));
  private readonly cache = new Map<string, { modified: number; run: RunRecord }>();
  /** The epoch that was last told of each run in progress. */
  private readonly epochs = new Map<string, number>();
  private watching = false;
  /** The last listing, until the disk changes. */
  private listing: Promise<ListedRun[]> | undefined;
  readonly onDidChange = this.changed.event;
  private readonly listed = this.disposables.add(new vscode.EventEmitter<void>());
  /** The runs have been read from the disk. */
  readonly onDidList = this.listed.event;

  constructor(
    private readonly experiments: ExperimentIndex,
    private readonly manager: RunManager,
  ) {
    this.disposables.add(
      manager.onDidChange(({ model: { folder, record }, message }) => {
        if (message.type === "started" || message.type === "ended") this.invalidate();
        // no more often than what is shown changes: a row that is drawn anew under the pointer loses its click
        const epoch = Math.floor(record.progress.epoch);
        if (this.epochs.get(folder) === epoch) return;
        this.epochs.set(folder, epoch);
        this.progress.ensure();
      }),
    );
    this.disposables.add(manager.onDidChangeQueue(() => this.announce.ensure()));
  }

  async list(): Promise<ListedRun[]> {
    this.watch();
    this.listing ??= this.read().catch((error) => {
      this.listing = undefined;
      throw error;
    });
    const listed = await this.listing;
    this.listed.fire();
    return listed.map(({ folder, run }) => ({ folder, run: this.manager.model(folder)?.record ?? run }));
  }

  /** The newest run of an experiment. */
  async latestOf(configFile: string): Promise<ListedRun | undefined> {
    const runs = await this.list();
    return runs.find(
      ({ folder, run }) => run.configFile !== null && path.resolve(folder, run.configFile) === configFile,
    );
  }

  /** Reads anew, for changes that no watcher may tell of. */
  refresh(): void {
    this.invalidate();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private invalidate(): void {
    this.listing = undefined;
    this.announce.ensure();
  }

  private async read(): Promise<ListedRun[]> {
    const folders = new Set(this.manager.session.map(({ folder }) => folder));
    for (const parent of await this.runsFolders()) {
      const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) if (entry.isDirectory()) folders.add(path.join(parent, entry.name));
    }
    const all = [...folders];
    const listed: ListedRun[] = [];
    for (let i = 0; i < all.length; i += atOnce) {
      const records = await Promise.all(all.slice(i, i + atOnce).map((folder) => this.record(folder)));
      listed.push(...records.filter((entry) => entry !== null));
    }
    for (const folder of this.cache.keys()) if (!folders.has(folder)) this.cache.delete(folder);
    if (listed.some(({ folder, run }) => run.state === "running" && !this.manager.model(folder))) this.stale.ensure();
    return listed.sort((a, b) => b.run.created.localeCompare(a.run.created));
  }

  /** `.rectiscope/runs` beside each experiment and at each root of the workspace. */
  private async runsFolders(): Promise<Set<string>> {
    const { runsBeside } = await loadRunFolder();
    return foldersBeside(runsBeside, await this.experiments.files());
  }

  /** Null when the folder holds no readable run. */
  private async record(folder: string): Promise<ListedRun | null> {
    const live = this.manager.model(folder);
    if (live) return { folder, run: live.record };
    try {
      const modified = (await stat(path.join(folder, "run.json"))).mtimeMs;
      const cached = this.cache.get(folder);
      // A run that goes on elsewhere becomes 'interrupted' by silence, so it is read again.
      if (cached?.modified === modified && cached.run.state !== "running") return { folder, run: cached.run };
      const run = await readRecord(folder);
      this.cache.set(folder, { modified, run });
      return { folder, run };
    } catch {
      return null;
    }
  }

  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    const changed = (folder: string | null) => {
      // What a run in progress here writes is known already.
      if (!folder || !this.manager.model(folder)) this.invalidate();
    };
    this.disposables.add(watchRecords("runs", "run.json", this.experiments, changed));
  }
}
