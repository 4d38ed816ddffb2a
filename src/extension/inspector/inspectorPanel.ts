/**
 * One inspector: a page, and the thread that reads for it. The thread keeps what it found; this passes messages on while the page is
 * visible, and asks for everything anew when it comes back.
 */
import path from "node:path";
import * as vscode from "vscode";
import type { InspectorRequest, ToInspectorPage } from "../../common/inspectorMessages.js";
import { dashboardHtml } from "../dashboard/dashboardHtml.js";
import { Disposables } from "../disposables.js";
import type { ExperimentIndex } from "../experiments/experimentIndex.js";
import { type FileChange, watchModelFile } from "./fileWatch.js";
import { receivedFromInspectorPage } from "./inspectorMessage.js";
import { InspectorThread } from "./inspectorThread.js";
import { ModelProbe } from "./modelProbe.js";
import { configOfCheckpoint, probeChoices } from "./probeChoices.js";

/** What an inspector needs of the extension. */
export interface InspectorServices {
  /** The extension's own folder. */
  extension: vscode.Uri;
  /** Folder with inspector.js and probe.js. */
  assets: string;
  /** What probes take their data from. */
  experiments: ExperimentIndex;
  /** Absolute folders that are searched for data sets. */
  dataFolders(): string[];
  log: { error(error: unknown): void; show(): void };
  /** Asks for another file, and shows both side by side. */
  compareWith(file: string): Promise<unknown>;
}

