/** Whether the process that writes a run is still there. */
import { isGone, type LockOwner, readLockOwner } from "../../engine/lockFile.js";
import { lockFileOf } from "../../engine/runs/runLock.js";

/** Null when nobody writes the run, or its program keeps no lock. */
export function runOwner(folder: string): LockOwner | null {
  return readLockOwner(lockFileOf(folder));
}

/** True when the process is known not to exist any more. */
export function isOwnerGone(folder: string): boolean {
  return isGone(runOwner(folder));
}
