/** Worker entry: one run a worker. Takes a WorkerInput as workerData and answers with FromWorker messages. Bundled as worker.js. */
import { parentPort, workerData } from "node:worker_threads";
import { packTrainLines } from "../common/frames.js";
import type { FromWorker, WorkerInput } from "../common/messages.js";
import { runErrorOf } from "./runs/run.js";
import { runExperiment } from "./runs/runExperiment.js";

const input = workerData as WorkerInput;
/** Hidden ones, once the run has started. */
let layers = 0;

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

runExperiment(input, {
  started: (run) => {
    layers = run.layers.length - 1;
    post({ type: "started", run });
  },
  frame: (trainLines, progress) => {
    const lines = packTrainLines(trainLines, layers);
    post({ type: "frame", lines, progress }, [lines]);
  },
  evaluation: (line) => post({ type: "evaluation", line }),
  revival: (line) => post({ type: "revival", line }),
  phase: (phases) => post({ type: "phase", phases }),
  pretraining: (lines, progress) => post({ type: "pretraining", lines, progress }),
}).then(
  (run) => post({ type: "ended", run, error: run.error }),
  (error) => post({ type: "ended", run: null, error: runErrorOf(error) }),
);
