/** Worker entry: checks the claims on a run, which takes seconds. Bundled as claims.js. */
import { parentPort, workerData } from "node:worker_threads";
import { type ClaimsProgress, type ClaimsRecord, cancelMessage } from "../../common/claims.js";
import { type ClaimsInput, claimsOf } from "./claimsOf.js";

export type FromClaimsWorker =
  | { type: "progress"; progress: ClaimsProgress }
  /** One of these is the last message. */
  | { type: "checked"; record: ClaimsRecord }
  | { type: "cancelled" }
  | { type: "failed"; message: string };

const controller = new AbortController();
const post = (message: FromClaimsWorker) => parentPort?.postMessage(message);

parentPort?.on("message", (message) => {
  if (message === cancelMessage) controller.abort();
});

claimsOf(workerData as ClaimsInput, {
  progress: (progress) => post({ type: "progress", progress }),
  signal: controller.signal,
})
  .then(
    (record) => post({ type: "checked", record }),
    (error: unknown) => {
      if (controller.signal.aborted) post({ type: "cancelled" });
      else post({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    },
  )
  .finally(() => parentPort?.close());
