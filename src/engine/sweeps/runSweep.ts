/**
 * A sweep from its config to its last trial: stage by stage, every trial exactly once, however often it is stopped, killed and resumed.
 * What is done is decided by the run folders; sweep.json says it again for readers. The same for editor and command line.
 */
import path from "node:path";
import type { Experiment } from "../../common/experiment.js";
import type { RunError } from "../../common/run.js";
import { type Select, type StagePlan, type Sweep, stagesOf } from "../../common/sweep.js";
import {
  noProgress,
  type Selection,
  type SweepProgress,
  type SweepRecord,
  type SweepState,
  sweepFolderVersion,
  type TrialRecord,
} from "../../common/sweepRecord.js";
import { runErrorOf } from "../runs/run.js";
import { countTrialsOf, expandStage, foldKey, type Parent, type PlannedTrial, seedKey, without } from "./expand.js";
import type { LaunchedTrial, Launcher, TrialTask } from "./launcher.js";
import { candidates, isDone } from "./policy.js";
import { bestTrial, isBetter, select } from "./select.js";
import { finishedBeside } from "./sharedTrials.js";
import { SweepClock } from "./sweepClock.js";
import type { SweepControl } from "./sweepControl.js";
import { readSweepRecord, SweepFolder, sweepFiles } from "./sweepFolder.js";
import { markCrashed, outcomeOf, placeOf, readTrialRun } from "./trialOutcome.js";
import { type TrialPlan, TrialPlans } from "./trialPlans.js";

export interface SweepListeners {
  /** After every change, and while trials are running at least every second. */
  changed?(record: SweepRecord, progress: SweepProgress): void;
}

export interface SweepEnvironment {
  /** Folders searched for data sets that the config does not locate itself, absolute. */
  dataFolders: string[];
  /** Folder with kernels.wasm, trial.js and the packed sample. */
  assets: string;
  version: string;
  /** Where tfjs-node is installed, absolute; the usual folder where nobody says. */
  tensorflowFolder?: string;
}

/** A sweep that begins, or one that goes on. */
export type SweepTask =
  | { folder: string; configFile: string; name: string; sweep: Sweep; base: Experiment }
  | { folder: string; resume: true; retry: boolean };

const untouched = { state: "pending", result: null, error: null } as const;

/** What is told of trials in progress is read from their folders this often. */
const tickMs = 500;
/** sweep.json is written at least this often: its heartbeat. */
const heartbeatMs = 4_000;

/**
 * @returns the record of a sweep that ended, was stopped or paused, or could not go on (its `error` says why)
 * @throws DataError, RunFolderError when it could not begin or go on
 */
export async function runSweep(
  task: SweepTask,
  launcher: Launcher,
  control: SweepControl,
  environment: SweepEnvironment,
  listeners: SweepListeners = {},
): Promise<SweepRecord> {
  if (!("resume" in task)) {
    const record = newRecord(task, environment.version);
    const run = new SweepRun(task.folder, record, launcher, control, environment, listeners);
    // before the folder is made: a sweep without its data does not begin
    await run.enterStage(0);
    return run.go(SweepFolder.create(task.folder));
  }
  // read before the lock is taken, so that what is no sweep stays as it is
  const before = await readSweepRecord(task.folder);
  const folder = SweepFolder.open(task.folder);
  try {
    const record: SweepRecord = {
      ...before,
      source: sourceOf(environment.version),
      state: "running",
      ended: null,
      error: null,
    };
    const run = new SweepRun(task.folder, record, launcher, control, environment, listeners);
    await run.takeUp(task.retry);
    return await run.go(folder);
  } catch (error) {
    folder.close();
    throw error;
  }
}

interface Running {
  trial: TrialRecord;
  task: TrialTask;
  launched: LaunchedTrial;
  /** Share of its steps that are done. */
  share: number;
}

class SweepRun {
  private readonly stages: StagePlan[];
  private readonly plans: TrialPlans;
  private readonly planned = new Map<number, TrialPlan>();
  private readonly running = new Map<number, Running>();
  private readonly clock = new SweepClock();
  private shared = new Map<string, string>();
  private progress: SweepProgress = noProgress;
  private folder: SweepFolder | null = null;
  private written = 0;
  private readonly begun = performance.now();
  private readonly secondsBefore: number;
  /** What keeps the sweep from going on. */
  private fault: unknown = null;

