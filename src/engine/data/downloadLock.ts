/** One download at a time into one place. */
import { LockFile } from "../lockFile.js";
import { DownloadError, writeError } from "./downloadError.js";

const beatMs = 5_000;
const staleMs = 30_000;

export interface DownloadLock {
  release(): void;
}

/** @throws DownloadError downloadRunning while another download, of this process or another, holds the lock */
export function takeDownloadLock(file: string): DownloadLock {
  const lock = take(file);
  const timer = setInterval(() => {
    try {
      lock.beat();
    } catch {
      // a disk that fails shows where the data are written
    }
  }, beatMs);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      lock.release();
    },
  };
}

function take(file: string): LockFile {
  try {
    return LockFile.take(file, {
      staleMs,
      refused: () =>
        new DownloadError(
          `This data set is being downloaded already, by this or another window or command (${file}). Wait for it, or cancel it there.`,
          { code: "downloadRunning", file },
        ),
    });
  } catch (error) {
    throw error instanceof DownloadError ? error : writeError(error, file);
  }
}
