/** claims.json of a run folder: what came out when its claims were checked. */
import fs from "node:fs";
import path from "node:path";
import { type ClaimsRecord, claimsVersion } from "../../common/claims.js";
import { writeAtomically } from "../runs/atomicFile.js";
import { runFiles } from "../runs/runFolder.js";
import { folderError, RunFolderError } from "../runs/runFolderError.js";
import { claimsRecordSchema } from "./claimsSchema.js";

/** Far above what a thousand layers leave. */
const maxBytes = 16 * 2 ** 20;

export function claimsFileOf(folder: string): string {
  return path.join(folder, runFiles.claims);
}

/** @returns null where there is none @throws RunFolderError where it is damaged, or of a newer version */
export function readClaims(folder: string): ClaimsRecord | null {
  const file = claimsFileOf(folder);
  let value: unknown;
  try {
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (!found) return null;
    if (!found.isFile()) throw new Error("it is no file");
    if (found.size > maxBytes) throw new Error(`it has ${found.size} bytes, at most ${maxBytes} are read`);
    value = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw damaged(file, (error as Error).message);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > claimsVersion)
    throw new RunFolderError(
      `${file} has version ${version}; this Rectiscope reads version ${claimsVersion}. Install a newer Rectiscope, or check the claims again.`,
      { code: "newerVersion", file },
    );
  const parsed = claimsRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damaged(file, `${issue?.path.join(".") || "the file"}: ${issue?.message}`);
}

/** @throws RunFolderError where the folder cannot be written */
export function writeClaims(folder: string, record: ClaimsRecord): void {
  try {
    writeAtomically(claimsFileOf(folder), `${JSON.stringify(record, null, 2)}\n`);
  } catch (error) {
    throw folderError(error, folder);
  }
}

function damaged(file: string, what: string): RunFolderError {
  return new RunFolderError(`${file} is damaged: ${what.replace(/\.+$/, "")}. Check the claims again.`, {
    code: "damaged",
    file,
  });
}
