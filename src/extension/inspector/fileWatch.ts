/** Whether a file is still what it was, wherever it lies. */
import { type StatsListener, unwatchFile, watchFile } from "node:fs";
import type { Disposable } from "../disposables.js";

/** A look at the file costs little: it works on network drives too, and outside of the workspace. */
const lookMs = 1_000;

export type FileChange = "changed" | "deleted";

export function watchModelFile(file: string, changed: (what: FileChange) => void): Disposable {
  const listener: StatsListener = (now, before) => {
    if (now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino) return;
    changed(now.nlink === 0 ? "deleted" : "changed");
  };
  watchFile(file, { interval: lookMs, persistent: false }, listener);
  return { dispose: () => unwatchFile(file, listener) };
}