  constructor(
    private readonly place: string,
    private record: SweepRecord,
    private readonly launcher: Launcher,
    private readonly control: SweepControl,
    private readonly environment: SweepEnvironment,
    private readonly listeners: SweepListeners,
  ) {
    const { sweep, base } = record;
    this.secondsBefore = record.seconds;
    this.stages = stagesOf(sweep);
    this.plans = new TrialPlans(
      sweep,
      base,
      this.stages,
      { configFolder: path.dirname(this.configFile), dataFolders: environment.dataFolders, assets: environment.assets },
      environment.version,
    );
  }

  private get configFile(): string {
    return path.resolve(this.place, this.record.configFile);
  }

  /** Plans the trials that an earlier time left, and sees in their folders what has become of them. */
  async takeUp(retry: boolean): Promise<void> {
    for (const before of this.record.trials) {
      const { number, reused } = before;
      const run = await readTrialRun(this.runOf(before));
      const lost = reused && run?.state !== "finished"; // the other sweep's folder is gone
      if (lost) this.change(number, { reused: false, run: this.runName(before), ...untouched });
      else if (run)
        this.change(number, { ...outcomeOf(run, null), ...(before.state === "failed" && { error: before.error }) });
      else if (before.state !== "failed") this.change(number, untouched);
      const trial = this.record.trials[number - 1] as TrialRecord;
      if (retry && trial.state === "failed") this.change(number, untouched);
      await this.plan(trial);
    }
  }

  async go(folder: SweepFolder): Promise<SweepRecord> {
    this.folder = folder;
    try {
      this.shared = await finishedBeside(this.place);
      this.write();
      const first = Math.max(
        0,
        this.stages.findIndex(({ name }) => name === this.record.trials.at(-1)?.stage),
      );
      for (let stage = first; stage < this.stages.length; stage++) {
        if (stage > first) await this.enterStage(stage);
        await this.train();
        if (this.fault) throw this.fault;
        if (this.control.asked !== "goOn") return this.end(this.control.asked === "stop" ? "stopped" : "paused", null);
        this.chooseIn(this.stages[stage] as StagePlan);
      }
      return this.end("finished", null);
    } catch (error) {
      await this.halt();
      return this.end("failed", runErrorOf(error));
    } finally {
      folder.close();
    }
  }

  /** Adds the trials of a stage. @throws DataError, or Error where an earlier stage left nothing to go on from */
  async enterStage(index: number): Promise<void> {
    const plan = this.stages[index] as StagePlan;
    const parents = plan.from ? this.parentsOf(plan) : [{ number: null, params: {}, seed: this.record.base.seed }];
    const first = this.record.trials.length + 1;
    const trials = expandStage(plan, this.record.sweep, parents).map((planned, i) =>
      this.newTrial(planned, plan.name, first + i),
    );
    const toCome = countTrialsOf(this.stages)
      .slice(index + 1)
      .reduce((sum, count) => sum + count, 0);
    this.record = { ...this.record, trials: [...this.record.trials, ...trials], toCome };
    for (const trial of trials) await this.plan(trial);
  }

  private newTrial({ params, parent }: PlannedTrial, stage: string, number: number): TrialRecord {
    const trial: TrialRecord = {
      number,
      stage,
      key: "",
      params,
      parent,
      run: "",
      reused: false,
      state: "pending",
      result: null,
      error: null,
    };
    return { ...trial, run: this.runName(trial) };
  }

  private parentsOf({ name, from }: StagePlan): Parent[] {
    const before = this.stages.find((stage) => stage.name === from?.stage) as StagePlan;
    const trials = this.record.trials.filter(({ stage }) => stage === before.name);
    const finished = trials.filter(({ state }) => state === "finished");
    const fresh = from?.start === "anew";
    const asParent = (trial: TrialRecord, params = trial.params): Parent => ({
      number: fresh ? null : trial.number,
      params: fresh ? without(params, [seedKey, foldKey]) : params,
      seed: fresh ? this.record.base.seed : ((trial.params[seedKey] as number | undefined) ?? this.record.base.seed),
    });
    const chosenOf = (selection: Selection) => bestTrial(selection, trials);
    let chosen: (TrialRecord | undefined)[] = finished;
    if (from?.take === "selected")
      chosen = this.record.selections.filter(({ stage }) => stage === before.name).map(chosenOf);
    if (from?.take === "best") {
      const groups = select(trials, { over: [], by: before.select?.by ?? figureOfAll(finished) }, before.name);
      const [first, ...rest] = groups;
      chosen = first ? [chosenOf(rest.reduce((best, group) => (isBetter(group, best) ? group : best), first))] : [];
    }
    const parents = chosen.flatMap((trial) => (trial ? [asParent(trial)] : []));
    if (parents.length === 0)
      throw new StageError(
        `The stage "${name}" has nothing to go on from: no trial of "${before.name}" has finished. See why they failed, and retry them.`,
      );
    return parents;
  }

