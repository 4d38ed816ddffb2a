/** The messages between a sweep's process, the extension host and the sweep page. Each direction is one discriminated union. */
import type { Experiment } from "./experiment.js";
import type { Response } from "./messages.js";
import type { RunError } from "./run.js";
import type { StudyReport } from "./studyReport.js";
import type { Sweep } from "./sweep.js";
import type { SweepProgress, SweepRecord } from "./sweepRecord.js";
import type { SweepSummary } from "./sweepSummary.js";

/** What a sweep's process is started with. */
export interface SweepInput {
  task:
    | { folder: string; configFile: string; name: string; sweep: Sweep; base: Experiment }
    | { folder: string; resume: true; retry: boolean };
  /** Null for one a core. */
  jobs: number | null;
  environment: { dataFolders: string[]; assets: string; version: string; tensorflowFolder?: string };
}

/** Where an experiment's data and the engine lie, to measure how fast it trains. */
export interface CalibrationInput {
  experiment: Experiment;
  configFolder: string;
  dataFolders: string[];
  assets: string;
  tensorflowFolder?: string;
}

export type ToSweep =
  | { type: "begin"; input: SweepInput }
  /** Trials in progress end with a checkpoint. */
  | { type: "ask"; what: "stop" | "pause" }
  | { type: "calibrate"; input: CalibrationInput };

export type FromSweep =
  /** A few times a second; `record` only where it has changed. */
  | { type: "changed"; record: SweepRecord | null; progress: SweepProgress }
  /** The last message; `record` is null when the sweep could not begin. */
  | { type: "ended"; record: SweepRecord | null; error: RunError | null }
  /** Answers `calibrate`: seconds for one unit of engine/sweeps/work; null where it cannot be told. */
  | { type: "calibrated"; secondsPerWork: number | null };

/** Host → sweep page. */
export type ToSweepPage =
  /** Complete; sent whenever the view becomes visible, and whenever a trial changes. */
  | {
      type: "sweep";
      folder: string;
      record: SweepRecord;
      progress: SweepProgress;
      summary: SweepSummary;
      study: StudyReport | null;
    }
  | { type: "progress"; progress: SweepProgress }
  /** The sweep's folder cannot be read. */
  | { type: "unreadable"; folder: string; message: string }
  | Response;

export const sweepActions = [
  "pause",
  "stop",
  "resume",
  /** Failed trials once more. */
  "retry",
  "runAgain",
  "openConfig",
  "revealFolder",
  "copyPath",
] as const;
export type SweepAction = (typeof sweepActions)[number];

export type SweepRequest = { action: SweepAction } | { action: "openTrial"; number: number };

/** Sweep page → host. Every request is answered, an error included. */
export type FromSweepPage = { type: "ready" } | ({ type: "request"; id: number } & SweepRequest);
