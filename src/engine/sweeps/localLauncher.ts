/** Runs trials on this machine: each in a process of its own, so that the crash of one is nobody else's. */
import { fork } from "node:child_process";
import os from "node:os";
import path from "node:path";
import type { RunError } from "../../common/run.js";
import { machineMemory } from "../machineMemory.js";
import { endOfProcess, keptOutput } from "../processEnd.js";
import type { LaunchedTrial, Launcher, TrialTask } from "./launcher.js";
import type { FromTrial, ToTrial } from "./trialMessages.js";

/** Share of the machine's memory that trials may take together. */
const memoryShare = 0.8;

export class LocalLauncher implements Launcher {
  readonly jobs: number;
  private readonly budget = machineMemory() * memoryShare;

  /**
   * @param assets folder with trial.js and what a run needs
   * @param jobs null for one a core
   */
  constructor(
    private readonly assets: string,
    jobs: number | null,
  ) {
    this.jobs = jobs ?? os.availableParallelism();
  }

  /** One trial always may; others as far as memory goes, by what they are known to take and by what is free now. */
  hasRoom(task: TrialTask, running: readonly TrialTask[]): boolean {
    if (running.length === 0) return true;
    const taken = running.reduce((sum, { memory }) => sum + memory, 0);
    return running.length < this.jobs && taken + task.memory <= this.budget && task.memory <= freeMemory();
  }

  launch({ input }: TrialTask): LaunchedTrial {
    const child = fork(path.join(this.assets, "trial.js"), [], {
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-keptOutput);
    });
    const tell = (message: ToTrial) => {
      if (child.connected) child.send(message, () => {});
    };
    tell({ type: "begin", input });
    const ended = new Promise<{ error: RunError | null }>((resolve) => {
      child.on("message", ({ error }: FromTrial) => resolve({ error }));
      child.on("error", (error) =>
        resolve({ error: { code: "notStarted", message: `The trial's process could not start: ${error.message}` } }),
      );
      child.on("close", (code, signal) => resolve({ error: crashOf(code, signal, said) }));
    });
    return { ended, end: (how) => tell({ type: "end", how }), kill: () => void child.kill("SIGKILL") };
  }
}

function crashOf(code: number | null, signal: NodeJS.Signals | null, said: string): RunError {
  return { code: "crashed", message: `The trial's process ${endOfProcess(code, signal, said)}` };
}

/** Bytes. What macOS calls free leaves out what it would give back, so there the budget alone counts. */
function freeMemory(): number {
  return process.platform === "darwin" ? Number.POSITIVE_INFINITY : os.freemem();
}
