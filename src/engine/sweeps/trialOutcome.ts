/** What came of a trial, as its run folder says: wherever it ran. */
import fs from "node:fs";
import path from "node:path";
import { isResumable, type RunError, type RunRecord, type RunSummary } from "../../common/run.js";
import type { TrialRecord, TrialResult, TrialState } from "../../common/sweepRecord.js";
import { removeLeftovers, writeAtomically } from "../runs/atomicFile.js";
import { readRunRecord } from "../runs/readRun.js";
import { removeUnstarted, runFiles } from "../runs/runFolder.js";
import { lockFileOf, takeRunLock } from "../runs/runLock.js";

type Outcome = Pick<TrialRecord, "state" | "result" | "error">;

/** Null where there is no run that can be read. */
export function readTrialRun(folder: string): Promise<RunRecord | null> {
  return readRunRecord(folder).catch(() => null);
}

export function resultOf({ summary }: RunRecord): TrialResult | null {
  return summary && figuresOf(summary);
}

/** What a sweep keeps of a run's end. */
export function figuresOf(summary: RunSummary): TrialResult {
  const { test, valid, sparsity, dead, reconstruction, epochs, bestEpoch, samplesPerSecond, seconds } = summary;
  const measured = ({ set: _, ...rest }: typeof test) => rest;
  return {
    test: measured(test),
    valid: measured(valid),
    sparsity: sparsity && { mean: sparsity.mean },
    dead: dead && { total: dead.total },
    ...(reconstruction && { reconstruction: { mean: reconstruction.mean } }),
    epochs,
    bestEpoch,
    samplesPerSecond,
    seconds,
  };
}

/** Of a trial that nobody trains any more. @param error what its launcher says of its end, if it did not end well */
export function outcomeOf(run: RunRecord | null, error: RunError | null): Outcome {
  if (!run) return error ? { state: "failed", result: null, error } : { state: "pending", result: null, error: null };
  const ended: Partial<Record<RunRecord["state"], TrialState>> = {
    finished: "finished",
    stopped: "stopped",
    failed: "failed",
  };
  const state = ended[run.state];
  if (state) return { state, result: resultOf(run), error: run.error };
  // a run that could not write its folder pauses itself, but nothing lets it go on by itself
  if (error ?? run.error) return { state: "failed", result: null, error: error ?? run.error };
  return { state: "paused", result: null, error: null };
}

/** Says in the run folder of a trial whose process died that it failed. */
export function markCrashed(folder: string, run: RunRecord | null, error: RunError): void {
  if (run?.state !== "running" && run?.state !== "interrupted") return;
  try {
    const lock = takeRunLock(folder);
    try {
      const failed: RunRecord = { ...run, state: "failed", ended: new Date().toISOString(), error };
      writeAtomically(path.join(folder, runFiles.record), `${JSON.stringify(failed, null, 2)}\n`);
    } finally {
      lock.release();
    }
  } catch {
    // the folder cannot be written: the sweep's own record has the error
  }
}

/**
 * Where and how a trial begins or goes on: in its folder from its last checkpoint; where that would end in the same error again, in a
 * new one beside it. What a process left that was killed before its run began is taken away.
 */
export async function placeOf(folder: string): Promise<{ folder: string; resume: boolean }> {
  if (!fs.existsSync(folder)) return { folder, resume: false };
  if (!fs.existsSync(path.join(folder, runFiles.record))) {
    if (fs.existsSync(lockFileOf(folder))) takeRunLock(folder).release();
    removeLeftovers(folder);
    removeUnstarted(folder, true);
    return { folder, resume: false };
  }
  const run = await readTrialRun(folder);
  const goesOn = run && (run.state === "running" || run.state === "interrupted" || isResumable(run));
  return goesOn ? { folder, resume: true } : { folder: freeBeside(folder), resume: false };
}

function freeBeside(folder: string): string {
  for (let n = 2; ; n++) {
    const candidate = `${folder}-${n}`;
    if (!fs.existsSync(candidate)) return candidate;
  }
}
