/** A run in progress: its worker thread from start to end. However the worker ends, the run ends too, exactly once. */
import { Worker } from "node:worker_threads";
import { type FromWorker, stopSignals, type WorkerInput } from "../../common/messages.js";
import type { RunError, RunRecord } from "../../common/run.js";

export interface RunOutcome {
  /** Null when the run folder could not be made. */
  run: RunRecord | null;
  error: RunError | null;
}

export interface LiveRunHooks {
  message(message: FromWorker): void;
  /** What the worker prints; nothing, if all is well. */
  output(text: string): void;
  /** The worker ended without its last message: writes that down and returns the record, if there is one. */
  died(error: RunError): Promise<RunRecord | null>;
}

/** Times in milliseconds that a worker gets before it is terminated. */
export interface Patience {
  /** Without any message, once it was asked to end: the step in progress, an evaluation and a checkpoint may take long. */
  silence: number;
  /** From its last message to its exit. */
  exit: number;
}

const usualPatience: Patience = { silence: 60_000, exit: 2_000 };

export class LiveRun {
  readonly folder: string;
  /** The record, or null when the run ended before it started. */
  readonly started: Promise<RunRecord | null>;
  readonly ended: Promise<RunOutcome>;

  private readonly worker: Worker;
  private readonly stopFlag: Int32Array;
  private readonly reviveFlag: Int32Array;
  private resolveStarted!: (run: RunRecord | null) => void;
  private resolveEnded!: (outcome: RunOutcome) => void;
  private timer: NodeJS.Timeout | undefined;
  private over = false;

  constructor(
    workerFile: string,
    input: Omit<WorkerInput, "stop" | "revive">,
    private readonly hooks: LiveRunHooks,
    private readonly patience: Patience = usualPatience,
  ) {
    const stop = new SharedArrayBuffer(4);
    this.folder = input.runFolder;
    this.stopFlag = new Int32Array(stop);
    const revive = new SharedArrayBuffer(4);
    this.reviveFlag = new Int32Array(revive);
    this.started = new Promise((resolve) => {
      this.resolveStarted = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });

    const workerData: WorkerInput = { ...input, stop, revive };
    this.worker = new Worker(workerFile, { workerData, execArgv: [], stdout: true, stderr: true, name: "rectiscope" });
    for (const stream of [this.worker.stdout, this.worker.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => hooks.output(text));
    this.worker.on("message", (message: FromWorker) => this.receive(message));
    this.worker.on("messageerror", (error) =>
      this.die("workerMessage", `The worker's message is unreadable: ${error}`),
    );
    this.worker.on("error", (error) => this.die("workerCrashed", `The worker thread failed: ${messageOf(error)}`));
    this.worker.on("exit", (code) => {
      clearTimeout(this.timer);
      this.die("workerExited", `The worker thread ended unexpectedly, with code ${code}.`);
    });
  }

  /** Asks the worker to end after its step, with a checkpoint and a measurement on the test set. */
  stop(): void {
    this.ask(stopSignals.stop);
  }

  /** Asks the worker to end after its step, with a checkpoint. A run that was asked to stop stops. */
  pause(): void {
    if (!this.ending) this.ask(stopSignals.pause);
  }

  /** Asks the worker to revive units once, as soon as it is between two steps of the training. */
  revive(): void {
    Atomics.store(this.reviveFlag, 0, 1);
  }

  /** True once the run was asked to stop or pause. */
  get ending(): boolean {
    return Atomics.load(this.stopFlag, 0) !== stopSignals.goOn;
  }

  /** Ends the worker's thread at once; the run is then interrupted, as if the editor had crashed. */
  async terminate(): Promise<void> {
    clearTimeout(this.timer);
    this.over = true;
    await this.worker.terminate();
    this.finish({ run: null, error: null });
  }

  private ask(signal: number): void {
    if (this.over || Atomics.exchange(this.stopFlag, 0, signal) === signal) return;
    this.watchSilence();
  }

  /** Terminates the worker when it says nothing for too long. */
  private watchSilence(): void {
    clearTimeout(this.timer);
    const { silence } = this.patience;
    this.timer = setTimeout(
      () => this.die("workerStuck", `The worker did not end within ${silence / 1000} s and was terminated.`),
      silence,
    );
  }

  private receive(message: FromWorker): void {
    if (this.over) return;
    if (message.type === "ended") {
      this.over = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.worker.terminate(), this.patience.exit);
    } else if (this.ending) this.watchSilence();
    this.hooks.message(message);
    if (message.type === "started") this.resolveStarted(message.run);
    if (message.type === "ended") this.finish({ run: message.run, error: message.error });
  }

  private async die(code: string, message: string): Promise<void> {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    const error: RunError = { code, message };
    await this.worker.terminate();
    const run = await this.hooks.died(error).catch(() => null);
    this.hooks.message({ type: "ended", run, error });
    this.finish({ run, error });
  }

  private finish(outcome: RunOutcome): void {
    this.resolveStarted(null);
    this.resolveEnded(outcome);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
