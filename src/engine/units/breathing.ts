/** Lets others have their turn in the middle of long work: what reads a run folder may share its thread with an editor. */
import { setImmediate as turn } from "node:timers/promises";

const longestMs = 8;

/** @returns to be awaited now and then: waits only once enough time has passed */
export function breathing(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < longestMs) return;
    await turn();
    since = performance.now();
  };
}
