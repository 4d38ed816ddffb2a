/** A sweep in progress: its process from start to end. However the process ends, the sweep ends too, exactly once. */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { RunError } from "../../common/run.js";
import type { FromSweep, SweepInput, ToSweep } from "../../common/sweepMessages.js";
import type { SweepRecord } from "../../common/sweepRecord.js";

export interface SweepOutcome {
  /** Null when the sweep could not begin. */
  record: SweepRecord | null;
  error: RunError | null;
}

export class LiveSweep {
  readonly ended: Promise<SweepOutcome>;
  private readonly process: ChildProcess;

  constructor(
    input: SweepInput,
    changed: (message: Extract<FromSweep, { type: "changed" }>) => void,
    /** What the process prints; nothing, if all is well. */
    output: (text: string) => void,
  ) {
    this.process = forkSweepProcess(input.environment.assets);
    this.process.stderr?.setEncoding("utf8").on("data", output);
    this.ended = new Promise((resolve) => {
      this.process.on("message", (message: FromSweep) => {
        if (message.type === "changed") changed(message);
        else if (message.type === "ended") resolve({ record: message.record, error: message.error });
      });
      const died = (why: string) =>
        resolve({
          record: null,
          error: { code: "sweepCrashed", message: `The sweep's process ${why}. Resume the sweep to go on.` },
        });
      this.process.on("error", (error) => died(`could not start: ${error.message}`));
      this.process.on("close", (code, signal) =>
        died(`ended unexpectedly, ${signal ? `by ${signal}` : `with code ${code}`}`),
      );
    });
    tell(this.process, { type: "begin", input });
  }

  ask(what: "stop" | "pause"): void {
    tell(this.process, { type: "ask", what });
  }
}

/** @param assets folder with sweep.js */
export function forkSweepProcess(assets: string): ChildProcess {
  return fork(path.join(assets, "sweep.js"), [], {
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
}

export function tell(child: ChildProcess, message: ToSweep): void {
  if (child.connected) child.send(message, () => {});
}
