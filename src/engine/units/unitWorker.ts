/** Worker entry: reports on the units of one run for as long as it is open, one report at a time. Bundled as units.js. */
import { parentPort, workerData } from "node:worker_threads";
import type { UnitProgress, UnitReport } from "../../common/unitReport.js";
import type { ActivityTask } from "./runActivity.js";
import { UnitReports } from "./unitReports.js";

export type ToUnitWorker = { type: "report"; id: number; layer: number; unit: number } | { type: "cancel"; id: number };

export type FromUnitWorker =
  | { type: "progress"; id: number; progress: UnitProgress }
  /** What the folder alone gives; the rest is being computed. */
  | { type: "partial"; id: number; report: UnitReport }
  /** One of these is the last of each request. */
  | { type: "report"; id: number; report: UnitReport }
  | { type: "cancelled"; id: number }
  | { type: "failed"; id: number; message: string };

const reports = new UnitReports(workerData as ActivityTask);
const going = new Map<number, AbortController>();
let last: Promise<void> = Promise.resolve();
const post = (message: FromUnitWorker) => parentPort?.postMessage(message);

parentPort?.on("message", (message: ToUnitWorker) => {
  if (message.type === "cancel") return going.get(message.id)?.abort();
  const { id, layer, unit } = message;
  const controller = new AbortController();
  going.set(id, controller);
  last = last.then(() => answer(id, layer, unit, controller.signal));
});

async function answer(id: number, layer: number, unit: number, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted();
    const report = await reports.report(layer, unit, {
      progress: (progress) => post({ type: "progress", id, progress }),
      partial: (report) => post({ type: "partial", id, report }),
      signal,
    });
    post({ type: "report", id, report });
  } catch (error) {
    if (signal.aborted) post({ type: "cancelled", id });
    else post({ type: "failed", id, message: error instanceof Error ? error.message : String(error) });
  } finally {
    going.delete(id);
  }
}
