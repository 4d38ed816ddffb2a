/** Checks of claims in this window, at most one a run, each in a thread of its own; and what run folders keep of earlier ones. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import * as vscode from "vscode";
import { type ClaimsProgress, type ClaimsView, cancelMessage } from "../../common/claims.js";
import type { ClaimsInput } from "../../engine/claims/claimsOf.js";
import type { FromClaimsWorker } from "../../engine/claims/claimsWorker.js";
import { Disposables } from "../disposables.js";
import { loadClaimsFile } from "../engine.js";
import type { Log } from "../log.js";

interface Check {
  worker: Worker;
  progress: ClaimsProgress;
}

export class ClaimsChecks implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<string>());
  private readonly going = new Map<string, Check>();
  /** Why the last check of a run came to nothing. */
  private readonly failures = new Map<string, string>();
  /** Runs whose dashboard has yet to show its claims. */
  private readonly revealed = new Set<string>();
  /** Tells the run folder. */
  readonly onDidChange = this.changed.event;

  /** @param assets folder with the extension's other bundles */
  constructor(
    private readonly assets: string,
    private readonly version: string,
    private readonly dataFolders: () => string[],
    private readonly log: Log,
  ) {}

  /**
   * Does nothing while a check goes on.
   * @param again computes anew what was checked before
   * @throws Error in a workspace that is not trusted
   */
  start(folder: string, { again = false } = {}): void {
    if (this.going.has(folder)) return;
    if (!vscode.workspace.isTrusted)
      throw new Error(
        vscode.l10n.t("Checking claims needs a trusted workspace: the run's config says which files are read."),
      );
    const { assets, version } = this;
    const workerData: ClaimsInput = { folder, dataFolders: this.dataFolders(), assets, version, again };
    const worker = new Worker(path.join(assets, "claims.js"), { workerData, execArgv: [], name: "rectiscope claims" });
    const check: Check = { worker, progress: { claim: null, share: 0 } };
    this.going.set(folder, check);
    this.failures.delete(folder);
    worker.on("message", (message: FromClaimsWorker) => {
      if (message.type === "progress") {
        check.progress = message.progress;
        this.changed.fire(folder);
      } else this.end(folder, check, message.type === "failed" ? message.message : null);
    });
    worker.on("error", (error) => this.end(folder, check, String(error)));
    worker.on("exit", (code) =>
      this.end(folder, check, vscode.l10n.t("The thread that checks claims ended with code {0}.", code)),
    );
    this.changed.fire(folder);
  }

  /** The dashboard of the run shows its claims as soon as it can. */
  reveal(folder: string): void {
    this.revealed.add(folder);
    this.changed.fire(folder);
  }

  /** True once after each `reveal`. */
  takeReveal(folder: string): boolean {
    return this.revealed.delete(folder);
  }

  cancel(folder: string): void {
    this.going.get(folder)?.worker.postMessage(cancelMessage);
  }

  async viewOf(folder: string): Promise<ClaimsView> {
    const error = this.failures.get(folder) ?? null;
    const { readClaims } = await loadClaimsFile();
    const checking = () => this.going.get(folder)?.progress ?? null;
    try {
      return { record: readClaims(folder), checking: checking(), error };
    } catch (unreadable) {
      return { record: null, checking: checking(), error: error ?? (unreadable as Error).message };
    }
  }

  dispose(): void {
    for (const { worker } of this.going.values()) void worker.terminate();
    this.going.clear();
    this.disposables.dispose();
  }

  private end(folder: string, check: Check, failure: string | null): void {
    if (this.going.get(folder) !== check) return;
    this.going.delete(folder);
    if (failure !== null) {
      this.failures.set(folder, failure);
      this.log.error(failure);
    }
    this.changed.fire(folder);
  }
}
