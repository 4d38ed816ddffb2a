/** Which trials to start next. Pure: the same lists give the same answer. */
import type { TrialRecord, TrialState } from "../../common/sweepRecord.js";

/** Failed trials are left alone until somebody asks for them. */
const startable: readonly TrialState[] = ["pending", "paused", "stopped"];

/**
 * Those that have been begun first, then in order. Of trials that are the same by content only one is trained at a time: the others
 * share its run.
 * @param running numbers of the trials in progress
 */
export function candidates(trials: readonly TrialRecord[], running: ReadonlySet<number>): TrialRecord[] {
  const busy = new Set(trials.filter(({ number }) => running.has(number)).map(({ key }) => key));
  const waiting = trials.filter(
    ({ number, state, key }) => startable.includes(state) && !running.has(number) && !busy.has(key),
  );
  const rank = ({ state }: TrialRecord) => (state === "pending" ? 1 : 0);
  return waiting.sort((a, b) => rank(a) - rank(b) || a.number - b.number);
}

/** True when no trial waits or goes on. */
export function isDone(trials: readonly TrialRecord[]): boolean {
  return trials.every(({ state }) => state === "finished" || state === "failed");
}
