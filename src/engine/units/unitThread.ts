/** A thread that reports on the units of one run. It keeps what it has computed, so that the next unit comes at once, until it is closed. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { UnitProgress, UnitReport } from "../../common/unitReport.js";
import type { ActivityTask } from "./runActivity.js";
import type { FromUnitWorker, ToUnitWorker } from "./unitWorker.js";

export interface UnitListener {
  /** Told what the folder alone gives, where the rest has yet to be computed. */
  partial?(report: UnitReport): void;
  progress?(progress: UnitProgress): void;
}

interface Pending extends UnitListener {
  resolve(report: UnitReport): void;
  reject(error: Error): void;
}

/** Of JavaScript objects, such as reports; data and counts lie outside. */
const heapMegabytes = 1024;

export class UnitThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private ended: Error | null = null;

  constructor(task: ActivityTask) {
    this.worker = new Worker(path.join(task.assets, "units.js"), {
      workerData: task,
      execArgv: [],
      name: "rectiscope units",
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    this.worker.on("message", (message: FromUnitWorker) => this.receive(message));
    this.worker.on("error", (error) => this.end(error as Error));
    this.worker.on("exit", (code) => this.end(new Error(`The thread that reports on units ended with code ${code}.`)));
  }

  /** True for a thread that crashed or was closed: it answers nothing any more. */
  get isOver(): boolean {
    return this.ended !== null;
  }

  /**
   * @param layer from 1
   * @param unit from 0
   * @throws Error with the reason; an AbortError where the signal was aborted
   */
  report(layer: number, unit: number, listener: UnitListener = {}, signal?: AbortSignal): Promise<UnitReport> {
    if (this.ended) return Promise.reject(this.ended);
    signal?.throwIfAborted();
    const id = this.nextId++;
    return new Promise<UnitReport>((resolve, reject) => {
      this.pending.set(id, { ...listener, resolve, reject });
      this.post({ type: "report", id, layer, unit });
      signal?.addEventListener("abort", () => this.post({ type: "cancel", id }), { once: true });
    });
  }

  dispose(): void {
    this.end(new Error("The thread that reports on units was closed."));
    void this.worker.terminate();
  }

  private post(message: ToUnitWorker): void {
    if (!this.ended) this.worker.postMessage(message);
  }

  private receive(message: FromUnitWorker): void {
    const pending = this.pending.get(message.id);
    if (!pending) return;
    if (message.type === "progress") pending.progress?.(message.progress);
    else if (message.type === "partial") pending.partial?.(message.report);
    else this.settle(message, pending);
  }

  private settle(message: Exclude<FromUnitWorker, { type: "progress" | "partial" }>, pending: Pending): void {
    this.pending.delete(message.id);
    if (message.type === "report") pending.resolve(message.report);
    else if (message.type === "failed") pending.reject(new Error(message.message));
    else pending.reject(Object.assign(new Error("The report was cancelled."), { name: "AbortError" }));
  }

  private end(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}
