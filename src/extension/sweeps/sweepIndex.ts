/** The sweeps of the workspace, newest first: what their sweep.json files say, and for those in progress here what is in memory. */
import { stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { SweepRecord } from "../../common/sweepRecord.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadSweepFolder } from "../engine.js";
import type { ExperimentIndex } from "../experiments/experimentIndex.js";
import { foldersBeside, silenceMs, watchRecords } from "../recordFolders.js";
import type { SweepManager } from "./sweepManager.js";

export interface ListedSweep {
  folder: string;
  record: SweepRecord;
}

export class SweepIndex implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly announce = this.disposables.add(new Delayed(300, () => this.changed.fire()));
  private readonly stale = this.disposables.add(new Delayed(silenceMs, () => this.invalidate()));
  private readonly cache = new Map<string, { modified: number; record: SweepRecord }>();
  private listing: Promise<ListedSweep[]> | undefined;
  private watching = false;
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly experiments: ExperimentIndex,
    private readonly manager: SweepManager,
  ) {
    this.disposables.add(
      manager.onDidChange(({ recordChanged, ended }) => {
        if (ended) this.invalidate();
        else if (recordChanged) this.announce.ensure();
      }),
    );
  }

  async list(): Promise<ListedSweep[]> {
    this.watch();
    this.listing ??= this.read().catch((error) => {
      this.listing = undefined;
      throw error;
    });
    const listed = new Map((await this.listing).map(({ folder, record }) => [folder, record]));
    for (const { folder, record } of this.manager.live) listed.set(folder, record);
    return [...listed]
      .map(([folder, record]) => ({ folder, record }))
      .sort((a, b) => b.record.created.localeCompare(a.record.created));
  }

  /** The newest sweep of a config. */
  async latestOf(configFile: string): Promise<ListedSweep | undefined> {
    return (await this.list()).find(({ folder, record }) => path.resolve(folder, record.configFile) === configFile);
  }

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

  private async read(): Promise<ListedSweep[]> {
    const { sweepsBeside, sweepFoldersIn } = await loadSweepFolder();
    const parents = foldersBeside(sweepsBeside, await this.experiments.sweepFiles());
    const folders = (await Promise.all([...parents].map((parent) => sweepFoldersIn(parent)))).flat();
    const listed = (await Promise.all(folders.map((folder) => this.entry(folder)))).filter((entry) => entry !== null);
    for (const folder of this.cache.keys()) if (!folders.includes(folder)) this.cache.delete(folder);
    if (listed.some(({ folder, record }) => record.state === "running" && !this.manager.has(folder)))
      this.stale.ensure();
    return listed;
  }

  /** Null when the folder holds no readable sweep. */
  private async entry(folder: string): Promise<ListedSweep | null> {
    try {
      const modified = (await stat(path.join(folder, "sweep.json"))).mtimeMs;
      const cached = this.cache.get(folder);
      if (cached?.modified === modified && cached.record.state !== "running") return { folder, record: cached.record };
      const { readSweepRecord } = await loadSweepFolder();
      const record = await readSweepRecord(folder);
      this.cache.set(folder, { modified, record });
      return { folder, record };
    } catch {
      return null;
    }
  }

  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    const changed = (folder: string | null) => {
      if (!folder || !this.manager.has(folder)) this.invalidate();
    };
    this.disposables.add(watchRecords("sweeps", "sweep.json", this.experiments, changed));
  }
}
