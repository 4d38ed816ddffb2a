/** Whether the process that writes a run is still there. */
import os from "node:os";
import { type LockOwner, lockFileOf, readLockOwner } from "../../engine/runs/lockFile.js";

/** Null when nobody writes the run, or its program keeps no lock. */
export function runOwner(folder: string): LockOwner | null {
  return readLockOwner(lockFileOf(folder));
}

/** True when the process is known not to exist any more. */
export function isOwnerGone(folder: string): boolean {
  const owner = runOwner(folder);
  return owner !== null && owner.host === os.hostname() && !isAlive(owner.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
