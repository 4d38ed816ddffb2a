/** The dashboard of one run. Sends to its webview only while that is visible, and everything anew whenever it becomes so. */
import * as vscode from "vscode";
import { type DashboardRequest, isLive, type ToDashboard } from "../../common/messages.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { loadRunReader } from "../engine.js";
import type { RunManager } from "../runs/runManager.js";
import { RunModel } from "../runs/runModel.js";
import { dashboardHtml } from "./dashboardHtml.js";
import { receivedFromDashboard } from "./dashboardMessage.js";

/** Does what the dashboard asks for; a rejection is shown in the dashboard. @returns what `units` asks for */
export type AnswerRequest = (model: RunModel, request: DashboardRequest) => Promise<ArrayBuffer | undefined>;

/** How often a run that goes on in another process is looked at. */
const followMs = 3_000;

export class DashboardPanel implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly follow = this.disposables.add(new Delayed(followMs, () => void this.refollow()));
  private model: RunModel | undefined;
  private ready = false;
  /** The webview has a snapshot, to which changes may be sent. */
  private hydrated = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly folder: string,
    private readonly manager: RunManager,
    private readonly answer: AnswerRequest,
    extension: vscode.Uri,
  ) {
    const files = vscode.Uri.joinPath(extension, "dist", "webview");
    const icon = (theme: string) => vscode.Uri.joinPath(extension, "media", `dashboard-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    panel.webview.options = { enableScripts: true, localResourceRoots: [files] };
    this.disposables.add(panel.webview.onDidReceiveMessage((message) => void this.receive(message)));
    this.disposables.add(panel.onDidChangeViewState(() => this.viewStateChanged()));
    this.disposables.add(panel.onDidDispose(() => this.dispose()));
    this.disposables.add(
      manager.onDidChange(({ model, message }) => {
        if (model.folder !== folder) return;
        this.model = model;
        switch (message.type) {
          case "frame":
            return this.post({ type: "frame", lines: message.lines, progress: message.progress });
          case "evaluation":
            return this.post({ type: "evaluation", line: message.line });
          default:
            return this.post({ type: "run", run: model.record });
        }
      }),
    );
    panel.webview.html = dashboardHtml(panel.webview, files);
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

  private viewStateChanged(): void {
    this.hydrated = false;
    if (this.panel.visible && this.ready) void this.hydrate();
  }

  private async receive(message: unknown): Promise<void> {
    const received = receivedFromDashboard(message);
    switch (received?.type) {
      case "ready":
        this.ready = true;
        return this.hydrate();
      case "request":
        return this.respond(received.id, received);
      case "unknownRequest":
        return this.send({
          type: "response",
          id: received.id,
          ok: false,
          message: vscode.l10n.t("This version of Rectiscope does not know that action."),
        });
    }
  }

  private async respond(id: number, request: DashboardRequest): Promise<void> {
    try {
      if (!this.model) throw new Error(vscode.l10n.t("The run cannot be read."));
      const units = await this.answer(this.model, request);
      this.send({ type: "response", id, ok: true, ...(units && { units }) });
    } catch (error) {
      this.send({ type: "response", id, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Sends everything: of a run in progress from memory, of any other from its folder. */
  private async hydrate(): Promise<void> {
    try {
      this.model = this.manager.model(this.folder) ?? (await this.current());
      if (this.disposables.disposed || !this.panel.visible) return;
      this.panel.title = this.model.record.name;
      this.hydrated = true;
      this.post(this.model.snapshot());
      this.followElsewhere();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.send({ type: "unreadable", folder: this.folder, message: reason });
    }
  }

  /** A run that is over does not change: it is read once. */
  private async current(): Promise<RunModel> {
    if (this.model && !isLive(this.model.record.state)) return this.model;
    const { readRun } = await loadRunReader();
    const { run, train, evaluations } = await readRun(this.folder);
    // The run may have started here meanwhile.
    return this.manager.model(this.folder) ?? new RunModel(this.folder, run, train, evaluations);
  }

  private followElsewhere(): void {
    const elsewhere = this.model && isLive(this.model.record.state) && !this.manager.model(this.folder);
    if (elsewhere && this.panel.visible) this.follow.ensure();
  }

  private async refollow(): Promise<void> {
    if (this.panel.visible) await this.hydrate();
  }

  private post(message: ToDashboard): void {
    if (this.hydrated && this.panel.visible) this.send(message);
  }

  private send(message: ToDashboard): void {
    if (!this.disposables.disposed) void this.panel.webview.postMessage(message);
  }
}
