/** The file that says which process writes a run. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export interface LockOwner {
  pid: number;
  host: string;
}

export function lockFileOf(folder: string): string {
  return path.join(folder, "lock");
}

export function thisProcess(): LockOwner {
  return { pid: process.pid, host: os.hostname() };
}

/** Null when there is no lock, or none that can be read. */
export function readLockOwner(file: string): LockOwner | null {
  try {
    const owner = JSON.parse(fs.readFileSync(file, "utf8"));
    return typeof owner?.pid === "number" && typeof owner?.host === "string" ? owner : null;
  } catch {
    return null;
  }
}

/** Takes away the lock that a dead worker of this process left. */
export function removeOwnLock(folder: string): void {
  const file = lockFileOf(folder);
  const owner = readLockOwner(file);
  const { pid, host } = thisProcess();
  if (owner?.pid === pid && owner.host === host) fs.rmSync(file, { force: true });
}
