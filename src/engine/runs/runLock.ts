/** One writer a run folder. */
import fs from "node:fs";
import path from "node:path";
import { heartbeatStaleMs } from "../../common/run.js";
import { isThisProcess, LockFile, readLockOwner } from "../lockFile.js";
import { RunFolderError } from "./runFolderError.js";

export function lockFileOf(folder: string): string {
  return path.join(folder, "lock");
}

/** @throws RunFolderError `locked` while another process writes the run */
export function takeRunLock(folder: string): LockFile {
  return takeFolderLock(lockFileOf(folder), `The run ${folder} is being written`);
}

/** @param busy what another process does that holds the lock, as a sentence begins */
export function takeFolderLock(file: string, busy: string): LockFile {
  return LockFile.take(file, {
    staleMs: heartbeatStaleMs,
    refused: (owner) => {
      const who = owner ? ` (process ${owner.pid} on ${owner.host})` : "";
      return new RunFolderError(`${busy} by another process${who}. Stop it there first.`, { code: "locked", file });
    },
  });
}

/** Takes away the lock that a dead worker of this process left. */
export function removeOwnLock(folder: string): void {
  const file = lockFileOf(folder);
  if (isThisProcess(readLockOwner(file))) fs.rmSync(file, { force: true });
}
