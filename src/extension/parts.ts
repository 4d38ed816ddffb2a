/** What activate() builds once, and hands to whatever needs more than two of them. */
import type * as vscode from "vscode";
import type { Dashboards } from "./dashboard/dashboards.js";
import type { ExperimentIndex } from "./experiments/experimentIndex.js";
import type { Launcher } from "./runs/launcher.js";
import type { RunIndex } from "./runs/runIndex.js";
import type { RunManager } from "./runs/runManager.js";

export interface Parts {
  /** The extension's own folder. */
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  manager: RunManager;
  experiments: ExperimentIndex;
  runs: RunIndex;
  dashboards: Dashboards;
  launcher: Launcher;
}
