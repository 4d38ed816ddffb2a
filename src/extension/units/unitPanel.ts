/**
 * The page of a run's units: one a run, which goes from unit to unit. It is told while it is visible only, everything anew whenever it
 * becomes so; while the run goes on, what it shows is computed again after each evaluation.
 */
import * as vscode from "vscode";
import { isLive } from "../../common/messages.js";
import type { RunRecord } from "../../common/run.js";
import type {
  ToUnitPage,
  UnitAction,
  UnitHead,
  UnitPlace,
  UnitRequest,
  UnitTrail,
  UnitWork,
} from "../../common/unitPage.js";
import type { UnitProgress, UnitReport } from "../../common/unitReport.js";
import { goAhead, goBack, nextDead, startTrail, visit } from "../../common/unitTrail.js";
import { dashboardHtml } from "../dashboard/dashboardHtml.js";
import { Delayed } from "../delayed.js";
import { Disposables } from "../disposables.js";
import type { FolderPanel } from "../folderPanels.js";
import { openConfigOf } from "../runs/configOfRun.js";
import { readRecord } from "../runs/readModel.js";
import type { RunManager } from "../runs/runManager.js";
import { type DeadUnits, deadUnitsOf, lastMeasuredStep } from "./deadUnits.js";
import { revealKey } from "./revealKey.js";
import { receivedFromUnitPage } from "./unitMessage.js";
import { UnitReporter, type UnitReporting } from "./unitReporting.js";

/** How often a run that goes on in another process is looked at. */
const followMs = 3_000;
/** From an evaluation to the computing of what it changes, at least: many may come in a second. */
const refreshMs = 1_000;
/** Progress is told this often at most. */
const progressMs = 100;

