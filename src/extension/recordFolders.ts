/** Where the workspace keeps its runs or its sweeps, and word of what changes there. */
import path from "node:path";
import * as vscode from "vscode";
import { Disposables } from "./disposables.js";
import type { ExperimentIndex } from "./experiments/experimentIndex.js";

/** How often what goes on elsewhere is asked whether it still does: a process that is gone announces nothing. */
export const silenceMs = 5_000;

/** The folders beside each of `files`, and at each root of the workspace. */
export function foldersBeside(beside: (file: string) => string, files: readonly string[]): Set<string> {
  const roots = vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === "file") ?? [];
  return new Set([...roots.map(({ uri }) => path.join(uri.fsPath, "any")), ...files].map(beside));
}

/** @param changed told the folder in which something changed; null when it may be any */
export function watchRecords(
  kind: "runs" | "sweeps",
  record: string,
  experiments: ExperimentIndex,
  changed: (folder: string | null) => void,
): vscode.Disposable {
  const disposables = new Disposables();
  // the record itself, and the folders above it: deleting one of those announces no file within
  const folder = `.rectiscope/${kind}`;
  const pattern = `**/{.rectiscope,${folder},${folder}/*,${folder}/*/${record}}`;
  const watcher = disposables.add(vscode.workspace.createFileSystemWatcher(pattern));
  for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
    disposables.add(event((uri) => changed(path.dirname(uri.fsPath))));
  disposables.add(experiments.onDidChange(() => changed(null)));
  return disposables;
}
