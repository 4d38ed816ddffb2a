/** Runs as their folders hold them. */
import type { RunRecord } from "../../common/run.js";
import { loadRunReader } from "../engine.js";
import { RunModel } from "./runModel.js";
import { isOwnerGone } from "./runOwner.js";

/** The record; 'interrupted' as soon as the process that wrote it is gone, not only when its heartbeat is stale. */
export async function readRecord(folder: string): Promise<RunRecord> {
  const { readRunRecord } = await loadRunReader();
  return asItIs(folder, await readRunRecord(folder));
}

/** Everything. @throws RunFolderError when there is no readable run */
export async function readModel(folder: string): Promise<RunModel> {
  const { readRun } = await loadRunReader();
  const { run, train, evaluations, pretraining, revivals } = await readRun(folder);
  return new RunModel(folder, asItIs(folder, run), train, evaluations, pretraining, revivals);
}

function asItIs(folder: string, run: RunRecord): RunRecord {
  return run.state === "running" && isOwnerGone(folder) ? { ...run, state: "interrupted" } : run;
}