  /** The key of a trial that is done stays: another version of the engine may have done it. */
  private async plan({ number, stage, params, parent, state }: TrialRecord): Promise<void> {
    const done = state === "finished";
    const from = done ? undefined : this.record.trials.find((trial) => trial.number === parent);
    const plan = await this.plans.plan(stage, params, `${this.record.name} #${number}`, from ? this.runOf(from) : null);
    this.planned.set(number, plan);
    if (!done) this.change(number, { key: plan.key });
  }

  /** Until no trial of those there are waits or goes on, or somebody asks for an end. */
  private async train(): Promise<void> {
    let told = "goOn";
    while (!this.fault) {
      if (this.control.asked === "goOn") await this.startTrials();
      else if (told !== this.control.asked) {
        told = this.control.asked;
        for (const { launched } of this.running.values()) launched.end(told === "stop" ? "stop" : "pause");
      }
      this.tell();
      if (this.running.size === 0 && (this.control.asked !== "goOn" || isDone(this.record.trials))) return;
      await Promise.race([
        this.control.wait(tickMs),
        ...[...this.running.values()].map(({ launched }) => launched.ended),
      ]);
      await this.look();
    }
  }

  private async startTrials(): Promise<void> {
    for (const trial of candidates(this.record.trials, new Set(this.running.keys()))) {
      if (this.control.asked !== "goOn") return;
      if (await this.takeShared(trial)) continue;
      const { memory, experiment } = this.planned.get(trial.number) as TrialPlan;
      const busy = [...this.running.values()].map(({ task }) => task);
      const probe = { number: trial.number, memory } as TrialTask;
      if (!this.launcher.hasRoom(probe, busy)) return;
      if ([...this.running.values()].some((other) => other.trial.key === trial.key)) continue;
      const { folder, resume } = await placeOf(this.runOf(trial));
      const task: TrialTask = {
        number: trial.number,
        memory,
        input: {
          configFile: this.configFile,
          experiment,
          runFolder: folder,
          dataFolders: this.environment.dataFolders,
          assets: this.environment.assets,
          version: this.environment.version,
          tensorflowFolder: this.environment.tensorflowFolder,
          resume,
          // several trials at once share the cores by themselves
          ...(this.launcher.jobs > 1 ? { threads: 1 } : {}),
        },
      };
      this.change(trial.number, {
        state: "running",
        run: this.relative(folder),
        reused: false,
        result: null,
        error: null,
      });
      // written before it starts: a sweep that is killed now finds the trial's folder again
      this.write();
      const running: Running = { trial, task, launched: this.launcher.launch(task), share: 0 };
      this.running.set(trial.number, running);
      void running.launched.ended.then(({ error }) => this.ended(running, error));
    }
  }

  /** @returns true when the same trial has been done, in this sweep or in another, and is taken from there */
  private async takeShared(trial: TrialRecord): Promise<boolean> {
    const own = this.record.trials.find(
      ({ key, state, number }) => key === trial.key && state === "finished" && number !== trial.number,
    );
    const folder = own ? this.runOf(own) : this.shared.get(trial.key);
    if (folder === undefined || trial.state !== "pending") return false;
    const run = await readTrialRun(folder);
    if (run?.state !== "finished") return false;
    this.change(trial.number, { ...outcomeOf(run, null), run: this.relative(folder), reused: true });
    this.clock.skip(this.planned.get(trial.number)?.work ?? 0);
    this.write();
    return true;
  }

  private async ended(running: Running, error: RunError | null): Promise<void> {
    const { number } = running.trial;
    const { runFolder } = running.task.input;
    try {
      const run = await readTrialRun(runFolder);
      if (error && (run === null || run.state === "running" || run.state === "interrupted"))
        markCrashed(runFolder, run, error);
      this.change(number, outcomeOf(await readTrialRun(runFolder), error));
    } catch (fault) {
      this.fault ??= fault;
    }
    this.running.delete(number);
    if (this.folder) this.guarded(() => this.write());
  }

