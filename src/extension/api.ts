/** What the extension offers to other extensions and to its tests. */
import type { SessionRun, SessionState } from "./runs/runManager.js";

export interface RectiscopeApi {
  /** From the first line of the extension's code to the end of activate(), without the editor's own time between the two. */
  activationMs: number;
  /** Longest block of the extension host's event loop since the first run started, in milliseconds. */
  longestBlockMs(): number;
  /** Runs that this window started or queued, newest first. */
  runs(): SessionRun[];
  /** @throws when this window did not start that run */
  whenEnded(folder: string): Promise<SessionState>;
}
