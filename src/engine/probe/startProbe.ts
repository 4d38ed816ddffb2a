/** Starts a probe in a process of its own: a model that crashes, never ends or takes all memory takes nothing else with it. */
import { fork } from "node:child_process";
import path from "node:path";
import type { FromProbe, ProbeLimits, ProbeProgress, ProbeReport, ProbeTask, ToProbe } from "../../common/probe.js";
import { machineMemory } from "../machineMemory.js";
import { ProbeError } from "./probeError.js";

export interface StartedProbe {
  /** @throws ProbeError; its code is `cancelled` after `cancel` */
  report: Promise<ProbeReport>;
  cancel(): void;
}

const keptOutput = 2000;

export function defaultLimits(): ProbeLimits {
  return { memoryBytes: Math.min(5 * 2 ** 30, 0.75 * machineMemory()), silentSeconds: 120 };
}

export function startProbe(
  task: ProbeTask,
  progress: (progress: ProbeProgress) => void,
  limits: ProbeLimits = defaultLimits(),
): StartedProbe {
  const child = fork(path.join(task.assets, "probe.js"), [], {
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  const file = task.model;
  const failed = (code: string, message: string) => new ProbeError({ code, message, input: false, file });
  let said = "";
  let cancelled = false;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-keptOutput);
  });
  const report = new Promise<ProbeReport>((resolve, reject) => {
    child.on("message", (message: FromProbe) => {
      if (message.type === "progress") progress(message.progress);
      else if (message.type === "ended") resolve(message.report);
      else reject(new ProbeError(message.failure));
    });
    child.on("error", (error) =>
      reject(failed("notStarted", `The probe's process could not start: ${error.message}.`)),
    );
    child.on("close", (code, signal) => {
      if (cancelled) return reject(failed("cancelled", `The probe of ${file} was cancelled.`));
      const how = signal ? `by ${signal}` : `with code ${code}`;
      const why = signal === "SIGKILL" ? " Something killed it: perhaps memory ran out." : "";
      const words = said.trim();
      reject(
        failed(
          "crashed",
          `The probe of ${file} ended ${how} before it was done.${why}${words ? ` It said: ${words}` : ""}`,
        ),
      );
    });
  });
  child.send({ type: "begin", task, limits } satisfies ToProbe, () => {});
  return {
    report,
    cancel() {
      cancelled = true;
      child.kill("SIGKILL");
    },
  };
}
