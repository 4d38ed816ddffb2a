/** Starts and ends sweeps, each in a process of its own, and holds those in progress. One manager for the window. */
import * as vscode from "vscode";
import type { RunError } from "../../common/run.js";
import type { SweepInput } from "../../common/sweepMessages.js";
import { noProgress, type SweepProgress, type SweepRecord } from "../../common/sweepRecord.js";
import { Deferred } from "../deferred.js";
import type { Log } from "../log.js";
import { LiveSweep } from "./liveSweep.js";

export interface LiveModel {
  readonly folder: string;
  record: SweepRecord;
  progress: SweepProgress;
}

export interface SweepChange {
  folder: string;
  record: SweepRecord;
  progress: SweepProgress;
  /** The record, not the progress alone. */
  recordChanged: boolean;
  ended: boolean;
}

interface Entry {
  live: LiveSweep;
  model: LiveModel | null;
}

export class SweepManager implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly changed = new vscode.EventEmitter<SweepChange>();
  /** Everything that becomes known of a sweep of this window. */
  readonly onDidChange = this.changed.event;
  private leaving = false;

  constructor(
    /** Folder with sweep.js and what it needs. */
    private readonly assets: string,
    private readonly version: string,
    private readonly dataFolders: () => string[],
    private readonly tensorflowFolder: () => string | undefined,
    private readonly log: Log,
  ) {}

  get environment(): SweepInput["environment"] {
    const { assets, version } = this;
    return { dataFolders: this.dataFolders(), assets, version, tensorflowFolder: this.tensorflowFolder() };
  }

  /** In progress in this window. */
  has(folder: string): boolean {
    return this.entries.has(folder);
  }

  model(folder: string): LiveModel | undefined {
    return this.entries.get(folder)?.model ?? undefined;
  }

  /** Oldest first. */
  get live(): LiveModel[] {
    return [...this.entries.values()].flatMap(({ model }) => model ?? []);
  }

  get isLeaving(): boolean {
    return this.leaving;
  }

  /** @returns once the sweep goes on (null), or why it does not */
  async start(task: SweepInput["task"], jobs: number | null): Promise<RunError | null> {
    const { folder } = task;
    if (this.entries.has(folder)) return null;
    this.log.info(`Sweep ${folder}: ${"resume" in task ? "goes on" : "starting"}`);
    const started = new Deferred<RunError | null>();
    const live = new LiveSweep(
      { task, jobs, environment: this.environment },
      ({ record, progress }) => {
        const entry = this.entries.get(folder);
        if (!entry) return;
        if (record) entry.model = { folder, record, progress };
        else if (entry.model) entry.model.progress = progress;
        if (!entry.model) return;
        this.changed.fire({ ...entry.model, recordChanged: record !== null, ended: false });
        started.resolve(null);
      },
      (text) => this.log.info(`Sweep ${folder}: ${text.trimEnd()}`),
    );
    this.entries.set(folder, { live, model: null });
    this.updateContext();
    void live.ended.then(({ record, error }) => {
      const model = this.entries.get(folder)?.model;
      this.entries.delete(folder);
      this.updateContext();
      if (error) this.log.error(`Sweep ${folder}: ${error.message}`);
      else this.log.info(`Sweep ${folder}: ${record?.state}`);
      const last = record ?? (model && { ...model.record, state: "interrupted" as const, error });
      if (last)
        this.changed.fire({
          folder,
          record: last,
          progress: model?.progress ?? noProgress,
          recordChanged: true,
          ended: true,
        });
      started.resolve(error);
    });
    return started.promise;
  }

  /** @returns false when it is not in progress in this window */
  ask(folder: string, what: "stop" | "pause"): boolean {
    const entry = this.entries.get(folder);
    entry?.live.ask(what);
    return entry !== undefined;
  }

  /** Resolves when the sweep is not in progress any more. */
  async whenEnded(folder: string): Promise<void> {
    await this.entries.get(folder)?.live.ended;
  }

  /** The window closes: sweeps are paused. What takes longer is paused by their processes when this one is gone. */
  async leave(milliseconds: number): Promise<void> {
    this.leaving = true;
    const all = [...this.entries.values()];
    for (const { live } of all) live.ask("pause");
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([Promise.all(all.map(({ live }) => live.ended)), late]);
    clearTimeout(timer);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private updateContext(): void {
    void vscode.commands.executeCommand("setContext", "rectiscope.sweeping", this.entries.size > 0);
  }
}
