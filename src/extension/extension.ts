/** The extension's entry: activate() registers and starts nothing; workers, parsers and listings start on first use. */

import path from "node:path";
import * as vscode from "vscode";
import { userDataFolder } from "../engine/data/downloadFolder.js";
import { loadStarted } from "./activationClock.js";
import type { RectiscopeApi } from "./api.js";
import { Blocking } from "./blocking.js";
import { ClaimsChecks } from "./claims/claimsChecks.js";
import { registerCommands } from "./commands/commands.js";
import { createAnswers } from "./dashboard/dashboardAnswers.js";
import { DashboardPanel } from "./dashboard/dashboardPanel.js";
import { DatasetIndex } from "./datasets/datasetIndex.js";
import { DatasetPanels } from "./datasets/datasetPanel.js";
import { DatasetSummaries } from "./datasets/datasetSummaries.js";
import { ExperimentIndex } from "./experiments/experimentIndex.js";
import { FolderPanels } from "./folderPanels.js";
import { Inspectors } from "./inspector/inspectors.js";
import { DatasetHover } from "./language/datasetHover.js";
import { Diagnostics } from "./language/diagnostics.js";
import { QuickFixes } from "./language/quickFixes.js";
import { RunLens } from "./language/runLens.js";
import { SweepLens } from "./language/sweepLens.js";
import { Log } from "./log.js";
import { InterruptedNotice } from "./runs/interruptedNotice.js";
import { Launcher } from "./runs/launcher.js";
import { RunIndex } from "./runs/runIndex.js";
import { RunManager } from "./runs/runManager.js";
import { RunSizes } from "./runs/runSizes.js";
import { createSettings } from "./settings.js";
import { InterruptedSweeps } from "./sweeps/interruptedSweeps.js";
import { createSweepAnswers } from "./sweeps/sweepAnswers.js";
import { SweepEstimates } from "./sweeps/sweepEstimates.js";
import { SweepIndex } from "./sweeps/sweepIndex.js";
import { SweepLauncher } from "./sweeps/sweepLauncher.js";
import { SweepManager } from "./sweeps/sweepManager.js";
import { SweepPanel } from "./sweeps/sweepPanel.js";
import { UnitCurvesPanel } from "./units/unitCurvesPanel.js";
import { UnitPanel } from "./units/unitPanel.js";
import { DatasetsView } from "./views/datasetsView.js";
import { ExperimentsView } from "./views/experimentsView.js";
import { RunsView } from "./views/runsView.js";
import { StatusBar } from "./views/statusBar.js";
import { SweepStatus } from "./views/sweepStatus.js";

/** VS Code gives an extension five seconds to say goodbye. */
const farewellMs = 4_000;
const loadMs = performance.now() - loadStarted;
let manager: RunManager | undefined;
let sweepManager: SweepManager | undefined;

export function activate(context: vscode.ExtensionContext): RectiscopeApi {
  const channel = vscode.window.createOutputChannel("Rectiscope", { log: true });
  context.subscriptions.push(channel);
  const log = new Log(channel);
  try {
    return start(context, log);
  } catch (error) {
    log.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    const showLog = vscode.l10n.t("Show Log");
    void vscode.window
      .showErrorMessage(vscode.l10n.t("Rectiscope could not start: {0}", reason), showLog)
      .then((chosen) => chosen === showLog && log.show());
    throw error;
  }
}

export async function deactivate(): Promise<void> {
  await Promise.all([manager?.leave(farewellMs), sweepManager?.leave(farewellMs)]);
}

