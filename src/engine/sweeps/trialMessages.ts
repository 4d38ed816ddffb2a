/** What a sweep and the process of a trial tell each other. */
import type { WorkerInput } from "../../common/messages.js";
import type { RunError } from "../../common/run.js";

export type ToTrial = { type: "begin"; input: Omit<WorkerInput, "stop"> } | { type: "end"; how: "stop" | "pause" };

/** The last message: the run folder says the rest. */
export interface FromTrial {
  type: "ended";
  error: RunError | null;
}
