/** One writer a run folder: a lock file that says who, kept fresh by its owner's heartbeat. */
import fs from "node:fs";
import os from "node:os";
import { heartbeatStaleMs } from "../../common/run.js";
import { type LockOwner, lockFileOf, readLockOwner, thisProcess } from "./lockFile.js";
import { RunFolderError } from "./runFolder.js";

export class RunLock {
  private constructor(private readonly file: string) {}

  /** @throws RunFolderError `locked` while another process writes the run */
  static take(folder: string): RunLock {
    const file = lockFileOf(folder);
    for (let attempt = 0; ; attempt++) {
      try {
        fs.writeFileSync(file, JSON.stringify(thisProcess()), { flag: "wx" });
        return new RunLock(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        if (attempt > 2 || !isAbandoned(file))
          throw new RunFolderError(
            `The run ${folder} is being written by another process${describe(readLockOwner(file))}. Stop it there first.`,
            { code: "locked", file },
          );
        discard(file);
      }
    }
  }

  /** Says that the owner is alive. */
  beat(): void {
    const now = new Date();
    fs.utimesSync(this.file, now, now);
  }

  release(): void {
    fs.rmSync(this.file, { force: true });
  }
}

/** Of a process that is gone, or has been silent for too long. */
function isAbandoned(file: string): boolean {
  const owner = readLockOwner(file);
  if (owner && owner.host === os.hostname() && !isAlive(owner.pid)) return true;
  const silent = Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return silent > heartbeatStaleMs;
}

/** Of several who find a lock abandoned only one gets to take it away: a rename succeeds once. */
function discard(file: string): void {
  const aside = `${file}.${process.pid}.${Date.now()}`;
  try {
    fs.renameSync(file, aside);
    fs.rmSync(aside, { force: true });
  } catch {
    // another was faster
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function describe(owner: LockOwner | null): string {
  return owner ? ` (process ${owner.pid} on ${owner.host})` : "";
}
