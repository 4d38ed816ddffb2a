/** The last run of each experiment with its evaluations, also while it trains: what is shown beside a config. */
import * as vscode from "vscode";
import type { EvalLine, RunRecord } from "../../common/run.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadRunReader } from "../engine.js";
import type { RunIndex } from "./runIndex.js";
import type { RunManager } from "./runManager.js";

export interface LastRun {
  folder: string;
  run: RunRecord;
  /** On the validation set, oldest first. */
  evaluations: readonly EvalLine[];
}

/** Evaluations may follow each other faster than anybody reads them. */
const throttleMs = 500;
/** Runs whose evaluations are kept. */
const mostKept = 20;

interface Kept {
  /** Changes whenever the run's folder does. */
  version: string;
  evaluations: Promise<EvalLine[]>;
}

export class LastRuns implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly announce = this.disposables.add(new Delayed(throttleMs, () => this.changed.fire()));
  private readonly kept = new Map<string, Kept>();
  /** Any experiment may have another last run, or its last run another evaluation. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly runs: RunIndex,
    private readonly manager: RunManager,
  ) {
    this.disposables.add(runs.onDidChange(() => this.announce.ensure()));
    this.disposables.add(
      manager.onDidChange(({ message: { type } }) => {
        if (type === "started" || type === "evaluation" || type === "ended") this.announce.ensure();
      }),
    );
  }

  /** Undefined where the experiment has no run that can be read. */
  async of(configFile: string): Promise<LastRun | undefined> {
    const latest = await this.runs.latestOf(configFile);
    if (!latest) return undefined;
    const { folder } = latest;
    const model = this.manager.model(folder);
    try {
      const run = model?.record ?? latest.run;
      const evaluations = model?.evaluations ?? (await this.read(folder, run));
      return { folder, run, evaluations: evaluations.filter(({ set }) => set === "valid") };
    } catch {
      return undefined; // deleted meanwhile, or damaged: its dashboard says so
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private read(folder: string, { heartbeat, state }: RunRecord): Promise<EvalLine[]> {
    const version = `${heartbeat} ${state}`;
    const known = this.kept.get(folder);
    if (known?.version === version) return known.evaluations;
    const evaluations = loadRunReader().then(({ readEvaluations }) => readEvaluations(folder));
    evaluations.catch(() => {
      if (this.kept.get(folder)?.evaluations === evaluations) this.kept.delete(folder);
    });
    this.kept.delete(folder);
    this.kept.set(folder, { version, evaluations });
    for (const [oldest] of this.kept) if (this.kept.size > mostKept) this.kept.delete(oldest);
    return evaluations;
  }
}
