/** Files that are either the old or the new, never half of one. */
import fs from "node:fs";
import path from "node:path";

/** Node writes at most 2 GiB at a time. */
const chunkBytes = 2 ** 28;

/** Writes beside the file, flushes to disk and renames. On failure the old file stands and nothing is left over. */
export function writeAtomically(file: string, data: string | Uint8Array): void {
  const draft = new Draft(file);
  try {
    draft.write(typeof data === "string" ? Buffer.from(data) : data);
    draft.publish();
  } catch (error) {
    draft.discard();
    throw error;
  }
}

/** The same of what need not be held as a whole. */
export async function writePiecesAtomically(file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = new Draft(file);
  try {
    for await (const piece of pieces) draft.write(piece);
    draft.publish();
  } catch (error) {
    draft.discard();
    throw error;
  }
}

/** What is to take a file's place. */
class Draft {
  private readonly temporary: string;
  private descriptor: number | null;

  constructor(private readonly file: string) {
    this.temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
    this.descriptor = fs.openSync(this.temporary, "w");
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; )
      at += fs.writeSync(this.descriptor as number, bytes, at, Math.min(chunkBytes, bytes.length - at));
  }

  publish(): void {
    fs.fsyncSync(this.descriptor as number);
    this.close();
    fs.renameSync(this.temporary, this.file);
    syncFolder(path.dirname(this.file));
  }

  discard(): void {
    this.close();
    fs.rmSync(this.temporary, { force: true });
  }

  private close(): void {
    const { descriptor } = this;
    this.descriptor = null;
    if (descriptor !== null) fs.closeSync(descriptor);
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
