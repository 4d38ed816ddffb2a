/** A sweep's folder as a type: sweep.json. docs/sweep-folder.md describes it for other programs. */
import type { Experiment } from "./experiment.js";
import type { Progress, RunError, SetResult } from "./run.js";
import type { Sweep } from "./sweep.js";

export const sweepFolderVersion = 1;

/** `interrupted` is never written: a reader derives it from `running` and a stale heartbeat. */
export type SweepState = "running" | "paused" | "stopped" | "finished" | "failed" | "interrupted";

export type TrialState = "pending" | "running" | "paused" | "stopped" | "finished" | "failed";

/** A value that an axis gave, as JSON has it. */
export type Params = Record<string, unknown>;

/** What a trial came to, from its run's summary. */
export interface TrialResult {
  test: Pick<SetResult, "n" | "error" | "loss">;
  valid: Pick<SetResult, "n" | "error" | "loss">;
  /** Null for units without exact zeros. */
  sparsity: { mean: number } | null;
  dead: { total: number } | null;
  /** Mean over the layers of the loss on the validation set; absent without pre-training. */
  reconstruction?: { mean: number };
  epochs: number;
  bestEpoch: number;
  samplesPerSecond: number;
  /** Wall-clock seconds, all the times that it went on together. */
  seconds: number;
}

export interface TrialRecord {
  /** From 1, over all stages. */
  number: number;
  /** Empty in a sweep without stages. */
  stage: string;
  /** Content address: SHA-256 of resolved config, data hash and engine version, hexadecimal. */
  key: string;
  /** Values in place of the base's: of the axes, and `seed` and `dataset.fold` where they are varied. */
  params: Params;
  /** Number of the trial that it goes on from. */
  parent: number | null;
  /** Path of the run folder, relative to the sweep's. It is in another sweep's folder where the trial was done there. */
  run: string;
  reused: boolean;
  state: TrialState;
  result: TrialResult | null;
  error: RunError | null;
}

/** The best of a group of trials that differ only in what was selected over. */
export interface Selection {
  stage: string;
  by: string;
  /** What the trials of the group share. */
  group: Params;
  /** What was chosen. */
  chosen: Params;
  /** Mean of the figure over seeds and folds, its standard deviation (null for one trial), and their number. */
  mean: number;
  sd: number | null;
  n: number;
  /** Numbers of the trials with the chosen values. */
  trials: number[];
}

export interface SweepRecord {
  version: number;
  id: string;
  name: string;
  /** Who made the sweep, such as `rectiscope 0.1.0`. */
  source: string;
  state: SweepState;
  created: string;
  heartbeat: string;
  ended: string | null;
  /** Path of the config, relative to the sweep's folder. */
  configFile: string;
  /** As it was read, every default filled in. */
  sweep: Sweep;
  /** The base experiment as it was read; its `dataset.folder` is relative to the config. */
  base: Experiment;
  /** Seconds that the sweep was going on, all times together. */
  seconds: number;
  trials: TrialRecord[];
  /** Trials that later stages will add. */
  toCome: number;
  selections: Selection[];
  error: RunError | null;
}

/** How far the trials in progress are, and the whole. */
export interface SweepProgress {
  running: { number: number; progress: Progress }[];
  /** Share of all the training that is done, 0…1. */
  share: number;
  /** Null until it can be told. */
  remainingSeconds: number | null;
  jobs: number;
}

export const noProgress: SweepProgress = { running: [], share: 0, remainingSeconds: null, jobs: 0 };

/** True for a sweep with trials that have not come to an end. */
export function isSweepResumable({ state }: Pick<SweepRecord, "state">): boolean {
  return state === "paused" || state === "stopped" || state === "interrupted" || state === "failed";
}

export interface TrialCounts extends Record<TrialState, number> {
  total: number;
}

/** How many trials are in which state; those of later stages count as pending. */
export function countTrials({ trials, toCome }: Pick<SweepRecord, "trials" | "toCome">): TrialCounts {
  const counts = { pending: toCome, running: 0, paused: 0, stopped: 0, finished: 0, failed: 0 };
  for (const { state } of trials) counts[state]++;
  return { ...counts, total: trials.length + toCome };
}
