/** About how long a sweep takes on this machine: from earlier runs of the workspace, else from a moment's measurement in another process. */
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import type { RunRecord } from "../../common/run.js";
import type { FromSweep } from "../../common/sweepMessages.js";
import type { SweepPlan } from "../../engine/sweeps/sweepFile.js";
import { Disposables } from "../disposables.js";
import { loadSweepEstimate } from "../engine.js";
import { readRecord } from "../runs/readModel.js";
import type { RunIndex } from "../runs/runIndex.js";
import { forkSweepProcess, tell } from "./liveSweep.js";
import type { SweepIndex } from "./sweepIndex.js";
import type { SweepManager } from "./sweepManager.js";

/** A measurement that takes longer is of no use. */
const measuringMs = 15_000;
const mostRuns = 200;
const mostSweeps = 10;

export class SweepEstimates implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<void>());
  /** A measurement has come in. */
  readonly onDidChange = this.changed.event;
  /** By network and data; null while it is measured, or where it could not be. */
  private readonly measured = new Map<string, number | null>();

  constructor(
    private readonly runs: RunIndex,
    private readonly sweeps: SweepIndex,
    private readonly manager: SweepManager,
  ) {}

  /** Seconds; null where it cannot be told yet. */
  async of(plan: SweepPlan, configFile: string): Promise<number | null> {
    const { estimate, pastRunOf } = await loadSweepEstimate();
    const runs = [
      ...(await this.trialsOfSweeps()),
      ...(await this.runs.list()).slice(0, mostRuns).map(({ run }) => run),
    ];
    const past = runs.flatMap((run) => pastRunOf(run) ?? []);
    const { jobs } = plan.sweep;
    const at = jobs === "auto" ? os.availableParallelism() : jobs;
    const key = JSON.stringify([plan.base.network, plan.base.dataset, plan.base.training.batchSize]);
    const found = estimate(plan, at, past, this.measured.get(key) ?? null);
    if (found) return found.seconds;
    if (!this.measured.has(key) && vscode.workspace.isTrusted) this.measure(plan, configFile, key);
    return null;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** One finished trial of each of the last sweeps. */
  private async trialsOfSweeps(): Promise<RunRecord[]> {
    const sweeps = (await this.sweeps.list()).slice(0, mostSweeps);
    const read = sweeps.map(async ({ folder, record }) => {
      const trial = record.trials.find(({ state, reused }) => state === "finished" && !reused);
      return trial ? readRecord(path.resolve(folder, trial.run)).catch(() => null) : null;
    });
    return (await Promise.all(read)).filter((run) => run !== null);
  }

  private measure({ base }: SweepPlan, configFile: string, key: string): void {
    this.measured.set(key, null);
    const { assets, dataFolders, tensorflowFolder } = this.manager.environment;
    const child = forkSweepProcess(assets);
    const timer = setTimeout(() => child.kill("SIGKILL"), measuringMs);
    child.on("message", (message: FromSweep) => {
      if (message.type !== "calibrated") return;
      this.measured.set(key, message.secondsPerWork);
      this.changed.fire();
    });
    child.on("error", () => {});
    child.on("close", () => clearTimeout(timer));
    tell(child, {
      type: "calibrate",
      input: { experiment: base, configFolder: path.dirname(configFile), dataFolders, assets, tensorflowFolder },
    });
  }
}
