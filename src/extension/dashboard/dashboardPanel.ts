/**
 * The dashboard of one run. Sends to its webview only while that is visible, everything anew whenever it becomes so, and never more
 * than the webview draws: what happens meanwhile stays in the run's model until the next frame.
 */
import * as vscode from "vscode";
import { type DashboardRequest, type Figures, isLive, type ToDashboard } from "../../common/messages.js";
import type { EvalLine, ReconstructionLine } from "../../common/run.js";
import type { TrainingWindow } from "../../common/trainingSeries.js";
import type { ClaimsChecks } from "../claims/claimsChecks.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import { readModel, readRecord } from "../runs/readModel.js";
import type { RunChange, RunManager } from "../runs/runManager.js";
import type { RunModel } from "../runs/runModel.js";
import { dashboardHtml } from "./dashboardHtml.js";
import { receivedFromDashboard } from "./dashboardMessage.js";
import { Feed } from "./feed.js";
import { cancelCommand, waitingHtml } from "./waitingHtml.js";

/** Does what the dashboard asks for; a rejection is shown in the dashboard. @returns the figures that were asked for */
export type AnswerRequest = (model: RunModel, request: DashboardRequest) => Promise<Figures>;

/** How often a run that goes on in another process is looked at. */
const followMs = 3_000;
/** 20 frames a second at most. */
const frameMs = 50;

