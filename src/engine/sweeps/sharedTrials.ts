/** Trials that other sweeps have finished: the same content is trained once. */
import path from "node:path";
import { readSweepRecord, sweepFoldersIn, sweepsBeside } from "./sweepFolder.js";

/** Content address → run folder, absolute: of the sweeps beside one in `.rectiscope/sweeps`. One that was put elsewhere stands alone. */
export async function finishedBeside(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (path.resolve(folder, "..") !== sweepsBeside(path.resolve(folder, "../../../any"))) return found;
  for (const other of await sweepFoldersIn(path.dirname(folder))) {
    if (other === folder) continue;
    const record = await readSweepRecord(other).catch(() => null);
    for (const { key, state, run } of record?.trials ?? [])
      if (state === "finished" && !found.has(key)) found.set(key, path.resolve(other, run));
  }
  return found;
}