export class UnitPanel implements FolderPanel {
  private readonly disposables = new Disposables();
  private readonly follow = this.disposables.add(new Delayed(followMs, () => void this.lookElsewhere()));
  private readonly refresh = this.disposables.add(new Delayed(refreshMs, () => void this.compute({ quiet: true })));
  private readonly tellProgress = this.disposables.add(new Delayed(progressMs, () => this.sendWork()));
  private readonly reporter: UnitReporter;
  private trail: UnitTrail | null = null;
  private record: RunRecord | null = null;
  private dead: DeadUnits | null = null;
  private report: UnitReport | null = null;
  private work: UnitWork = { state: "computing", progress: null };
  private reporting: UnitReporting | null = null;
  /** Why nothing can be shown. */
  private unreadable: string | null = null;
  /** The page listens. */
  private ready = false;
  /** An evaluation has come since the last computing began. */
  private due = false;
  /** How often a report was asked for: only the latest counts. */
  private asked = 0;
  private wasVisible: boolean;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly folder: string,
    private readonly manager: RunManager,
    assets: string,
    dataFolders: () => string[],
    extension: vscode.Uri,
  ) {
    this.reporter = this.disposables.add(new UnitReporter(folder, assets, dataFolders));
    this.wasVisible = panel.visible;
    const files = vscode.Uri.joinPath(extension, "dist", "webview");
    const icon = (theme: string) => vscode.Uri.joinPath(extension, "media", `unit-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    this.disposables.add(panel.webview.onDidReceiveMessage((message) => void this.receive(message)));
    this.disposables.add(panel.onDidChangeViewState(() => this.viewStateChanged()));
    this.disposables.add(panel.onDidDispose(() => this.dispose()));
    this.disposables.add(
      manager.onDidChange(({ model, message }) => {
        if (model.folder === folder && (message.type === "evaluation" || message.type === "ended")) this.outdate();
      }),
    );
    panel.webview.options = { enableScripts: true, localResourceRoots: [files] };
    panel.webview.html = dashboardHtml(panel.webview, files, "unit", vscode.l10n.t("Reading the unit…"));
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  onDidDispose(listener: () => void): void {
    this.disposables.add({ dispose: listener });
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    if (this.disposables.disposed) return;
    this.reporting?.cancel();
    this.disposables.dispose();
    this.panel.dispose();
  }

  /** Goes to a unit. @throws Error when the run has no such unit */
  async show(place: UnitPlace): Promise<void> {
    try {
      await this.find(place);
    } catch (error) {
      // a page that shows a unit already goes on showing it
      if (!this.trail) this.fail(error);
      throw error;
    }
  }

  private async find(place: UnitPlace): Promise<void> {
    const record = await this.readRecord();
    const { layer, unit } = place;
    const shape = record.layers[layer - 1];
    const hidden = record.layers.length - 1;
    if (!shape || layer > hidden)
      throw new Error(vscode.l10n.t("{0} has no hidden layer {1}: it has {2}.", record.name, layer, hidden));
    if (unit >= shape.units)
      throw new Error(
        vscode.l10n.t(
          "Layer {0} of {1} has no unit {2}: it has {3}, from 0 on.",
          layer,
          record.name,
          unit,
          shape.units,
        ),
      );
    this.go(this.trail ? visit(this.trail, place) : startTrail(place));
  }

  private go(trail: UnitTrail): void {
    const { here } = trail;
    const before = this.trail?.here;
    this.trail = trail;
    this.panel.title = vscode.l10n.t("Unit {0}·{1} of {2}", here.layer, here.unit, this.record?.name ?? "");
    if (before?.layer === here.layer && before.unit === here.unit) {
      this.send();
      return;
    }
    this.report = null;
    void this.compute();
  }

  private async receive(message: unknown): Promise<void> {
    const received = receivedFromUnitPage(message);
    if (received?.type === "ready") return this.begin(received.trail);
    if (!received) return;
    const { id } = received;
    try {
      if (received.type === "unknownRequest")
        throw new Error(vscode.l10n.t("This version of Rectiscope does not know that action."));
      await this.act(received);
      this.post({ type: "response", id, ok: true });
    } catch (error) {
      this.post({ type: "response", id, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param remembered by a page that was there before the window was reloaded */
  private async begin(remembered: UnitTrail | null): Promise<void> {
    this.ready = true;
    if (this.trail || this.unreadable !== null) return this.send();
    if (!remembered) return;
    try {
      await this.find(remembered.here);
      this.go(remembered);
    } catch (error) {
      // so that it can be tried again
      this.trail ??= remembered;
      this.fail(error);
    }
  }

  private async act(request: UnitRequest): Promise<void> {
    if (request.action === "openUnit") return this.show(request);
    if (request.action === "revealKey") return revealKey(await this.run(), request.key);
    return this.actions[request.action]();
  }

  private readonly actions: Record<UnitAction, () => Promise<void> | void> = {
    back: () => {
      if (this.trail) this.go(goBack(this.trail));
    },
    ahead: () => {
      if (this.trail) this.go(goAhead(this.trail));
    },
    previous: () => this.step(-1),
    next: () => this.step(1),
    nextDead: async () => {
      this.dead = await deadUnitsOf(this.folder, await this.readRecord());
      const next = this.trail && nextDead(this.trail.here, this.dead?.layers ?? []);
      if (!next) throw new Error(vscode.l10n.t("No other unit of this run is dead."));
      await this.show(next);
    },
    // these two, of a run that is gone, say so: what is shown stays
    openDashboard: async () => {
      await this.readRecord();
      void vscode.commands.executeCommand("rectiscope.openRun", this.folder);
    },
    openConfig: async () => openConfigOf(await this.run()),
    refresh: async () => {
      await this.readRecord();
      void this.compute();
    },
    cancel: () => this.reporting?.cancel(),
  };

  private async step(by: number): Promise<void> {
    if (!this.trail) return;
    const { layer, unit } = this.trail.here;
    await this.show({ layer, unit: Math.max(0, unit + by) });
  }

  private async run() {
    return { folder: this.folder, record: await this.readRecord() };
  }

  /** What is known of the run now. */
  private async readRecord(): Promise<RunRecord> {
    this.record = this.manager.model(this.folder)?.record ?? (await readRecord(this.folder));
    return this.record;
  }

  /** @param how quietly: what is shown stays until there is something newer */
  private async compute(how = { quiet: false }): Promise<void> {
    this.reporting?.cancel();
    this.reporting = null;
    this.due = false;
    const { trail } = this;
    if (!trail) return;
    this.asked += 1;
    const { asked: turn } = this;
    const quiet = how.quiet && this.report !== null && this.work.state === "done";
    if (!quiet) this.setWork({ state: "computing", progress: null });
    try {
      const record = await this.readRecord();
      this.dead = await deadUnitsOf(this.folder, record);
      if (turn !== this.asked || this.disposables.disposed) return;
      this.unreadable = null;
      this.send();
      const listener = {
        partial: (report: UnitReport) => {
          if (!quiet && this.reporting === reporting) this.setReport(report);
        },
        progress: (progress: UnitProgress) => {
          if (quiet || this.reporting !== reporting) return;
          this.work = { state: "computing", progress };
          this.tellProgress.ensure();
        },
      };
      const reporting: UnitReporting = this.reporter.start(trail.here, listener);
      this.reporting = reporting;
      const outcome = await reporting.ended;
      if (this.reporting !== reporting) return;
      this.reporting = null;
      this.tellProgress.cancel();
      this.work = outcome.state === "done" ? { state: "done" } : outcome;
      if (outcome.state === "done") this.report = outcome.report;
      this.send();
      if (this.disposables.disposed) return;
      if (this.due && this.panel.visible) this.refresh.ensure();
      this.followElsewhere();
    } catch (error) {
      if (turn === this.asked) this.fail(error);
    }
  }

  /** The run has been evaluated, or has ended. */
  private outdate(): void {
    this.due = true;
    if (this.ready && this.panel.visible && !this.reporting && this.trail) this.refresh.ensure();
  }

  private followElsewhere(): void {
    const elsewhere = this.record && isLive(this.record.state) && !this.manager.model(this.folder);
    if (elsewhere && this.panel.visible) this.follow.ensure();
  }

  private async lookElsewhere(): Promise<void> {
    if (!this.panel.visible) return;
    const before = this.record?.state;
    let record: RunRecord;
    try {
      record = await this.readRecord();
    } catch {
      // its folder is gone: what is shown stays, and there is nothing to follow
      return;
    }
    const measured = await lastMeasuredStep(this.folder);
    if (this.disposables.disposed) return;
    if (record.state !== before || measured !== (this.dead?.step ?? null)) this.outdate();
    this.followElsewhere();
  }

  private viewStateChanged(): void {
    const { visible } = this.panel;
    if (visible === this.wasVisible) return;
    this.wasVisible = visible;
    // a page that was hidden is loaded anew, and says so when it listens
    if (!visible) this.ready = false;
    else if (this.due) this.refresh.ensure();
    this.followElsewhere();
  }

  private setReport(report: UnitReport): void {
    this.report = report;
    this.send();
  }

  private setWork(work: UnitWork): void {
    this.work = work;
    this.send();
  }

  private fail(error: unknown): void {
    this.unreadable = error instanceof Error ? error.message : String(error);
    this.send();
  }

  private head(trail: UnitTrail): UnitHead {
    const { record, dead, folder } = this;
    return {
      folder,
      name: record?.name ?? "",
      trail,
      units: record?.layers[trail.here.layer - 1]?.units ?? 0,
      dead: dead ? dead.layers.reduce((sum, units) => sum + units.length, 0) : null,
      config: (record?.configFile ?? null) !== null,
    };
  }

  private send(): void {
    const { trail, report, work, unreadable, folder } = this;
    if (unreadable !== null) this.post({ type: "unreadable", folder, message: unreadable });
    else if (trail) this.post({ type: "unit", head: this.head(trail), report, work });
  }

  private sendWork(): void {
    if (this.unreadable === null) this.post({ type: "work", work: this.work });
  }

  private post(message: ToUnitPage): void {
    if (this.disposables.disposed || !this.ready || !this.panel.visible) return;
    void this.panel.webview.postMessage(message);
  }
}