export class DashboardPanel implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly follow = this.disposables.add(new Delayed(followMs, () => void this.refollow()));
  private readonly files: vscode.Uri;
  private model: RunModel | undefined;
  /** What the panel shows; a number is the run's place in the queue. */
  private page: "none" | "dashboard" | number = "none";
  /** The run has started at some time. */
  private hasFolder: boolean;
  private readonly feed = this.disposables.add(new Feed(frameMs, () => this.sendModel()));
  /** The page listens, and shows this part of the training figures. */
  private window: TrainingWindow | null = null;
  private wasVisible: boolean;
  /** The webview has, or is about to get, a snapshot, to which changes may be sent. */
  private hydrated = false;
  /** The next message is a snapshot. */
  private whole = false;
  /** Evaluations since the last message. */
  private fresh: EvalLine[] = [];
  private freshReconstructions: ReconstructionLine[] = [];
  /** That somebody asked to see and the webview has not been told of. */
  private layer: number | null = null;
  /** The webview has not got the training figures of pre-training as they are, or the part of them that it shows. */
  private pretrained = false;
  /** Nor what was revived. */
  private revived = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly folder: string,
    private readonly manager: RunManager,
    private readonly claims: ClaimsChecks,
    private readonly answer: AnswerRequest,
    extension: vscode.Uri,
  ) {
    this.hasFolder = manager.resumes(folder);
    this.wasVisible = panel.visible;
    this.files = vscode.Uri.joinPath(extension, "dist", "webview");
    const icon = (theme: string) => vscode.Uri.joinPath(extension, "media", `dashboard-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    this.disposables.add(panel.webview.onDidReceiveMessage((message) => void this.receive(message)));
    this.disposables.add(panel.onDidChangeViewState(() => this.viewStateChanged()));
    this.disposables.add(panel.onDidDispose(() => this.dispose()));
    this.disposables.add(manager.onDidChange((change) => this.changed(change)));
    this.disposables.add(manager.onDidChangeQueue(() => this.showPage()));
    this.disposables.add(claims.onDidChange((folder) => folder === this.folder && this.hydrated && this.sendClaims()));
    this.showPage();
  }

  onDidDispose(listener: () => void): void {
    this.disposables.add({ dispose: listener });
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** The units of this layer, from 1, once there is something to show. */
  showLayer(layer: number): void {
    this.layer = layer;
    if (this.hydrated) this.sendLayer();
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  dispose(): void {
    if (this.disposables.disposed) return;
    this.disposables.dispose();
    this.panel.dispose();
  }

  /** Another page while the run has not started; a run that never does takes its dashboard along. */
  private showPage(): void {
    const waiting = this.manager.has(this.folder) && !this.manager.model(this.folder) && !this.hasFolder;
    if (waiting) {
      const { queued } = this.manager;
      const place = queued.findIndex(({ folder }) => folder === this.folder) + 1;
      if (this.page === place) return;
      this.page = place;
      this.panel.webview.options = { enableCommandUris: [cancelCommand], localResourceRoots: [] };
      this.panel.webview.html = waitingHtml(this.folder, place);
    } else if (this.page !== "dashboard") {
      if (this.page !== "none" && !this.manager.model(this.folder)) {
        this.dispose();
        return;
      }
      this.page = "dashboard";
      this.hasFolder = true;
      this.window = null;
      this.panel.webview.options = { enableScripts: true, localResourceRoots: [this.files] };
      this.panel.webview.html = dashboardHtml(this.panel.webview, this.files);
    }
    this.showTitle();
  }

  private showTitle(): void {
    const plan = this.manager.queued.find(({ folder }) => folder === this.folder);
    if (plan) this.panel.title = vscode.l10n.t("{0} (queued)", plan.name);
    else if (this.model) this.panel.title = this.model.record.name;
  }

  private changed({ model, message }: RunChange): void {
    if (model.folder !== this.folder) return;
    this.model = model;
    if (message.type === "started") this.showTitle();
    if (!this.hydrated) return;
    // a run that goes on has fewer figures than it had: everything anew
    if (message.type === "started") this.whole = true;
    if (message.type === "evaluation") this.fresh.push(message.line);
    if (message.type === "revival") this.revived = true;
    if (message.type === "pretraining") {
      this.pretrained = true;
      for (const line of message.lines) if (line.kind === "reconstruction") this.freshReconstructions.push(line);
    }
    this.feed.changed();
  }

  private viewStateChanged(): void {
    const { visible } = this.panel;
    if (visible === this.wasVisible) return;
    this.wasVisible = visible;
    this.hydrated = false;
    if (visible && this.window) void this.hydrate();
  }

  private async receive(message: unknown): Promise<void> {
    const received = receivedFromDashboard(message);
    switch (received?.type) {
      case "ready":
        this.window = received.window;
        this.hydrated = false;
        return this.hydrate();
      case "window":
        this.window = received.window;
        this.pretrained = true;
        if (this.hydrated) this.feed.changed();
        return;
      case "drawn":
        return this.feed.drawn();
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
      const figures = await this.answer(this.model, request);
      this.send({ type: "response", id, ok: true, ...figures });
    } catch (error) {
      this.send({ type: "response", id, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Sends everything: of a run in progress from memory, of any other from its folder. */
  private async hydrate(): Promise<void> {
    try {
      this.model = this.manager.model(this.folder) ?? (await this.current());
      if (this.disposables.disposed || !this.panel.visible) return;
      this.showTitle();
      const begun = this.hydrated;
      this.hydrated = true;
      this.whole = true;
      if (begun) this.feed.changed();
      else this.feed.begin();
      this.followElsewhere();
      await this.sendClaims();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.send({ type: "unreadable", folder: this.folder, message: reason });
    }
  }

  /** What the folder holds, read only where it changed. */
  private async current(): Promise<RunModel> {
    if (this.model) {
      const { state, heartbeat } = await readRecord(this.folder);
      const { record } = this.model;
      if (record.state === state && record.heartbeat === heartbeat)
        return this.manager.model(this.folder) ?? this.model;
    }
    const model = await readModel(this.folder);
    // The run may have started here meanwhile.
    return this.manager.model(this.folder) ?? model;
  }

  private followElsewhere(): void {
    const elsewhere = this.model && isLive(this.model.record.state) && !this.manager.model(this.folder);
    if (elsewhere && this.panel.visible) this.follow.ensure();
  }

  private async refollow(): Promise<void> {
    if (!this.panel.visible) return;
    const before = this.model;
    const model = await this.current().catch(() => before);
    if (model === before) this.followElsewhere();
    else await this.hydrate();
  }

  private sendModel(): void {
    const { model, window, folder, whole } = this;
    if (!model || !window || !this.hydrated || !this.panel.visible) return;
    const evaluations = model.told(whole ? model.evaluations : this.fresh);
    const reconstructions = whole ? model.reconstructions : this.freshReconstructions;
    const told = {
      run: model.record,
      training: model.training.view(window),
      evaluations,
      ...((whole || this.pretrained) &&
        model.pretraining.length > 0 && { pretraining: model.pretraining.view(window) }),
      ...(reconstructions.length > 0 && { reconstructions: [...reconstructions] }),
      ...((whole || this.revived) && model.revivals.length > 0 && { revivals: [...model.revivals] }),
    };
    this.whole = false;
    this.fresh = [];
    this.freshReconstructions = [];
    this.pretrained = false;
    this.revived = false;
    this.send(whole ? { type: "snapshot", folder, ...told } : { type: "frame", ...told });
    this.sendLayer();
  }

  private sendLayer(): void {
    if (this.layer === null || !this.panel.visible) return;
    this.send({ type: "layer", layer: this.layer });
    this.layer = null;
  }

  private async sendClaims(): Promise<void> {
    const claims = await this.claims.viewOf(this.folder);
    if (!this.panel.visible || !this.hydrated) return;
    this.send({ type: "claims", claims, reveal: this.claims.takeReveal(this.folder) });
  }

  private send(message: ToDashboard): void {
    if (!this.disposables.disposed) void this.panel.webview.postMessage(message);
  }
}
