/** Files that are either the old or the new, never half of one. */
import fs from "node:fs";
import path from "node:path";

/** Node writes at most 2 GiB at a time. */
const chunkBytes = 2 ** 28;

/** Writes beside the file, flushes to disk and renames. On failure the old file stands and nothing is left over. */
export function writeAtomically(file: string, data: string | Uint8Array): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  try {
    const descriptor = fs.openSync(temporary, "w");
    try {
      const bytes = typeof data === "string" ? Buffer.from(data) : data;
      for (let at = 0; at < bytes.length; )
        at += fs.writeSync(descriptor, bytes, at, Math.min(chunkBytes, bytes.length - at));
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** What a process that was killed left half-written. */
export function removeLeftovers(folder: string): void {
  for (const name of fs.readdirSync(folder))
    if (/^\..*\.tmp$/.test(name)) fs.rmSync(path.join(folder, name), { force: true });
}

/** So that the new name outlasts a power failure, too; Windows cannot, and does so by itself. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
