/** A process in which TensorFlow.js computes: starts it, asks it, and says how it ended. Bundled apart as tensorflow.js. */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { endOfProcess, keptOutput } from "../processEnd.js";
import { BackendError } from "./tensorflowError.js";
import type { FromTensorflow, TensorflowRequest, ToTensorflow } from "./tensorflowMessages.js";

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class TensorflowProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private asked = 0;
  private said = "";
  private gone: BackendError | null = null;

  /**
   * @param assets folder with tensorflow.js
   * @param threads how many the native library may use
   */
  constructor(assets: string, threads: number) {
    this.child = fork(path.join(assets, "tensorflow.js"), [], {
      execArgv: [],
      env: {
        ...process.env,
        ELECTRON_RUN_AS_NODE: "1",
        TF_NUM_INTRAOP_THREADS: String(threads),
        TF_NUM_INTEROP_THREADS: "1",
        OMP_NUM_THREADS: String(threads),
      },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.said = (this.said + text).slice(-keptOutput);
    });
    this.child.on("message", (message: FromTensorflow) => this.receive(message));
    this.child.on("error", (error) => this.end(`could not start or be reached: ${error.message}.`));
    this.child.on("close", (code, signal) => this.end(endOfProcess(code, signal, this.said)));
  }

  /** @throws BackendError where the process cannot answer: `backendFailed` when it says why, `backendEnded` when it is gone */
  ask<T>(request: TensorflowRequest): Promise<T> {
    const { gone } = this;
    if (gone) return Promise.reject(gone);
    const id = ++this.asked;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as Pending["resolve"], reject });
      // where sending fails the process is gone, which it says itself
      this.child.send({ id, request } satisfies ToTensorflow, () => {});
    });
  }

  /** Ends it at once: it keeps nothing. */
  dispose(): void {
    this.gone ??= endedError("has been ended.");
    this.child.kill("SIGKILL");
  }

  private receive(message: FromTensorflow): void {
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ("error" in message)
      pending?.reject(new BackendError(`TensorFlow.js failed: ${message.error}`, "backendFailed", message.error));
    else pending?.resolve(message.value);
  }

  private end(how: string): void {
    this.gone ??= endedError(how);
    for (const { reject } of this.pending.values()) reject(this.gone);
    this.pending.clear();
  }
}

/** @param how the end of a sentence that begins with the process */
function endedError(how: string): BackendError {
  const message = `The process in which TensorFlow.js computes ${how} The run's last checkpoint is kept: resume the run.`;
  return new BackendError(message, "backendEnded", `its process ${how}`);
}
