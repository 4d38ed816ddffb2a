/**
 * The entry of a probe's process. Bundled as probe.js. A thread computes; the main thread watches over it, passes on what it says, and ends
 * the process when the model takes more than it may, or nobody waits for the answer any more.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { FromProbe, ProbeLimits, ProbeTask, ToProbe } from "../../common/probe.js";
import { DataError } from "../data/dataError.js";
import { ConfigReadError } from "../experiment/configText.js";
import { FormatError } from "../formats/formatError.js";
import { NetworkTooLargeError } from "../kernels/wasmKernels.js";
import type { ProbeError } from "./probeError.js";
import { probeModel } from "./probeModel.js";

const watchMs = 100;
const progressMs = 50;

if (isMainThread) {
  process.on("disconnect", () => process.exit(0));
  process.on("SIGINT", () => {});
  process.once("message", ({ task, limits }: ToProbe) => watch(task, limits));
} else void compute(workerData as ProbeTask);

function watch(task: ProbeTask, { memoryBytes, silentSeconds }: ProbeLimits): void {
  let heard = performance.now();
  let ended = false;
  const end = (message: FromProbe) => {
    if (ended) return;
    ended = true;
    process.send?.(message, undefined, undefined, () => process.exit(0));
  };
  const fail = (code: string, what: string) => {
    const message = `The probe of ${task.model} was ended: ${what}`;
    end({ type: "failed", failure: { code, message, input: false, file: task.model } });
  };
  const worker = new Worker(__filename, { workerData: task, name: "rectiscope probe" });
  worker.on("message", (message: FromProbe) => {
    heard = performance.now();
    if (message.type === "progress") process.send?.(message);
    else end(message);
  });
  worker.on("error", (error) => fail("crashed", `it failed (${(error as Error).message}).`));
  worker.on("exit", (code) => fail("crashed", `it stopped with code ${code}.`));
  setInterval(() => {
    if (process.memoryUsage.rss() > memoryBytes)
      fail("memory", `it took more than ${(memoryBytes / 2 ** 30).toFixed(1)} GiB of memory. Probe a smaller model.`);
    else if (performance.now() - heard > silentSeconds * 1000)
      fail(
        "silent",
        `nothing had come of it for ${silentSeconds} s. The model is too large for this machine, or does not end.`,
      );
  }, watchMs);
}

async function compute(task: ProbeTask): Promise<void> {
  let told = 0;
  const post = (message: FromProbe) => parentPort?.postMessage(message);
  try {
    const report = await probeModel(task, (progress) => {
      const now = performance.now();
      if (now - told < progressMs && progress.stage === "examples" && progress.done > 0) return;
      told = now;
      post({ type: "progress", progress });
    });
    post({ type: "ended", report });
  } catch (error) {
    post({ type: "failed", failure: failureOf(error) });
  }
}

const inputErrors = [FormatError, ConfigReadError, DataError, NetworkTooLargeError];

function failureOf(error: unknown) {
  const { code, message, input, file, key, value } = error as Partial<ProbeError>;
  return {
    code: code ?? "unexpected",
    message: message ?? String(error),
    input: input ?? inputErrors.some((kind) => error instanceof kind),
    file,
    key,
    value,
  };
}
