/** A file that says which process writes something, so that no second one does. Its owner keeps it fresh; one left behind is taken over. */
import fs from "node:fs";
import os from "node:os";

export interface LockOwner {
  pid: number;
  host: string;
}

export interface LockRules {
  /** A lock that was not touched for this long is abandoned. */
  staleMs: number;
  /** What is thrown when another holds the lock; `owner` is null when the file does not say. */
  refused(owner: LockOwner | null): Error;
}

export class LockFile {
  private constructor(private readonly file: string) {}

  /** @throws what `refused` gives, or the file system's error */
  static take(file: string, { staleMs, refused }: LockRules): LockFile {
    for (let attempt = 0; ; attempt++) {
      try {
        fs.writeFileSync(file, JSON.stringify(thisProcess()), { flag: "wx" });
        return new LockFile(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        if (attempt > 2 || !isAbandoned(file, staleMs)) throw refused(readLockOwner(file));
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

/** Null when there is no lock, or none that can be read. */
export function readLockOwner(file: string): LockOwner | null {
  try {
    const owner = JSON.parse(fs.readFileSync(file, "utf8"));
    return typeof owner?.pid === "number" && typeof owner?.host === "string" ? owner : null;
  } catch {
    return null;
  }
}

/** True when the process is known not to exist any more. */
export function isGone(owner: LockOwner | null): boolean {
  return owner !== null && owner.host === os.hostname() && !isAlive(owner.pid);
}

export function isThisProcess(owner: LockOwner | null): boolean {
  const { pid, host } = thisProcess();
  return owner?.pid === pid && owner.host === host;
}

function thisProcess(): LockOwner {
  return { pid: process.pid, host: os.hostname() };
}

function isAbandoned(file: string, staleMs: number): boolean {
  if (isGone(readLockOwner(file))) return true;
  return Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > staleMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
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
