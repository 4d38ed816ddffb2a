/** Starts and stops runs in worker threads, and holds what is running. One manager for the window. */
import path from "node:path";
import * as vscode from "vscode";
import type { Experiment } from "../../common/experiment.js";
import type { FromWorker } from "../../common/messages.js";
import type { RunError, RunRecord, RunState } from "../../common/run.js";
import { loadRunFolder } from "../engine.js";
import { LiveRun, type RunOutcome } from "./liveRun.js";
import { RunModel } from "./runModel.js";

export interface RunChange {
  model: RunModel;
  message: FromWorker;
}

export interface StartedRun {
  model: RunModel | null;
  /** Why there is no model. */
  error: RunError | null;
}

interface Running {
  live: LiveRun;
  configFile: string;
  model: RunModel | null;
}

export class RunManager implements vscode.Disposable {
  private readonly running = new Map<string, Running>();
  private readonly ended = new Map<string, { name: string; state: RunState }>();
  private readonly changed = new vscode.EventEmitter<RunChange>();
  private readonly launched = new vscode.EventEmitter<void>();

  /** Every message of every run, after its model took it in. */
  readonly onDidChange = this.changed.event;
  /** A run is about to start; fires before anything else happens. */
  readonly onWillStart = this.launched.event;

  constructor(
    /** Folder with worker.js and what the worker loads. */
    private readonly assets: string,
    private readonly version: string,
    private readonly dataFolders: () => string[],
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Resolves once the run has started, or failed to. */
  async start(configFile: string, experiment: Experiment, name: string): Promise<StartedRun> {
    const { markRunFailed, newRunFolder } = await loadRunFolder();
    const runFolder = newRunFolder(configFile, name);
    this.log.info(`Run ${runFolder}: starting ${configFile}`);
    this.launched.fire();
    const live = new LiveRun(
      path.join(this.assets, "worker.js"),
      {
        configFile,
        experiment,
        runFolder,
        dataFolders: this.dataFolders(),
        assets: this.assets,
        version: this.version,
      },
      {
        message: (message) => this.receive(runFolder, message),
        output: (text) => this.log.info(`Run ${runFolder}: ${text.trimEnd()}`),
        died: async (error) => {
          this.log.error(`Run ${runFolder}: ${error.message}`);
          return markRunFailed(runFolder, error) ?? failed(run.model?.record, error);
        },
      },
    );
    const run: Running = { live, configFile, model: null };
    this.running.set(runFolder, run);
    this.updateContext();
    void live.ended.then((outcome) => this.finish(run, outcome));
    if (await live.started) return { model: run.model, error: null };
    return { model: null, error: (await live.ended).error };
  }

  /** The model of a run in progress. */
  model(folder: string): RunModel | undefined {
    return this.running.get(folder)?.model ?? undefined;
  }

  /** Runs in progress that have started, oldest first. */
  get live(): RunModel[] {
    return [...this.running.values()].flatMap(({ model }) => model ?? []);
  }

  isRunning(configFile: string): boolean {
    return [...this.running.values()].some((run) => run.configFile === configFile);
  }

  /** Asks a run to stop. @returns false when it is not running here */
  stop(folder: string): boolean {
    const run = this.running.get(folder);
    run?.live.stop();
    return run !== undefined;
  }

  /** Runs of this session, newest first. */
  get session(): { folder: string; name: string; state: RunState }[] {
    const live = this.live.map(({ folder, record }) => ({ folder, name: record.name, state: record.state }));
    const over = [...this.ended].map(([folder, run]) => ({ folder, ...run }));
    return [...over, ...live].reverse();
  }

  /** @throws when the folder is not one of a run of this session */
  async whenEnded(folder: string): Promise<RunState> {
    const run = this.running.get(folder);
    await run?.live.ended;
    const over = this.ended.get(folder);
    if (!over) throw new Error(`No run of this session: ${folder}`);
    return over.state;
  }

  /** Asks every run to stop, and waits for their checkpoints, but no longer than this. */
  async stopAll(milliseconds: number): Promise<void> {
    const runs = [...this.running.values()].map(({ live }) => live);
    if (runs.length === 0) return;
    for (const run of runs) run.stop();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([Promise.all(runs.map((run) => run.ended)), late]);
    clearTimeout(timer);
    await Promise.all(runs.map((run) => run.terminate()));
  }

  dispose(): void {
    this.changed.dispose();
    this.launched.dispose();
  }

  private receive(folder: string, message: FromWorker): void {
    const run = this.running.get(folder);
    if (!run) return;
    if (message.type === "started") run.model = new RunModel(folder, message.run);
    if (!run.model) return;
    run.model.apply(message);
    this.changed.fire({ model: run.model, message });
  }

  private finish({ live: { folder }, model }: Running, { run, error }: RunOutcome): void {
    const state = run?.state ?? (error ? "failed" : "interrupted");
    this.running.delete(folder);
    if (model) this.ended.set(folder, { name: model.record.name, state });
    if (error) this.log.error(`Run ${folder}: ${error.message}`);
    else this.log.info(`Run ${folder}: ${state}`);
    this.updateContext();
  }

  private updateContext(): void {
    void vscode.commands.executeCommand("setContext", "rectiscope.running", this.running.size > 0);
  }
}

function failed(run: RunRecord | undefined, error: RunError): RunRecord | null {
  return run ? { ...run, state: "failed", error, ended: new Date().toISOString() } : null;
}
