/** Starts and ends runs in worker threads, holds what is in progress and what waits. One manager for the window. */
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import type { Experiment } from "../../common/experiment.js";
import type { FromWorker } from "../../common/messages.js";
import type { RunError, RunRecord, RunState } from "../../common/run.js";
import { Deferred } from "../deferred.js";
import { loadRunFolder } from "../engine.js";
import type { Log } from "../log.js";
import { LiveRun, type RunOutcome } from "./liveRun.js";
import { readModel } from "./readModel.js";
import { RunIntake } from "./runIntake.js";
import type { RunModel } from "./runModel.js";
import { RunQueue } from "./runQueue.js";

export interface RunChange {
  model: RunModel;
  message: FromWorker;
}

/** What a run needs to start. */
export interface RunPlan {
  readonly folder: string;
  readonly name: string;
  readonly configFile: string;
  readonly experiment: Experiment;
  /** The run in `folder` goes on. */
  readonly resume: boolean;
  /** Units are revived before it goes on. */
  readonly revive?: boolean;
}

export interface StartedRun {
  model: RunModel | null;
  /** Why there is no model; null when it was taken out of the queue. */
  error: RunError | null;
}

export interface LaunchedRun {
  folder: string;
  /** It waits until fewer runs are in progress. */
  queued: boolean;
  /** Resolves once the run has started, failed to, or was taken out of the queue. */
  started: Promise<StartedRun>;
}

/** `cancelled`: taken out of the queue. */
export type SessionState = RunState | "queued" | "cancelled";

export interface SessionRun {
  folder: string;
  name: string;
  state: SessionState;
}

class Launched {
  readonly started = new Deferred<StartedRun>();
  readonly ended = new Deferred<SessionState>();
  live: LiveRun | null = null;
  intake: RunIntake | null = null;

  constructor(readonly plan: RunPlan) {}

  get folder(): string {
    return this.plan.folder;
  }
}

export class RunManager implements vscode.Disposable {
  private readonly launched = new Map<string, Launched>();
  private readonly over = new Map<string, SessionRun>();
  private readonly queue: RunQueue<Launched>;
  private readonly changed = new vscode.EventEmitter<RunChange>();
  private readonly willStart = new vscode.EventEmitter<void>();
  private readonly queueChanged = new vscode.EventEmitter<void>();
  private leaving = false;

  /** Every message of every run, after its model took it in. */
  readonly onDidChange = this.changed.event;
  /** A run is about to start; fires before anything else happens. */
  readonly onWillStart = this.willStart.event;
  /** Another run waits, or one does not any more. */
  readonly onDidChangeQueue = this.queueChanged.event;

  constructor(
    /** Folder with worker.js and what the worker loads. */
    private readonly assets: string,
    private readonly version: string,
    private readonly dataFolders: () => string[],
    private readonly tensorflowFolder: () => string | undefined,
    concurrentRuns: () => number,
    private readonly log: Log,
  ) {
    this.queue = new RunQueue(concurrentRuns, (run) => this.start(run));
  }

  /** A new run of a config: starts it, or lets it wait for its turn. */
  async begin(configFile: string, experiment: Experiment, name: string): Promise<LaunchedRun> {
    const { newRunFolder } = await loadRunFolder();
    return this.launch({ folder: newRunFolder(configFile, name), name, configFile, experiment, resume: false });
  }

  /** Starts a run, or lets it wait for its turn. Does nothing where it is in progress or waits already. */
  launch(plan: RunPlan): LaunchedRun {
    const { folder } = plan;
    const known = this.launched.get(folder);
    const run = known ?? new Launched(plan);
    if (!known) {
      this.launched.set(folder, run);
      this.over.delete(folder);
      if (!this.queue.add(run)) {
        this.log.info(`Run ${folder}: queued`);
        this.queueChanged.fire();
      }
      this.updateContext();
    }
    return { folder, queued: run.live === null, started: run.started.promise };
  }

  /** The model of a run in progress. */
  model(folder: string): RunModel | undefined {
    return this.launched.get(folder)?.intake?.model ?? undefined;
  }

  /** Runs in progress that have started, oldest first. */
  get live(): RunModel[] {
    return [...this.launched.values()].flatMap(({ intake }) => intake?.model ?? []);
  }

  /** Runs that wait, the next one first. */
  get queued(): RunPlan[] {
    return this.queue.items.map(({ plan }) => plan);
  }

  isQueued(folder: string): boolean {
    return this.queue.items.some((run) => run.folder === folder);
  }

  /** It waits, or has not said that it has started, but has been there before. */
  resumes(folder: string): boolean {
    return this.launched.get(folder)?.plan.resume ?? false;
  }

  /** In progress or waiting. */
  has(folder: string): boolean {
    return this.launched.has(folder);
  }

  /** Asks a run to stop, or takes it out of the queue. @returns false when it is not one of this window */
  stop(folder: string): boolean {
    if (this.cancel(folder)) return true;
    const live = this.launched.get(folder)?.live;
    live?.stop();
    return Boolean(live);
  }

