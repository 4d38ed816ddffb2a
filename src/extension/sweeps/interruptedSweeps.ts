/** Says, once, that sweeps which this workspace's window had in progress when it closed can go on. */
import * as vscode from "vscode";
import { isSweepResumable, type SweepRecord } from "../../common/sweepRecord.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadSweepFolder } from "../engine.js";
import type { SweepManager } from "./sweepManager.js";

const inProgressKey = "rectiscope.sweepsInProgress";
/** Their processes write checkpoints before they end. */
const lookAgainMs = 2_000;
const looks = 15;

export class InterruptedSweeps implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly look = this.disposables.add(new Delayed(lookAgainMs, () => void this.lookNow()));
  private left: string[];
  private looksLeft = looks;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly manager: SweepManager,
  ) {
    this.left = memory.get<string[]>(inProgressKey, []);
    this.disposables.add(
      manager.onDidChange(({ recordChanged }) => {
        // how sweeps end while the window closes does not count: they are the ones to come back to
        if (recordChanged && !manager.isLeaving)
          void memory.update(
            inProgressKey,
            manager.live.map(({ folder }) => folder),
          );
      }),
    );
    if (this.left.length > 0) this.look.ensure();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async lookNow(): Promise<void> {
    const { readSweepRecord } = await loadSweepFolder();
    const undecided: string[] = [];
    for (const folder of this.left) {
      if (this.manager.has(folder)) continue;
      const record = await readSweepRecord(folder).catch(() => null);
      if (record?.state === "running") undecided.push(folder);
      else if (record && isSweepResumable(record)) void this.tell(folder, record);
    }
    this.left = undecided;
    if (undecided.length > 0 && --this.looksLeft > 0) this.look.ensure();
    else
      await this.memory.update(
        inProgressKey,
        this.manager.live.map(({ folder }) => folder),
      );
  }

  private async tell(folder: string, record: SweepRecord): Promise<void> {
    const resume = vscode.l10n.t("Resume");
    const show = vscode.l10n.t("Show Sweep");
    const message = vscode.l10n.t("The sweep {0} was interrupted when its window closed.", record.name);
    const chosen = await vscode.window.showInformationMessage(message, resume, show);
    if (chosen === resume) await vscode.commands.executeCommand("rectiscope.resumeSweep", folder);
    if (chosen === show) await vscode.commands.executeCommand("rectiscope.openSweep", folder);
  }
}
