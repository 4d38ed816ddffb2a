/** Reports on the units of a run, from a thread that starts with the first one, and again where it crashed. */
import * as vscode from "vscode";
import type { UnitPlace } from "../../common/unitPage.js";
import type { UnitReport } from "../../common/unitReport.js";
import { type UnitListener, UnitThread } from "../../engine/units/unitThread.js";

export type UnitOutcome =
  | { state: "done"; report: UnitReport }
  | { state: "cancelled" }
  | { state: "failed"; message: string };

export interface UnitReporting {
  /** Never rejects. */
  readonly ended: Promise<UnitOutcome>;
  cancel(): void;
}

export class UnitReporter implements vscode.Disposable {
  private thread: UnitThread | null = null;

  /** @param assets folder with the thread's bundle */
  constructor(
    private readonly folder: string,
    private readonly assets: string,
    private readonly dataFolders: () => string[],
  ) {}

  start({ layer, unit }: UnitPlace, listener: UnitListener): UnitReporting {
    const controller = new AbortController();
    const { signal } = controller;
    const ended = this.report(layer, unit, listener, signal).then(
      (report): UnitOutcome => ({ state: "done", report }),
      (error: unknown): UnitOutcome =>
        signal.aborted
          ? { state: "cancelled" }
          : { state: "failed", message: error instanceof Error ? error.message : String(error) },
    );
    return { ended, cancel: () => controller.abort() };
  }

  dispose(): void {
    this.thread?.dispose();
    this.thread = null;
  }

  private async report(layer: number, unit: number, listener: UnitListener, signal: AbortSignal): Promise<UnitReport> {
    if (!vscode.workspace.isTrusted)
      throw new Error(
        vscode.l10n.t("Looking into units needs a trusted workspace: the run's config says which files are read."),
      );
    const { folder, assets } = this;
    if (!this.thread || this.thread.isOver)
      this.thread = new UnitThread({ folder, assets, dataFolders: this.dataFolders() });
    return this.thread.report(layer, unit, listener, signal);
  }
}
