/** Starts the kernels' helper threads in Node. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { StartTeam } from "./kernels/wasmKernels.js";

/** @param assets folder with team.js */
export function teamStarter(assets: string): StartTeam {
  return (members) => {
    const workers = members.map((workerData) => new Worker(path.join(assets, "team.js"), { workerData }));
    // a helper that has not started yet must not keep the process alive
    for (const worker of workers) worker.unref();
    return { stop: () => {} };
  };
}
