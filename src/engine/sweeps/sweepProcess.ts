/**
 * The entry of a sweep's process, which drives it on behalf of the editor. Bundled as sweep.js. When the editor is gone, however it ended,
 * the sweep is paused: it can be resumed.
 */
import type { FromSweep, SweepInput, ToSweep } from "../../common/sweepMessages.js";
import type { SweepProgress, SweepRecord } from "../../common/sweepRecord.js";
import { runErrorOf } from "../runs/run.js";
import { calibrate } from "./calibrate.js";
import { LocalLauncher } from "./localLauncher.js";
import { runSweep } from "./runSweep.js";
import { SweepControl } from "./sweepControl.js";

const control = new SweepControl();

process.on("disconnect", () => control.ask("pause"));
process.on("SIGINT", () => {});
process.on("message", (message: ToSweep) => {
  if (message.type === "ask") control.ask(message.what);
  else if (message.type === "begin") void begin(message.input);
  else
    void calibrate(message.input)
      .catch(() => null)
      .then((secondsPerWork) => end({ type: "calibrated", secondsPerWork }));
});

async function begin({ task, jobs, environment }: SweepInput): Promise<void> {
  let told: SweepRecord | null = null;
  const changed = (record: SweepRecord, progress: SweepProgress) => {
    const trialsChanged = told === null || told.trials !== record.trials || told.state !== record.state;
    if (process.connected)
      process.send?.({ type: "changed", record: trialsChanged ? record : null, progress } satisfies FromSweep);
    told = record;
  };
  try {
    const record = await runSweep(task, new LocalLauncher(environment.assets, jobs), control, environment, { changed });
    end({ type: "ended", record, error: record.error });
  } catch (error) {
    end({ type: "ended", record: null, error: runErrorOf(error) });
  }
}

function end(message: FromSweep): void {
  if (!process.connected) process.exit(0);
  process.send?.(message, undefined, undefined, () => process.exit(0));
}
