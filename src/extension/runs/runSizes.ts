/** How much room runs take on disk. Counted when asked for, and once for each state of a run. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { ListedRun } from "./runIndex.js";

export class RunSizes {
  private readonly known = new Map<string, { heartbeat: string; bytes: Promise<number> }>();

  /** Bytes of all its files. */
  of({ folder, run }: ListedRun): Promise<number> {
    const known = this.known.get(folder);
    if (known?.heartbeat === run.heartbeat) return known.bytes;
    const bytes = sizeOf(folder);
    this.known.set(folder, { heartbeat: run.heartbeat, bytes });
    return bytes;
  }
}

/** Links are not followed; what vanishes meanwhile does not count. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(inner);
    else if (entry.isFile())
      bytes += await stat(inner).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return bytes;
}
