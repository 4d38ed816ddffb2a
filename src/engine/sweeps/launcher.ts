/**
 * The seam between the scheduler and where trials run. Nothing outside a launcher may know: what came of a trial is read from its
 * run folder, wherever it was written.
 */
import type { WorkerInput } from "../../common/messages.js";
import type { RunError } from "../../common/run.js";

export interface TrialTask {
  /** The trial's number in its sweep. */
  number: number;
  input: Omit<WorkerInput, "stop">;
  /** Bytes of memory that it takes, about. */
  memory: number;
}

export interface LaunchedTrial {
  /** Never rejects. `error` says why it ended, where the run folder may not; null when it ended as it should. */
  readonly ended: Promise<{ error: RunError | null }>;
  /** Asks it to end at its next step with a checkpoint; a stopped one is measured on the test set as well. */
  end(how: "stop" | "pause"): void;
  /** Ends it at once. */
  kill(): void;
}

export interface Launcher {
  /** How many trials it would run at once. */
  readonly jobs: number;
  /** Whether a trial may start beside those that are running; where none is, it always may. */
  hasRoom(task: TrialTask, running: readonly TrialTask[]): boolean;
  launch(task: TrialTask): LaunchedTrial;
}
