/** What activate() builds once, and hands to whatever needs more than two of them. */

import type * as vscode from "vscode";
import type { ClaimsChecks } from "./claims/claimsChecks.js";
import type { DatasetIndex } from "./datasets/datasetIndex.js";
import type { DatasetPanels } from "./datasets/datasetPanel.js";
import type { ExperimentIndex } from "./experiments/experimentIndex.js";
import type { FolderPanels } from "./folderPanels.js";
import type { Inspectors } from "./inspector/inspectors.js";
import type { Log } from "./log.js";
import type { Launcher } from "./runs/launcher.js";
import type { RunIndex } from "./runs/runIndex.js";
import type { RunManager } from "./runs/runManager.js";
import type { RunSizes } from "./runs/runSizes.js";
import type { Settings } from "./settings.js";
import type { SweepIndex } from "./sweeps/sweepIndex.js";
import type { SweepLauncher } from "./sweeps/sweepLauncher.js";
import type { SweepManager } from "./sweeps/sweepManager.js";
import type { UnitCurvesPanel } from "./units/unitCurvesPanel.js";
import type { UnitPanel } from "./units/unitPanel.js";

export interface Parts {
  /** The extension's own folder. */
  extension: vscode.Uri;
  extensionVersion: string;
  /** Folder in which downloaded data sets are stored, each in one of its own. */
  dataSets: string;
  log: Log;
  settings: Settings;
  manager: RunManager;
  experiments: ExperimentIndex;
  runs: RunIndex;
  dashboards: FolderPanels;
  unitPages: FolderPanels<UnitPanel>;
  claims: ClaimsChecks;
  launcher: Launcher;
  sizes: RunSizes;
  sweeps: SweepIndex;
  sweepManager: SweepManager;
  sweepLauncher: SweepLauncher;
  sweepPages: FolderPanels;
  inspectors: Inspectors;
  datasets: DatasetIndex;
  datasetPages: DatasetPanels;
  unitCurves: UnitCurvesPanel;
  activationMs(): number;
  longestBlockMs(): number;
}
