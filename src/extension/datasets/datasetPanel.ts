/** The pages of data sets, one for each; each is told anew whenever it becomes visible and the data sets have changed. */
import * as vscode from "vscode";
import type { DatasetAction, DatasetHead, ToDatasetPage } from "../../common/datasetPage.js";
import { isKnownDataset, knownDatasets } from "../../common/knownDatasets.js";
import { downloadSources, isDownloadable } from "../../engine/data/sources.js";
import { downloadLabel } from "../commands/downloadOffer.js";
import { revealFolder } from "../commands/revealFolder.js";
import { dashboardHtml } from "../dashboard/dashboardHtml.js";
import { Disposables } from "../disposables.js";
import { uiLanguage } from "../uiLanguage.js";
import type { DatasetIndex, ListedDataset } from "./datasetIndex.js";
import { receivedFromDatasetPage } from "./datasetMessage.js";
import type { DatasetSummaries } from "./datasetSummaries.js";

export class DatasetPanels implements vscode.Disposable {
  private readonly panels = new Map<string, DatasetPanel>();

  constructor(
    private readonly index: DatasetIndex,
    private readonly summaries: DatasetSummaries,
    private readonly extension: vscode.Uri,
  ) {}

  open({ key, title }: ListedDataset): void {
    const open = this.panels.get(key);
    if (open) {
      open.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel("rectiscope.dataset", title, column, { enableFindWidget: true });
    const page = new DatasetPanel(panel, key, this.index, this.summaries, this.extension);
    this.panels.set(key, page);
    panel.onDidDispose(() => {
      this.panels.delete(key);
      page.dispose();
    });
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.close();
  }
}

class DatasetPanel implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private listed: ListedDataset | undefined;
  private ready = false;
  /** The data sets have changed since the page was told. */
  private due = true;
  /** Of the last time of telling: an earlier one that takes longer does not count. */
  private turn = 0;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly key: string,
    private readonly index: DatasetIndex,
    private readonly summaries: DatasetSummaries,
    extension: vscode.Uri,
  ) {
    const files = vscode.Uri.joinPath(extension, "dist", "webview");
    const icon = (theme: string) => vscode.Uri.joinPath(extension, "media", `dataset-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    this.disposables.add(panel.webview.onDidReceiveMessage((message) => void this.receive(message)));
    this.disposables.add(panel.onDidChangeViewState(() => void this.tell()));
    this.disposables.add(
      index.onDidChange(() => {
        this.due = true;
        void this.tell();
      }),
    );
    panel.webview.options = { enableScripts: true, localResourceRoots: [files] };
    panel.webview.html = dashboardHtml(panel.webview, files, "dataset", vscode.l10n.t("Reading the data set…"));
  }

  reveal(): void {
    this.panel.reveal();
  }

  close(): void {
    this.panel.dispose();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async receive(message: unknown): Promise<void> {
    const received = receivedFromDatasetPage(message);
    if (received?.type === "ready") {
      this.ready = true;
      this.due = true;
      return this.tell();
    }
    if (!received) return;
    const { id } = received;
    try {
      if (received.type === "unknownRequest")
        throw new Error(vscode.l10n.t("This version of Rectiscope does not know that action."));
      await this.act(received.action);
      this.send({ type: "response", id, ok: true });
    } catch (error) {
      this.send({ type: "response", id, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async act(action: DatasetAction): Promise<void> {
    if (!this.listed) throw new Error(vscode.l10n.t("This data set is no longer described by any experiment."));
    const { dataset, config, folder } = this.listed;
    if (action === "refresh") this.index.refresh();
    else if (action === "download") await vscode.commands.executeCommand("rectiscope.downloadDataset", dataset.name);
    else if (action === "openConfig" && config !== null)
      await vscode.window.showTextDocument(vscode.Uri.file(config), { viewColumn: vscode.ViewColumn.Beside });
    else if (action === "train" && config !== null) await vscode.commands.executeCommand("rectiscope.train", config);
    else if (folder !== null && action === "revealFolder") await revealFolder(folder);
    else if (folder !== null && action === "copyPath") await vscode.env.clipboard.writeText(folder);
  }

  private async tell(): Promise<void> {
    if (!this.ready || !this.due || !this.panel.visible) return;
    this.due = false;
    const turn = ++this.turn;
    const listed = await this.index.find(this.key);
    if (turn !== this.turn || this.disposables.disposed) return;
    if (listed) this.listed = listed;
    const { listed: last } = this;
    if (!last) return;
    const head = headOf(last);
    this.panel.title = head.title;
    if (!listed)
      return this.send({
        type: "missing",
        head,
        message: vscode.l10n.t("This data set is no longer described by any experiment."),
      });
    if (listed.folder === null) return this.send({ type: "missing", head, message: listed.missing });
    const reading = setTimeout(() => this.send({ type: "reading", head }), 300);
    try {
      const summary = await this.summaries.of(listed);
      if (turn === this.turn) this.send({ type: "dataset", head, summary });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (turn === this.turn) this.send({ type: "failed", head, message });
    } finally {
      clearTimeout(reading);
    }
  }

  private send(message: ToDatasetPage): void {
    if (!this.disposables.disposed) void this.panel.webview.postMessage(message);
  }
}

function headOf({ title, dataset, config, folder }: ListedDataset): DatasetHead {
  const { name } = dataset;
  const known = isKnownDataset(name) && config === null ? knownDatasets[name] : null;
  const offered = known && folder === null && isDownloadable(name);
  return {
    title,
    name,
    licence: known?.licence ?? null,
    about: known?.about ?? null,
    config: config === null ? null : vscode.workspace.asRelativePath(config),
    download: offered ? downloadLabel(downloadSources[name], uiLanguage) : null,
  };
}
