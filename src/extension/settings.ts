/** The settings as observable values: read when asked for, so that a change counts without a reload. */
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import type { ProblemThresholds } from "./language/layerFindings.js";

const section = "rectiscope";
const mostConcurrent = 16;

export class Setting<T> implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<T>();
  private readonly listener: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly key: string,
    private readonly read: (value: unknown) => T,
  ) {
    this.listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.${key}`)) this.changed.fire(this.value);
    });
  }

  get value(): T {
    return this.read(vscode.workspace.getConfiguration(section).get(this.key));
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }
}

export interface Settings {
  /** Absolute folders that are searched for data sets. */
  dataFolders: Setting<string[]>;
  codeLens: Setting<boolean>;
  inlineFigures: Setting<boolean>;
  problems: Setting<ProblemThresholds>;
  /** How many runs go on at once, at least 1. */
  concurrentRuns: Setting<number>;
  /** Absolute folder where tfjs-node is installed; undefined for the usual one. */
  tensorflowFolder: Setting<string | undefined>;
}

export function createSettings(): Settings {
  return {
    dataFolders: new Setting("dataFolders", (value) =>
      Array.isArray(value) ? value.filter((entry) => typeof entry === "string" && entry !== "").map(absolute) : [],
    ),
    codeLens: new Setting("codeLens.enabled", (value) => value !== false),
    inlineFigures: new Setting("inlineFigures.enabled", (value) => value !== false),
    problems: new Setting("problems", (value) => {
      const { deadShare, dormantShare, alwaysOnShare, sparsity } = (value ?? {}) as Record<string, unknown>;
      return {
        dead: share(deadShare),
        dormant: share(dormantShare),
        alwaysOn: share(alwaysOnShare),
        sparsity: share(sparsity),
      };
    }),
    concurrentRuns: new Setting("concurrentRuns", (value) =>
      Number.isInteger(value) ? Math.min(mostConcurrent, Math.max(1, value as number)) : halfOfTheCores(),
    ),
    tensorflowFolder: new Setting("tensorflow.folder", (value) =>
      typeof value === "string" && value.trim() !== "" ? absolute(value.trim()) : undefined,
    ),
  };
}

/** What is no share is taken for 0. */
function share(value: unknown): number {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : 0;
}

function halfOfTheCores(): number {
  return Math.min(mostConcurrent, Math.max(1, Math.floor(os.availableParallelism() / 2)));
}

/** `~` is the home folder; a relative path starts at the first workspace folder. */
function absolute(folder: string): string {
  if (folder === "~" || folder.startsWith("~/") || folder.startsWith("~\\"))
    return path.join(os.homedir(), folder.slice(1));
  return path.resolve(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir(), folder);
}
