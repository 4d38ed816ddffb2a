/** One download at a time into one place: a lock file that says who, kept fresh by its owner. */
import { readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import { DownloadError, writeError } from "./downloadError.js";

const beatMs = 5_000;
const staleMs = 30_000;

export interface DownloadLock {
  release(): Promise<void>;
}

/** @throws DownloadError downloadRunning while another download, of this process or another, holds the lock */
export async function takeDownloadLock(file: string): Promise<DownloadLock> {
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(file, JSON.stringify({ pid: process.pid, host: os.hostname() }), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw writeError(error, file);
      if (attempt > 2 || !(await isAbandoned(file)))
        throw new DownloadError(
          `This data set is being downloaded already, by this or another window or command (${file}). Wait for it, or cancel it there.`,
          { code: "downloadRunning", file },
        );
      await discard(file);
    }
  }
  const timer = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined); // a disk that fails shows where the data are written
  }, beatMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await rm(file, { force: true }).catch(() => undefined); // it goes stale
    },
  };
}

/** Of a process that is gone, or has been silent for too long. */
async function isAbandoned(file: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > staleMs) return true;
    const owner: unknown = JSON.parse(await readFile(file, "utf8"));
    const { pid, host } = (owner ?? {}) as { pid?: unknown; host?: unknown };
    return typeof pid === "number" && host === os.hostname() && !isAlive(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT"; // else it is being written just now
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

/** Of several who find a lock abandoned only one gets to take it away: a rename succeeds once. */
async function discard(file: string): Promise<void> {
  const aside = `${file}.${process.pid}.${Date.now()}`;
  await rename(file, aside).then(
    () => rm(aside, { force: true }),
    () => undefined, // another was faster
  );
}
