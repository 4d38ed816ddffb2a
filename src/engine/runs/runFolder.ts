/** Where runs lie, how they are named, and how their folders are made. */
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { RunError, RunRecord } from "../../common/run.js";
import { writeAtomically } from "./atomicFile.js";
import { folderError, RunFolderError } from "./runFolderError.js";
import { lockFileOf, removeOwnLock } from "./runLock.js";

export const runFiles = {
  record: "run.json",
  metrics: "metrics.jsonl",
  units: "units",
  checkpoints: "checkpoints",
  /** Of texts: what each input and each class stands for. */
  vocabulary: "vocabulary.json",
  /** What came out when the claims of the paper were checked. */
  claims: "claims.json",
} as const;

/** The runs of the configs in a folder: beside them, in `.rectiscope/runs`. */
export function runsBeside(configFile: string): string {
  return path.join(path.dirname(path.resolve(configFile)), ".rectiscope", "runs");
}

/** A name for a new run that sorts by time: `<folder of the config>/.rectiscope/runs/<time>-<name>-<short id>`. Creates nothing. */
export function newRunFolder(configFile: string, name: string, now = new Date()): string {
  return path.join(runsBeside(configFile), datedName(name, "run", now));
}

/** `<time>-<name>-<short id>`: sorts by time, and any file system takes it. @param otherwise stands for a name of no letters */
export function datedName(name: string, otherwise: string, now = new Date()): string {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const plain = name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return `${time}-${plain || otherwise}-${randomBytes(2).toString("hex")}`;
}

/**
 * Creates the folder and its parents, and a `.gitignore` in `.rectiscope` that keeps runs out of version control.
 * @throws RunFolderError when the folder holds anything, or cannot be made
 */
export function createRunFolder(folder: string): void {
  try {
    if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
      throw new RunFolderError(
        `The run folder ${folder} is not empty. Name a folder that is empty or does not exist; runs never overwrite.`,
        { code: "notEmpty", file: folder },
      );
    // asked first: on a read-only file system a recursive mkdir says that the folder is missing
    fs.accessSync(nearestExisting(folder), fs.constants.W_OK);
    for (const inner of [runFiles.units, runFiles.checkpoints]) makeFolder(path.join(folder, inner));
    keepOutOfVersionControl(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new RunFolderError(`The run folder ${folder} cannot be made there. Choose another place.`, {
        code: "notWritable",
        file: folder,
      });
    throw folderError(error, folder);
  }
}

/** Of a folder in a folder of `.rectiscope`. */
export function keepOutOfVersionControl(folder: string): void {
  const home = path.resolve(folder, "..", "..");
  const ignore = path.join(home, ".gitignore");
  if (path.basename(home) === ".rectiscope" && !fs.existsSync(ignore)) writeAtomically(ignore, "*\n");
}

/** Makes the missing ones from the top. (Node's own recursive mkdir never returns on file systems such as /proc.) */
export function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder);
}

export function nearestExisting(folder: string): string {
  const up = path.dirname(folder);
  return fs.existsSync(folder) || up === folder ? folder : nearestExisting(up);
}

/** Takes back a folder whose run could not start: only what a run makes before it starts, so nothing of anyone else's. */
export function removeUnstarted(folder: string, existed: boolean): void {
  try {
    if (fs.existsSync(path.join(folder, runFiles.record))) return;
    fs.rmSync(lockFileOf(folder), { force: true });
    const metrics = path.join(folder, runFiles.metrics);
    if (fs.existsSync(metrics) && fs.statSync(metrics).size === 0) fs.rmSync(metrics);
    for (const inner of [runFiles.units, runFiles.checkpoints]) fs.rmdirSync(path.join(folder, inner));
    if (!existed) fs.rmdirSync(folder);
  } catch {
    // what cannot be taken back is empty; the error that led here is the one to tell
  }
}

/** For runs whose worker died: their record says so. Does nothing where there is no readable record or the run has ended. */
export function markRunFailed(folder: string, error: RunError): RunRecord | null {
  const file = path.join(folder, runFiles.record);
  try {
    removeOwnLock(folder);
    const record = JSON.parse(fs.readFileSync(file, "utf8")) as RunRecord;
    if (record.state !== "running") return record;
    const failed: RunRecord = { ...record, state: "failed", ended: new Date().toISOString(), error };
    writeAtomically(file, `${JSON.stringify(failed, null, 2)}\n`);
    return failed;
  } catch {
    return null;
  }
}
