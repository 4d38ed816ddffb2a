/**
 * Says, at most once a session, that runs were interrupted: those that this workspace's window had in progress when it closed or
 * its extension host ended, and others of the last days. What was said once is not said again.
 */
import * as vscode from "vscode";
import { isResumable, type RunState } from "../../common/run.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import type { Log } from "../log.js";
import { uiLanguage } from "../uiLanguage.js";
import type { ListedRun, RunIndex } from "./runIndex.js";
import type { RunManager } from "./runManager.js";
import { epochText } from "./runText.js";

const inProgressKey = "rectiscope.inProgress";
const toldKey = "rectiscope.interruptedTold";
const recentMs = 7 * 24 * 3_600_000;
const mostTold = 200;
/** The process that trained them may take a while to end, and the workbench is busy at the start. */
const lookAgainMs = 2_000;
const looks = 15;

export class InterruptedNotice implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly look = this.disposables.add(new Delayed(lookAgainMs, () => void this.lookNow()));
  /** Folders of the runs that were in progress when the window was left. */
  private readonly left: Set<string>;
  private looksLeft = looks;
  private told = false;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly manager: RunManager,
    private readonly runs: RunIndex,
    private readonly log: Log,
  ) {
    this.left = new Set(memory.get<string[]>(inProgressKey, []));
    this.disposables.add(
      manager.onDidChange(({ message }) => {
        if (message.type === "started") this.remember();
      }),
    );
    this.disposables.add(manager.onDidChangeQueue(() => this.remember()));
    // nothing is read at the start unless there is something to look for; else when the runs are listed anyway
    if (this.left.size > 0) this.look.ensure();
    else this.disposables.add(runs.onDidList(() => this.look.ensure()));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** How runs end while the window closes does not count: they are the ones to come back to. */
  private remember(): void {
    if (this.manager.isLeaving) return;
    const folders = this.manager.live.map(({ folder }) => folder);
    void this.memory.update(inProgressKey, folders);
  }

  private async lookNow(): Promise<void> {
    if (this.told || this.looksLeft-- <= 0) return;
    const told = new Set(this.memory.get<string[]>(toldKey, []));
    try {
      const listed = await this.runs.list();
      const due = listed.filter((entry) => this.isDue(entry) && !told.has(markOf(entry)));
      const undecided = listed.some(({ folder, run }) => this.left.has(folder) && run.state === "running");
      if (due.length > 0) await this.tell(due, told);
      else if (undecided) this.look.ensure();
    } catch (error) {
      this.log.error(error);
    }
  }

  private isDue({ folder, run }: ListedRun): boolean {
    if (this.manager.has(folder) || !isResumable(run)) return false;
    if (Date.now() - Date.parse(run.heartbeat) > recentMs) return false;
    const states: RunState[] = this.left.has(folder) ? ["interrupted", "paused"] : ["interrupted"];
    return states.includes(run.state);
  }

  private async tell(due: ListedRun[], told: Set<string>): Promise<void> {
    this.told = true;
    const resume = vscode.l10n.t("Resume");
    const show = vscode.l10n.t("Show");
    const [first] = due;
    if (!first) return;
    await this.memory.update(toldKey, [...told, ...due.map(markOf)].slice(-mostTold));
    const message =
      due.length === 1
        ? vscode.l10n.t("The run {0} was interrupted in {1}.", first.run.name, epochText(first.run, uiLanguage))
        : vscode.l10n.t("{0} runs were interrupted.", due.length);
    const answer = await vscode.window.showInformationMessage(message, resume, show);
    const only = due.length === 1 ? [first.folder] : [];
    if (answer === resume) await vscode.commands.executeCommand("rectiscope.resume", ...only);
    else if (answer === show && due.length === 1) await vscode.commands.executeCommand("rectiscope.openRun", ...only);
    else if (answer === show) await vscode.commands.executeCommand("rectiscope.runs.focus");
  }
}

/** A run that went on and was interrupted again is worth another word. */
function markOf({ folder, run }: ListedRun): string {
  return `${run.heartbeat} ${folder}`;
}
