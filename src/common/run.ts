/** The run folder's files as types: run.json and the lines of metrics.jsonl. docs/run-folder.md describes them for other programs. */
import type { Experiment } from "./experiment.js";
import type { LayerFigures } from "./metrics.js";
import type { ReviveCriterion } from "./revive.js";
import type { Activation, SignMask } from "./units.js";

export const runFolderVersion = 1;

/** True for a run that can go on from its last checkpoint. */
export function isResumable({ state, error, config }: Pick<RunRecord, "state" | "error" | "config">): boolean {
  if (config === null || state === "running" || state === "finished") return false;
  // going on from the last checkpoint would end in the same step again
  return error?.code !== "nonFinite";
}

/** `interrupted` is never written: a reader derives it from `running` and a stale heartbeat. */
export type RunState = "running" | "paused" | "finished" | "stopped" | "failed" | "interrupted";

/** A run that says 'running' but has not written a heartbeat for this long was interrupted. */
export const heartbeatStaleMs = 15_000;

export const setNames = ["train", "valid", "test"] as const;
export type SetName = (typeof setNames)[number];

export interface LayerShape {
  /** 1-based, hidden layers first; the last is the softmax layer. */
  layer: number;
  inputs: number;
  units: number;
  activation: Activation | "softmax";
  signs: SignMask;
}

export interface RunError {
  code: string;
  message: string;
  file?: string;
  key?: string;
  value?: unknown;
  step?: number;
  layer?: number;
}

/** Measured on `set` (`n` examples). */
export interface SetResult {
  set: SetName;
  n: number;
  error: number;
  loss: number;
  /** In stars: see common/metrics. Absent where labels are not stars. */
  rmse?: number;
}

/** The figures of a run's end, all at the checkpoint with the best validation error. */
export interface RunSummary {
  epochs: number;
  bestEpoch: number;
  bestStep: number;
  test: SetResult;
  valid: SetResult;
  /** Null for units without exact zeros. */
  sparsity: { set: SetName; n: number; mean: number; layers: number[] } | null;
  dead: { set: SetName; n: number; total: number; layers: number[] } | null;
  /** Absent for runs without pre-training. */
  reconstruction?: ReconstructionResult;
  /** Training examples ÷ seconds spent in training steps only. */
  samplesPerSecond: number;
  /** Wall-clock seconds of the whole run. */
  seconds: number;
}

export interface RunRecord {
  version: number;
  id: string;
  name: string;
  /** Who made the run, such as `rectiscope 0.1.0`. */
  source: string;
  state: RunState;
  /** ISO 8601 times. */
  created: string;
  heartbeat: string;
  ended: string | null;
  /** Path of the config, relative to the run folder; null when there was none. */
  configFile: string | null;
  /** As resolved: every default filled in. Null for runs of other programs. */
  config: Experiment | null;
  layers: LayerShape[];
  dataset: { name: string; origin: string; sha256: string; train: number; valid: number; test: number } | null;
  seed: number | null;
  versions: {
    rectiscope: string;
    kernels: string;
    node: string;
    /** Of what computed, where it was not the built-in engine: such as "tfjs-wasm 4.22.0". */
    backend?: string;
  };
  host: { platform: string; arch: string; cpus: number; threads: number };
  progress: Progress;
  /** In their order; absent for a run of a single phase. Steps and epochs count on from one to the next. */
  phases?: RunPhase[];
  summary: RunSummary | null;
  error: RunError | null;
}

/** A part of a run that trains something of its own, such as the pre-training of one layer. */
export interface RunPhase {
  name: string;
  /** Where the run stood when it began. */
  step: number;
  epoch: number;
}

export interface Progress {
  step: number;
  totalSteps: number;
  epoch: number;
  epochs: number;
  samplesPerSecond: number;
  /** Null until it can be told. */
  remainingSeconds: number | null;
  /** Seconds spent in training steps only, and altogether; over all the times that the run went on. */
  trainingSeconds: number;
  /** Examples trained on in these seconds; those that were lost and trained on again count twice. */
  trainingExamples: number;
  seconds: number;
}

/** Means over the `steps` steps that end at `step`, measured while training on `n` examples. */
export interface TrainLine {
  kind: "train";
  step: number;
  /** Fractional: steps ÷ steps per epoch. */
  epoch: number;
  set: "train";
  n: number;
  loss: number;
  error: number;
  /** λ, mean over the steps; absent where it stays as the config says. */
  l1?: number;
  layers: { sparsity: number | null; gradientNorm: number }[];
}

/** Units were revived between two steps, right after a measurement on `set`. */
export interface ReviveLine {
  kind: "revive";
  step: number;
  epoch: number;
  set: SetName;
  n: number;
  /** Which units were. */
  criterion: ReviveCriterion;
  /** By a person, not by the config. */
  requested: boolean;
  /** `dead`: on the set, before; null for units without exact zeros. */
  layers: { revived: number; dead: number | null }[];
}

/** What has become of the units that were last revived. */
export interface RevivalOutcome {
  /** When they were. */
  step: number;
  /** `again`: so many of the revived meet the criterion again, or still. */
  layers: { revived: number; again: number }[];
}

export interface EvalLine {
  kind: "eval";
  step: number;
  epoch: number;
  set: SetName;
  n: number;
  loss: number;
  error: number;
  /** Absent where labels are not stars. */
  rmse?: number;
  /** λ, mean over the steps since the evaluation before; absent where it stays as the config says, and where there were no steps. */
  l1?: number;
  /** Of the first evaluation after units were revived. */
  revival?: RevivalOutcome;
  layers: LayerFigures[];
}

/** Pre-training of one layer: means over the steps that end at `step`, measured on `n` corrupted examples. */
export interface PretrainLine {
  kind: "pretrain";
  /** 1-based. */
  layer: number;
  step: number;
  epoch: number;
  set: "train";
  n: number;
  /** The reconstruction's cost an example, summed over the inputs, without the L1 penalty. */
  loss: number;
  /** Of the layer that is pre-trained; null for units without exact zeros. */
  sparsity: number | null;
  /** ‖∂L/∂W‖₂ of the encoder's weights (with tied weights: what comes through the encoder). */
  gradientNorm: number;
}

/** How well a layer that is pre-trained reconstructs a set. */
export interface ReconstructionLine {
  kind: "reconstruction";
  layer: number;
  step: number;
  epoch: number;
  set: SetName;
  n: number;
  /** The cost an example from corrupted inputs; the noise is the same at every measurement. */
  loss: number;
  /** The same from the inputs themselves. */
  cleanLoss: number;
  /** Of the layer, on the inputs themselves. */
  figures: LayerFigures;
}

export type PretrainingLine = PretrainLine | ReconstructionLine;
export type MetricsLine = TrainLine | EvalLine | ReviveLine | PretrainingLine;

export function isPretrainingLine(line: MetricsLine): line is PretrainingLine {
  return line.kind === "pretrain" || line.kind === "reconstruction";
}

/** Of a layer at the end of its pre-training, and of the layers together. */
export interface ReconstructionResult {
  set: SetName;
  n: number;
  /** From the first layer on: the loss of its last reconstruction line. */
  layers: number[];
  /** What learning rates are selected by. */
  mean: number;
}
