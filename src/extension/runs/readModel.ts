/** Runs as their folders hold them, read for the window. */
import type { RunRecord } from "../../common/run.js";
import { loadRunReader } from "../engine.js";
import { isOwnerGone } from "./runOwner.js";
import { RunModel } from "./runModel.js";

/** The record; 'interrupted' as soon as the process that wrote it is gone, not only when its heartbeat is stale. */
export async function currentRecord(folder: string): Promise<RunRecord> {
  const { readRunRecord } = await loadRunReader();
  return settled(folder, await readRunRecord(folder));
}

/** Everything. @throws RunFolderError when there is no readable run */
export async function readModel(folder: string): Promise<RunModel> {
  const { readRun } = await loadRunReader();
  const { run, train, evaluations } = await readRun(folder);
  return new RunModel(folder, await settled(folder, run), train, evaluations);
}

/** What a run that goes on had up to the step it goes on from: its worker may have written more by now. */
export async function readPast(folder: string, run: RunRecord): Promise<RunModel> {
  const { readRun } = await loadRunReader();
  const { train, evaluations } = await readRun(folder);
  const past = ({ step }: { step: number }) => step <= run.progress.step;
  return new RunModel(folder, run, train.filter(past), evaluations.filter(past));
}

async function settled(folder: string, run: RunRecord): Promise<RunRecord> {
  return run.state === "running" && (await isOwnerGone(folder)) ? { ...run, state: "interrupted" } : run;
}