export class InspectorPanel implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private thread: InspectorThread | undefined;
  private listening = false;
  /** By file: what happened to it since it was read. */
  private readonly changes = new Map<string, FileChange>();
  /** Of the thread itself, which cannot tell of it any more. */
  private crash: Extract<ToInspectorPage, { type: "failed" }> | undefined;
  /** There may be something else to say of a file once it changes. */
  private failed = false;
  private readonly probe: ModelProbe;
  /** Experiments that a person named for probes, beside those of the workspace. */
  private readonly named = new Set<string>();
  /** What the page was offered: nothing else is probed with. */
  private offered = new Set<string>();
  private suggested: string | null = null;

  /** @param files one, or two to compare; absolute */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly files: readonly string[],
    private readonly services: InspectorServices,
  ) {
    const { webview } = panel;
    const pages = vscode.Uri.joinPath(services.extension, "dist", "webview");
    this.disposables.add(webview.onDidReceiveMessage((message) => void this.receive(message)));
    this.disposables.add(panel.onDidChangeViewState(() => this.viewStateChanged()));
    this.disposables.add(panel.onDidDispose(() => this.dispose()));
    this.disposables.add({ dispose: () => this.thread?.dispose() });
    const { assets, dataFolders } = services;
    this.probe = this.disposables.add(
      new ModelProbe(files[0] as string, assets, dataFolders, (probe) => {
        if (probe?.state === "failed" && !probe.failure.input) services.log.error(probe.failure.message);
        this.send({ type: "probe", probe });
      }),
    );
    for (const file of files) this.disposables.add(watchModelFile(file, (what) => this.changed(file, what)));
    this.start();
    webview.options = { enableScripts: true, localResourceRoots: [pages] };
    webview.html = dashboardHtml(webview, pages, "inspector", vscode.l10n.t("Reading the model…"));
  }

  onDidDispose(listener: () => void): void {
    this.disposables.add({ dispose: listener });
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    if (this.disposables.disposed) return;
    this.disposables.dispose();
    this.panel.dispose();
  }

  private start(): void {
    this.thread?.dispose();
    this.probe.forget();
    this.changes.clear();
    this.crash = undefined;
    this.failed = false;
    this.thread = new InspectorThread(
      this.services.assets,
      { files: this.files },
      (message) => {
        this.failed ||= message.type === "failed";
        this.send(message);
      },
      (error) => this.crashed(error),
    );
    if (this.listening) this.thread.post({ type: "show" });
  }

  private crashed(error: Error & { code?: string }): void {
    this.services.log.error(error);
    const outOfMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    const message = outOfMemory
      ? vscode.l10n.t("Reading it took more memory than the inspector may have. Split the model into several files.")
      : vscode.l10n.t("Reading it ended unexpectedly: {0}", error.message);
    const code = outOfMemory ? "outOfMemory" : "crashed";
    this.crash = { type: "failed", error: { code, file: this.files[0] as string, message } };
    this.hydrate();
  }

  /** A page that is hidden is gone: it asks anew when it is shown. */
  private viewStateChanged(): void {
    if (this.panel.visible || !this.listening) return;
    this.listening = false;
    this.thread?.post({ type: "hide" });
  }

  private hydrate(): void {
    if (!this.listening) return;
    if (this.crash) {
      this.send({ type: "begin", files: this.files });
      this.send(this.crash);
    } else this.thread?.post({ type: "show" });
    for (const [file, what] of this.changes) this.send({ type: "onDisk", file, what });
    if (this.probe.state) this.send({ type: "probe", probe: this.probe.state });
  }

  private changed(file: string, what: FileChange): void {
    if (this.failed && what === "changed") {
      this.start();
      return;
    }
    this.changes.set(file, what);
    this.send({ type: "onDisk", file, what });
  }

  private async receive(message: unknown): Promise<void> {
    const received = receivedFromInspectorPage(message);
    if (received?.type === "ready") {
      this.listening = true;
      return this.hydrate();
    }
    if (!received) return;
    const { id } = received;
    try {
      if (received.type === "unknownRequest")
        throw new Error(vscode.l10n.t("This version of Rectiscope does not know that action."));
      await this.answer(received);
      this.send({ type: "response", id, ok: true });
    } catch (error) {
      this.send({ type: "response", id, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async answer(request: InspectorRequest): Promise<void> {
    const [file] = this.files as [string];
    switch (request.action) {
      case "cancel":
      case "goOn":
        return this.thread?.post({ type: request.action });
      case "reload":
        return this.start();
      case "compareWith":
        await this.services.compareWith(file);
        return;
      case "copyPath":
        return vscode.env.clipboard.writeText(file);
      case "showLog":
        return this.services.log.show();
      case "listExperiments":
        this.suggested ??= await this.trainedBy(file);
        return this.offerExperiments();
      case "browseExperiment":
        return this.browseExperiment();
      case "probe": {
        const { config, set, n } = request;
        if (!this.offered.has(config))
          throw new Error(vscode.l10n.t("{0} is not among the experiments here any more: choose it again.", config));
        return this.probe.start({ config, set, n });
      }
      case "cancelProbe":
        return this.probe.cancel();
      case "export": {
        const { name, dir } = path.parse(file);
        const suggested = vscode.Uri.file(path.join(dir, `${name}.tensors.${request.kind}`));
        const target = await vscode.window.showSaveDialog({
          defaultUri: suggested,
          filters: { [request.kind.toUpperCase()]: [request.kind] },
        });
        if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(request.text));
      }
    }
  }

  private async trainedBy(model: string): Promise<string | null> {
    const config = await configOfCheckpoint(model);
    if (config !== null) this.named.add(config);
    return config;
  }

  private async offerExperiments(): Promise<void> {
    const { experiments: index, extension } = this.services;
    const packed = vscode.Uri.joinPath(extension, "examples").fsPath;
    const experiments = await probeChoices(index, packed, this.named);
    this.offered = new Set(experiments.map(({ file }) => file));
    const { suggested } = this;
    this.send({ type: "probeChoices", choices: { experiments, suggested, trusted: vscode.workspace.isTrusted } });
  }

  private async browseExperiment(): Promise<void> {
    const title = vscode.l10n.t("Experiment whose data runs through the model");
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title,
        openLabel: vscode.l10n.t("Choose"),
        filters: { [vscode.l10n.t("Experiments")]: ["rectiscope.json"], [vscode.l10n.t("All files")]: ["*"] },
      })) ?? [];
    if (chosen?.scheme !== "file") return;
    this.named.add(chosen.fsPath);
    this.suggested = chosen.fsPath;
    await this.offerExperiments();
  }

  private send(message: ToInspectorPage): void {
    if (!this.disposables.disposed && this.listening) void this.panel.webview.postMessage(message);
  }
}
