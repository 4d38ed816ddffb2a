/** Which process writes a run: the lock file in its folder says so. */
import { readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

const lockFile = "lock";

export interface RunOwner {
  pid: number;
  host: string;
}

/** Null when nobody writes the run, or its program keeps no lock. */
export async function runOwner(folder: string): Promise<RunOwner | null> {
  try {
    const owner = JSON.parse(await readFile(path.join(folder, lockFile), "utf8"));
    return typeof owner?.pid === "number" && typeof owner?.host === "string" ? owner : null;
  } catch {
    return null;
  }
}

/** True when the process is known not to exist any more. */
export async function isOwnerGone(folder: string): Promise<boolean> {
  const owner = await runOwner(folder);
  return owner !== null && owner.host === os.hostname() && !isAlive(owner.pid);
}

/** Takes away the lock that a worker of this process left when it was ended by force. */
export async function releaseAfterDeath(folder: string): Promise<void> {
  const owner = await runOwner(folder);
  if (owner?.host === os.hostname() && owner.pid === process.pid)
    await rm(path.join(folder, lockFile), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