  /** Asks a run to pause. @returns false when it is not in progress here */
  pause(folder: string): boolean {
    const live = this.launched.get(folder)?.live;
    live?.pause();
    return Boolean(live);
  }

  /** Asks a run to revive units once. @returns false when it is not in progress here */
  revive(folder: string): boolean {
    const live = this.launched.get(folder)?.live;
    live?.revive();
    return Boolean(live);
  }

  /** There may be room for more runs. */
  fill(): void {
    this.queue.fill();
  }

  /** Runs of this session, newest first. */
  get session(): SessionRun[] {
    const current = [...this.launched.values()].flatMap(({ folder, plan: { name }, live, intake }) => {
      if (!live) return { folder, name, state: "queued" as const };
      return intake?.model ? { folder, name, state: intake.model.record.state } : [];
    });
    return [...this.over.values(), ...current].reverse();
  }

  /** @throws when the folder is not one of a run of this session */
  async whenEnded(folder: string): Promise<SessionState> {
    const run = this.launched.get(folder);
    if (run) return run.ended.promise;
    const over = this.over.get(folder);
    if (!over) throw new Error(`No run of this session: ${folder}`);
    return over.state;
  }

  /**
   * The window closes: every run is paused, with a checkpoint. What takes longer than this is interrupted, and can go on from its
   * last checkpoint as well.
   */
  async leave(milliseconds: number): Promise<void> {
    this.leaving = true;
    const runs = [...this.launched.values()].flatMap(({ live }) => live ?? []);
    for (const { folder } of [...this.queue.items]) this.queue.remove(folder);
    if (runs.length === 0) return;
    for (const run of runs) run.pause();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([Promise.all(runs.map((run) => run.ended)), late]);
    clearTimeout(timer);
    await Promise.all(runs.map((run) => run.terminate()));
  }

  /** True once the window closes: how runs end from now on is not what the person asked for. */
  get isLeaving(): boolean {
    return this.leaving;
  }

  dispose(): void {
    this.changed.dispose();
    this.willStart.dispose();
    this.queueChanged.dispose();
  }

  private cancel(folder: string): boolean {
    const run = this.queue.remove(folder);
    if (!run) return false;
    this.log.info(`Run ${folder}: taken out of the queue`);
    this.end(run, "cancelled");
    run.started.resolve({ model: null, error: null });
    this.queueChanged.fire();
    return true;
  }

  /** Of half of the cores, those that no run of this window uses. */
  private freeThreads(): number {
    const used = this.live.reduce((sum, { record }) => sum + record.host.threads, 0);
    return Math.floor(os.availableParallelism() / 2) - used;
  }

  private start(run: Launched): void {
    const { folder, configFile, experiment, resume, revive = false } = run.plan;
    this.log.info(`Run ${folder}: ${resume ? "goes on" : "starting"}, ${configFile}`);
    this.willStart.fire();
    const intake = new RunIntake(folder, resume ? () => readModel(folder) : null, (model, message) => {
      if (message.type === "started") {
        run.started.resolve({ model, error: null });
        this.queueChanged.fire();
      }
      this.changed.fire({ model, message });
    });
    run.intake = intake;
    run.live = new LiveRun(
      path.join(this.assets, "worker.js"),
      {
        configFile,
        experiment,
        runFolder: folder,
        dataFolders: this.dataFolders(),
        assets: this.assets,
        version: this.version,
        tensorflowFolder: this.tensorflowFolder(),
        resume,
        autoThreads: this.freeThreads(),
      },
      {
        message: (message) => intake.receive(message),
        output: (text) => this.log.info(`Run ${folder}: ${text.trimEnd()}`),
        died: async (error) => {
          const { markRunFailed } = await loadRunFolder();
          return markRunFailed(folder, error) ?? failed(intake.model?.record, error);
        },
      },
    );
    if (revive) run.live.revive();
    this.updateContext();
    this.queueChanged.fire();
    void run.live.ended.then(async (outcome) => {
      await intake.settled();
      this.finish(run, outcome);
    });
  }

  private finish(run: Launched, { run: record, error }: RunOutcome): void {
    const state = record?.state ?? (error ? "failed" : "interrupted");
    if (error) this.log.error(`Run ${run.folder}: ${error.message}`);
    else this.log.info(`Run ${run.folder}: ${state}`);
    this.end(run, state);
    run.started.resolve({ model: null, error });
    if (!this.leaving) this.queue.release();
    this.queueChanged.fire();
  }

  private end(run: Launched, state: SessionState): void {
    const { folder, plan } = run;
    this.launched.delete(folder);
    if (run.intake?.model || state === "cancelled") this.over.set(folder, { folder, name: plan.name, state });
    this.updateContext();
    run.ended.resolve(state);
  }

  private updateContext(): void {
    const inProgress = [...this.launched.values()].some(({ live }) => live);
    void vscode.commands.executeCommand("setContext", "rectiscope.running", inProgress);
    void vscode.commands.executeCommand("setContext", "rectiscope.runningOrQueued", this.launched.size > 0);
  }
}

function failed(run: RunRecord | undefined, error: RunError): RunRecord | null {
  return run ? { ...run, state: "failed", error, ended: new Date().toISOString() } : null;
}
