/** Progress of a sweep on stderr: a bar with the remaining time on a terminal, one line per trial anywhere else. */
import { duration, percent } from "../common/format.js";
import { paramsText } from "../common/paramsText.js";
import { countTrials, type SweepProgress, type SweepRecord, type TrialRecord } from "../common/sweepRecord.js";
import { terminalBar } from "./terminalBar.js";

export interface SweepDisplay {
  update(record: SweepRecord, progress: SweepProgress): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

export function sweepDisplay(stream: NodeJS.WriteStream): SweepDisplay {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

const whole = 10_000;

function barDisplay(stream: NodeJS.WriteStream): SweepDisplay {
  const bar = terminalBar(stream, "{share} · {done} of {trials} trials · {running} running{failed} · {remaining}");
  let started = false;
  return {
    update(record, { share, remainingSeconds }) {
      const { finished, failed, running, total } = countTrials(record);
      const shown = {
        share: percent(share, 0).padStart(5),
        done: finished,
        trials: total,
        running,
        failed: failed > 0 ? ` · ${failed} failed` : "",
        remaining: remainingSeconds === null ? "…" : `${duration(remainingSeconds)} left`,
      };
      if (started) bar.update(share * whole, shown);
      else bar.start(whole, share * whole, shown);
      started = true;
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function lineDisplay(stream: NodeJS.WriteStream): SweepDisplay {
  const told = new Map<number, string>();
  return {
    update(record, { remainingSeconds }) {
      const { finished, failed, total } = countTrials(record);
      for (const trial of record.trials) {
        const line = lineOf(trial);
        if (line === null || told.get(trial.number) === line) continue;
        told.set(trial.number, line);
        const left =
          remainingSeconds === null || trial.state !== "finished" ? "" : ` · ${duration(remainingSeconds)} left`;
        stream.write(`${line} · ${finished + failed} of ${total}${left}\n`);
      }
    },
    end() {},
  };
}

/** Null for a trial of which there is nothing to say yet. */
function lineOf({ number, state, params, reused, result, error }: TrialRecord): string | null {
  const what = `trial ${number} (${paramsText(params)})`;
  if (state === "running") return `${what} running`;
  if (state === "failed") return `${what} failed: ${error?.message}`;
  if (state === "finished" && result)
    return `${what} ${reused ? "done before" : "finished"}: validation error ${percent(result.valid.error, 2)}`;
  return state === "pending" ? null : `${what} ${state}`;
}
