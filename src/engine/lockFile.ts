/** A file that says which process writes something, so that no second one does. Its owner keeps it fresh; one left behind is taken over. */
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";

export interface LockOwner {
  pid: number;
  host: string;
  /** Tells two locks of the same process apart. */
  token?: string;
}

export interface LockRules {
  /** A lock that was not touched for this long is abandoned. */
  staleMs: number;
  /** What is thrown when another holds the lock; `owner` is null when the file does not say. */
  refused(owner: LockOwner | null): Error;
}

export class LockFile {
  private constructor(
    private readonly file: string,
    private readonly token: string,
    private readonly rules: LockRules,
  ) {}

  /** @throws what `refused` gives, or the file system's error */
  static take(file: string, rules: LockRules): LockFile {
    const token = randomBytes(8).toString("hex");
    for (let attempt = 0; ; attempt++) {
      try {
        fs.writeFileSync(file, JSON.stringify({ ...thisProcess(), token }), { flag: "wx" });
        return new LockFile(file, token, rules);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const owner = readLockOwner(file);
        if (attempt > 2 || !isAbandoned(file, owner, rules.staleMs)) throw rules.refused(owner);
        discard(file, owner);
      }
    }
  }

  /** True until another process has taken the lock over, as it may when its owner was suspended for long. */
  get isHeld(): boolean {
    return readLockOwner(this.file)?.token === this.token;
  }

  /** @throws what `refused` gives when another has taken the lock over */
  check(): void {
    const owner = readLockOwner(this.file);
    if (owner && owner.token !== this.token) throw this.rules.refused(owner);
  }

  /** Says that the owner is alive. @throws as check() does */
  beat(): void {
    this.check();
    const now = new Date();
    fs.utimesSync(this.file, now, now);
  }

  release(): void {
    if (this.isHeld) fs.rmSync(this.file, { force: true });
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

function thisProcess(): Pick<LockOwner, "pid" | "host"> {
  return { pid: process.pid, host: os.hostname() };
}

function isAbandoned(file: string, owner: LockOwner | null, staleMs: number): boolean {
  if (isGone(owner)) return true;
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

/** Takes an abandoned lock away, unless another was faster; a lock that came in its place meanwhile is put back. */
function discard(file: string, abandoned: LockOwner | null): void {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    fs.renameSync(file, aside);
    if (readLockOwner(aside)?.token !== abandoned?.token) fs.linkSync(aside, file);
    fs.rmSync(aside, { force: true });
  } catch {
    // another was faster
  }
}
