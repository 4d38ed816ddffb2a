/** The page of one sweep. Sends to its webview only while that is visible, and everything anew whenever it becomes so. */
import * as vscode from "vscode";
import type { SweepRequest, ToSweepPage } from "../../common/sweepMessages.js";
import { noProgress, type SweepProgress, type SweepRecord } from "../../common/sweepRecord.js";
import { dashboardHtml } from "../dashboard/dashboardHtml.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadStudyReport, loadSweepFolder, loadSweepSummary } from "../engine.js";
import type { SweepChange, SweepManager } from "./sweepManager.js";
import { receivedFromSweepPage } from "./sweepMessage.js";

/** Does what the page asks for; a rejection is shown in the page. */
export type AnswerSweepRequest = (folder: string, record: SweepRecord, request: SweepRequest) => Promise<void>;

/** How often a sweep that goes on in another process is looked at. */
const followMs = 2_000;
/** The page is told no more often than this. */
const tellMs = 250;

export class SweepPanel implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly follow = this.disposables.add(new Delayed(followMs, () => void this.hydrate()));
  private readonly soon = this.disposables.add(new Delayed(tellMs, () => void this.tell()));
  private record: SweepRecord | undefined;
  private progress: SweepProgress = noProgress;
  /** The record, and not the progress alone, has changed since the page was told. */
  private due = true;
  private ready = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly folder: string,
    private readonly manager: SweepManager,
    private readonly answer: AnswerSweepRequest,
    extension: vscode.Uri,
  ) {
    const files = vscode.Uri.joinPath(extension, "dist", "webview");
    const icon = (theme: string) => vscode.Uri.joinPath(extension, "media", `sweep-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    this.disposables.add(panel.webview.onDidReceiveMessage((message) => void this.receive(message)));
    this.disposables.add(panel.onDidChangeViewState(() => this.panel.visible && this.ready && void this.hydrate()));
    this.disposables.add(panel.onDidDispose(() => this.dispose()));
    this.disposables.add(manager.onDidChange((change) => this.changed(change)));
    panel.webview.options = { enableScripts: true, localResourceRoots: [files] };
    panel.webview.html = dashboardHtml(panel.webview, files, "sweep", vscode.l10n.t("Reading the sweep…"));
  }

  onDidDispose(listener: () => void): void {
    this.disposables.add({ dispose: listener });
  }

  reveal(): void {
    this.panel.reveal();
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  dispose(): void {
    if (this.disposables.disposed) return;
    this.disposables.dispose();
    this.panel.dispose();
  }

  private changed({ folder, record, progress, recordChanged }: SweepChange): void {
    if (folder !== this.folder) return;
    this.record = record;
    this.progress = progress;
    this.due ||= recordChanged;
    this.soon.ensure();
  }

  private async receive(message: unknown): Promise<void> {
    const received = receivedFromSweepPage(message);
    if (received?.type === "ready") {
      this.ready = true;
      return this.hydrate();
    }
    if (!received) return;
    const { id } = received;
    try {
      if (received.type === "unknownRequest")
        throw new Error(vscode.l10n.t("This version of Rectiscope does not know that action."));
      if (!this.record) throw new Error(vscode.l10n.t("The sweep cannot be read."));
      await this.answer(this.folder, this.record, received);
      this.send({ type: "response", id, ok: true });
    } catch (error) {
      this.send({ type: "response", id, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Everything: of a sweep in progress here from memory, of any other from its folder. */
  private async hydrate(): Promise<void> {
    if (this.disposables.disposed || !this.panel.visible) return;
    const live = this.manager.model(this.folder);
    try {
      if (live) {
        this.record = live.record;
        this.progress = live.progress;
      } else {
        const { readSweepRecord } = await loadSweepFolder();
        this.record = await readSweepRecord(this.folder);
        this.progress = { ...noProgress, share: shareOf(this.record) };
      }
      this.due = true;
      await this.summarise();
      if (!live && this.record.state === "running") this.follow.ensure();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.send({ type: "unreadable", folder: this.folder, message });
  }

  private async tell(): Promise<void> {
    try {
      await this.summarise();
    } catch (error) {
      this.fail(error);
    }
  }

  private async summarise(): Promise<void> {
    const { record, progress, folder } = this;
    if (!record || !this.ready || !this.panel.visible) return;
    this.panel.title = record.name;
    if (!this.due) {
      this.send({ type: "progress", progress });
      return;
    }
    this.due = false;
    const { summarise } = await loadSweepSummary();
    const { studyReport } = await loadStudyReport();
    this.send({ type: "sweep", folder, record, progress, summary: summarise(record), study: studyReport(record) });
  }

  private send(message: ToSweepPage): void {
    if (!this.disposables.disposed) void this.panel.webview.postMessage(message);
  }
}

/** Of a sweep at rest: by the number of its trials. */
function shareOf({ trials, toCome }: SweepRecord): number {
  const done = trials.filter(({ state }) => state === "finished" || state === "failed").length;
  return done / Math.max(1, trials.length + toCome);
}