  /** How far the running trials are, as their folders say; and the heartbeat. */
  private async look(): Promise<void> {
    for (const running of this.running.values()) {
      const run = await readTrialRun(running.task.input.runFolder);
      if (run && run.progress.totalSteps > 0) running.share = run.progress.step / run.progress.totalSteps;
      this.seen.set(running.trial.number, run?.progress ?? null);
    }
    if (performance.now() - this.written > heartbeatMs) this.guarded(() => this.write());
  }

  private readonly seen = new Map<number, SweepProgress["running"][number]["progress"] | null>();

  private tell(): void {
    const { total, done } = this.work();
    this.progress = {
      running: [...this.running.keys()].flatMap((number) => {
        const progress = this.seen.get(number);
        return progress ? [{ number, progress }] : [];
      }),
      share: total > 0 ? done / total : 0,
      remainingSeconds: this.clock.remainingSeconds({ total, done }, performance.now()),
      jobs: this.launcher.jobs,
    };
    this.listeners.changed?.(this.record, this.progress);
  }

  /** Trials to come count as much as the mean of those that are known. */
  private work(): { total: number; done: number } {
    const { trials, toCome } = this.record;
    let [total, done] = [0, 0];
    for (const { number, state } of trials) {
      const work = this.planned.get(number)?.work ?? 0;
      total += work;
      if (state === "finished" || state === "failed") done += work;
      else done += work * (this.running.get(number)?.share ?? 0);
    }
    return { total: total + (trials.length > 0 ? (total / trials.length) * toCome : 0), done };
  }

  private chooseIn(plan: StagePlan): void {
    if (!plan.select) return;
    const trials = this.record.trials.filter(({ stage }) => stage === plan.name);
    const others = this.record.selections.filter(({ stage }) => stage !== plan.name);
    this.record = { ...this.record, selections: [...others, ...select(trials, plan.select, plan.name)] };
    this.write();
  }

  /** Ends what is running, with checkpoints. */
  private async halt(): Promise<void> {
    const all = [...this.running.values()];
    for (const { launched } of all) launched.end("pause");
    await Promise.all(all.map(({ launched }) => launched.ended));
    while (this.running.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  private end(state: SweepState, error: RunError | null): SweepRecord {
    this.record = { ...this.record, state, error, ended: new Date().toISOString() };
    try {
      this.write();
    } catch (fault) {
      this.record = { ...this.record, state: "failed", error: error ?? runErrorOf(fault) };
    }
    this.tell();
    return this.record;
  }

  private change(number: number, change: Partial<TrialRecord>): void {
    const trials = this.record.trials.map((trial) => (trial.number === number ? { ...trial, ...change } : trial));
    this.record = { ...this.record, trials };
  }

  private write(): void {
    const seconds = this.secondsBefore + (performance.now() - this.begun) / 1000;
    this.record = { ...this.record, heartbeat: new Date().toISOString(), seconds };
    this.folder?.beat();
    this.folder?.write(this.record);
    this.written = performance.now();
  }

  private guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.fault ??= error;
    }
  }

  private runOf({ run }: TrialRecord): string {
    return path.resolve(this.place, run);
  }

  private runName({ number }: TrialRecord): string {
    return `${sweepFiles.runs}/${String(number).padStart(4, "0")}`;
  }

  private relative(folder: string): string {
    return path.relative(this.place, folder).replaceAll("\\", "/");
  }
}

/** A stage that cannot begin. */
class StageError extends Error {
  override readonly name = "StageError";
  readonly code = "noParent";
}

/** What the best of trials is the best by: where nothing but pre-training was done, how well they reconstruct. */
function figureOfAll(trials: readonly TrialRecord[]): Select["by"] {
  const pretrained = trials.every(({ result }) => result?.epochs === 0 && result.reconstruction);
  return trials.length > 0 && pretrained ? "reconstructionError" : "validationError";
}

function sourceOf(version: string): string {
  return `rectiscope ${version}`;
}

function newRecord(
  { folder, configFile, name, sweep, base }: Extract<SweepTask, { configFile: string }>,
  version: string,
): SweepRecord {
  const now = new Date().toISOString();
  return {
    version: sweepFolderVersion,
    id: path.basename(folder),
    name,
    source: sourceOf(version),
    state: "running",
    created: now,
    heartbeat: now,
    ended: null,
    configFile: path.relative(folder, configFile),
    sweep,
    base,
    seconds: 0,
    trials: [],
    toCome: 0,
    selections: [],
    error: null,
  };
}
