/**
 * The entry of a trial's process: one run, on behalf of a sweep. Bundled as trial.js. When the sweep is gone, however it ended, the run is
 * paused with a checkpoint: it goes on when the sweep does.
 */
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { stopSignals } from "../../common/messages.js";
import { heartbeatStaleMs } from "../../common/run.js";
import { runErrorOf } from "../runs/run.js";
import { runExperiment } from "../runs/runExperiment.js";
import { RunFolderError } from "../runs/runFolderError.js";
import type { FromTrial, ToTrial } from "./trialMessages.js";

const stop = new SharedArrayBuffer(4);
const signal = new Int32Array(stop);
/** A process that a killed sweep left behind writes its checkpoint before it lets go of the run. */
const lockedMs = heartbeatStaleMs + 5_000;
const againMs = 200;
/** Enough to keep an editor responsive, and not so much that any other work on the machine stands a trial still. */
const lowPriority = 5;

const ask = (how: "stop" | "pause") => void Atomics.store(signal, 0, stopSignals[how]);
process.on("disconnect", () => ask("pause"));
// Ctrl+C in a terminal reaches every process there; the sweep says what it means
process.on("SIGINT", () => {});
process.on("message", (message: ToTrial) => {
  if (message.type === "end") ask(message.how);
  else void begin(message.input);
});

async function begin(input: Extract<ToTrial, { type: "begin" }>["input"]): Promise<void> {
  try {
    // what a person does on this machine goes first
    os.setPriority(lowPriority);
  } catch {
    // not everywhere
  }
  const deadline = Date.now() + lockedMs;
  for (;;) {
    try {
      const run = await runExperiment({ ...input, stop }, {});
      return end({ type: "ended", error: run.error });
    } catch (error) {
      const locked = error instanceof RunFolderError && error.code === "locked";
      if (!locked || Date.now() > deadline || signal[0] !== stopSignals.goOn)
        return end({ type: "ended", error: runErrorOf(error) });
      await sleep(againMs);
    }
  }
}

function end(message: FromTrial): void {
  if (!process.connected) process.exit(0);
  process.send?.(message, undefined, undefined, () => process.exit(0));
}
