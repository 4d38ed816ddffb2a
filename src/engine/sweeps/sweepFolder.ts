/** A sweep's folder: where it lies, how it is made, written and read. docs/sweep-folder.md describes it for other programs. */
import fs, { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import path from "node:path";
import { heartbeatStaleMs } from "../../common/run.js";
import { type SweepRecord, sweepFolderVersion } from "../../common/sweepRecord.js";
import { isGone, type LockFile, readLockOwner } from "../lockFile.js";
import { removeLeftovers, writeAtomically } from "../runs/atomicFile.js";
import { datedName, keepOutOfVersionControl, makeFolder, nearestExisting } from "../runs/runFolder.js";
import { folderError, RunFolderError } from "../runs/runFolderError.js";
import { lockFileOf, takeFolderLock } from "../runs/runLock.js";
import { sweepRecordSchema } from "./sweepRecordSchema.js";

export const sweepFiles = { record: "sweep.json", runs: "runs" } as const;

const mostBytes = 256 * 2 ** 20;

/** The sweeps of the configs in a folder: beside them, in `.rectiscope/sweeps`. */
export function sweepsBeside(configFile: string): string {
  return path.join(path.dirname(path.resolve(configFile)), ".rectiscope", "sweeps");
}

/** `<folder of the config>/.rectiscope/sweeps/<time>-<name>-<short id>`. Creates nothing. */
export function newSweepFolder(configFile: string, name: string, now = new Date()): string {
  return path.join(sweepsBeside(configFile), datedName(name, "sweep", now));
}

/** One writer a sweep: holds the folder's lock. */
export class SweepFolder {
  private constructor(
    readonly folder: string,
    private readonly lock: LockFile,
  ) {}

  /** @throws RunFolderError when the folder holds anything, or cannot be made */
  static create(folder: string): SweepFolder {
    try {
      if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
        throw new RunFolderError(
          `The sweep folder ${folder} is not empty. Name a folder that is empty or does not exist, or resume the sweep that is in it.`,
          { code: "notEmpty", file: folder },
        );
      fs.accessSync(nearestExisting(folder), fs.constants.W_OK);
      makeFolder(path.join(folder, sweepFiles.runs));
      keepOutOfVersionControl(folder);
      return new SweepFolder(folder, takeFolderLock(lockFileOf(folder), `The sweep ${folder} is being run`));
    } catch (error) {
      throw folderError(error, folder);
    }
  }

  /** @throws RunFolderError `locked` while another process drives the sweep */
  static open(folder: string): SweepFolder {
    try {
      const opened = new SweepFolder(folder, takeFolderLock(lockFileOf(folder), `The sweep ${folder} is being run`));
      removeLeftovers(folder);
      return opened;
    } catch (error) {
      throw folderError(error, folder);
    }
  }

  write(record: SweepRecord): void {
    try {
      this.lock.check();
      writeAtomically(path.join(this.folder, sweepFiles.record), `${JSON.stringify(record, null, 1)}\n`);
    } catch (error) {
      throw folderError(error, this.folder);
    }
  }

  beat(): void {
    try {
      this.lock.beat();
    } catch (error) {
      throw folderError(error, this.folder);
    }
  }

  close(): void {
    this.lock.release();
  }
}

/**
 * sweep.json; a sweep that says 'running' whose process is gone, or silent for too long, is 'interrupted'.
 * @throws RunFolderError notASweep, unreadable, damaged, newerVersion, tooLarge
 */
export async function readSweepRecord(folder: string, now = Date.now()): Promise<SweepRecord> {
  const file = path.join(folder, sweepFiles.record);
  const value = parse(await readText(file, folder), file);
  const { version } = value as { version?: unknown };
  if (typeof version === "number" && version > sweepFolderVersion)
    throw new RunFolderError(
      `${file} has version ${version}; this Rectiscope reads version ${sweepFolderVersion}. Install a newer Rectiscope.`,
      { code: "newerVersion", file },
    );
  const parsed = sweepRecordSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = `${issue?.path.join(".") || "the file"}: ${issue?.message}`;
    throw damaged(`${file} is not a sweep's record: ${what}. It may be damaged.`, file);
  }
  const record = parsed.data;
  const stale = !(now - Date.parse(record.heartbeat) <= heartbeatStaleMs);
  const silent = record.state === "running" && (stale || isGone(readLockOwner(lockFileOf(folder))));
  return silent ? { ...record, state: "interrupted" } : record;
}

/** The folders of sweeps in a folder, oldest first; none where there is no such folder. */
export async function sweepFoldersIn(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(parent, name))
    .sort();
}

async function readText(file: string, folder: string): Promise<string> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw Object.assign(new Error("not a file"), { code: "ENOENT" });
      if (found.size > mostBytes)
        throw new RunFolderError(`${file} is too large for a sweep: ${found.size} bytes.`, { code: "tooLarge", file });
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof RunFolderError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new RunFolderError(
        `${folder} is not a sweep: it has no file ${sweepFiles.record}. Sweeps are the folders in .rectiscope/sweeps beside their config.`,
        { code: "notASweep", file },
      );
    throw new RunFolderError(`${file} cannot be read: ${message}. Check its permissions.`, {
      code: "unreadable",
      file,
    });
  }
}

function parse(text: string, file: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    throw damaged(`${file} is not JSON (${(error as Error).message}). It is damaged.`, file);
  }
  throw damaged(`${file} is not a sweep's record. It is damaged.`, file);
}

function damaged(message: string, file: string): RunFolderError {
  return new RunFolderError(message, { code: "damaged", file });
}
