/** Starts the kernels' helper threads in Node. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { StartTeam } from "./kernels/wasmKernels.js";

/** Helper threads that do not start: the run would wait for them for ever. */
export class ThreadsError extends Error {
  override readonly name = "ThreadsError";
  readonly code = "threads";
  readonly key = "threads";
}

/** @param assets folder with team.js */
export function teamStarter(assets: string): StartTeam {
  return (members) => {
    const workers = members.map((workerData) => new Worker(path.join(assets, "team.js"), { workerData }));
    const ready = Promise.all(workers.map(started)).then(() => {
      // helpers wait inside WebAssembly: they must not keep the process alive
      for (const worker of workers) worker.unref();
    });
    return { ready };
  };
}

/** Resolves with the helper's first message. */
function started(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (why: string) =>
      reject(
        new ThreadsError(`A helper thread could not start: ${why}. Set threads to 1, which gives the same result.`),
      );
    worker.once("message", () => resolve());
    worker.once("error", (error) => failed((error as Error).message));
    worker.once("exit", (code) => failed(`it ended with code ${code}`));
  });
}