function start(context: vscode.ExtensionContext, log: Log): RectiscopeApi {
  const started = performance.now();
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const { version } = context.extension.packageJSON as { version: string };
  const settings = createSettings();
  for (const setting of Object.values(settings)) own(setting);

  const dataSets = path.join(context.globalStorageUri.fsPath, "data-sets");
  const assets = context.asAbsolutePath("dist");
  const dataFolders = () => [...settings.dataFolders.value, dataSets, userDataFolder()];
  const tensorflowFolder = () => settings.tensorflowFolder.value;
  const concurrentRuns = () => settings.concurrentRuns.value;
  const runManager = own(new RunManager(assets, version, dataFolders, tensorflowFolder, concurrentRuns, log));
  manager = runManager;
  own(settings.concurrentRuns.onDidChange(() => runManager.fill()));
  const blocking = own(new Blocking());
  own(runManager.onWillStart(() => blocking.start()));
  const experiments = own(new ExperimentIndex());
  const runs = own(new RunIndex(experiments, runManager));
  const claims = own(new ClaimsChecks(assets, version, dataFolders, log));
  const answers = createAnswers(runManager, claims, assets);
  const dashboards = own(
    new FolderPanels(
      "rectiscope.dashboard",
      (panel, folder) => new DashboardPanel(panel, folder, runManager, claims, answers, context.extensionUri),
    ),
  );
  const unitPages = own(
    new FolderPanels(
      "rectiscope.unit",
      (panel, folder) => new UnitPanel(panel, folder, runManager, assets, dataFolders, context.extensionUri),
    ),
  );
  const launcher = own(new Launcher(runManager, dashboards));
  const sizes = new RunSizes();
  const sweepProcesses = own(new SweepManager(assets, version, dataFolders, tensorflowFolder, log));
  sweepManager = sweepProcesses;
  const sweeps = own(new SweepIndex(experiments, sweepProcesses));
  const sweepAnswers = createSweepAnswers(sweepProcesses);
  const sweepPages = own(
    new FolderPanels(
      "rectiscope.sweep",
      (panel, folder) => new SweepPanel(panel, folder, sweepProcesses, sweepAnswers, context.extensionUri),
    ),
  );
  const sweepLauncher = own(new SweepLauncher(sweepProcesses, sweepPages));
  const inspectors = own(
    new Inspectors({
      extension: context.extensionUri,
      assets,
      log,
      experiments,
      dataFolders,
      compareWith: (file) => Promise.resolve(vscode.commands.executeCommand("rectiscope.compareModels", file)),
    }),
  );
  const datasets = own(new DatasetIndex(experiments, dataFolders, assets, settings.dataFolders.onDidChange));
  const summaries = new DatasetSummaries(datasets, assets);
  const datasetPages = own(new DatasetPanels(datasets, summaries, context.extensionUri));
  const unitCurves = own(new UnitCurvesPanel(context.extensionUri));
  let activationMs = 0;
  own(
    registerCommands({
      extension: context.extensionUri,
      extensionVersion: version,
      dataSets,
      log,
      settings,
      manager: runManager,
      experiments,
      runs,
      dashboards,
      unitPages,
      claims,
      launcher,
      sizes,
      sweeps,
      sweepManager: sweepProcesses,
      sweepLauncher,
      sweepPages,
      inspectors,
      datasets,
      datasetPages,
      unitCurves,
      activationMs: () => activationMs,
      longestBlockMs: () => blocking.longest(),
    }),
  );
  own(new ExperimentsView(experiments));
  own(new RunsView(runs, runManager, sizes, sweeps, sweepProcesses));
  own(new DatasetsView(datasets));
  own(new StatusBar(runManager));
  own(new SweepStatus(sweepProcesses));
  const diagnostics = own(new Diagnostics());
  own(new DatasetHover(datasets, summaries));
  own(new QuickFixes(diagnostics));
  own(new RunLens(runs, runManager, settings.codeLens));
  const estimates = own(new SweepEstimates(runs, sweeps, sweepProcesses));
  own(new SweepLens(sweeps, sweepProcesses, estimates, settings.codeLens));

  own(new InterruptedSweeps(context.workspaceState, sweepProcesses));
  own(new InterruptedNotice(context.workspaceState, runManager, runs, log));

  activationMs = loadMs + performance.now() - started;
  log.info(`Rectiscope ${version} activated in ${activationMs.toFixed(1)} ms`);
  return {
    activationMs,
    longestBlockMs: () => blocking.longest(),
    runs: () => runManager.session,
    whenEnded: (folder) => runManager.whenEnded(folder),
  };
}
