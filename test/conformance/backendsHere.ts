/** The backends that load on this machine, opened as a run opens them: those of TensorFlow.js in a process of their own. */
import { type BackendName, backends } from "../../src/common/backends.js";
import { english } from "../../src/common/language.js";
import { type OptimizerChoice, optimizerOf, plainSgd } from "../../src/common/optimizers.js";
import { tensorflowSummary } from "../../src/common/tensorflow.js";
import { type Engine, openEngine } from "../../src/engine/backends/engine.js";
import type { NetworkShape } from "../../src/engine/network/network.js";
import { checkTensorflow } from "../../src/engine/tensorflow/remoteEngine.js";
import { dist } from "../support/kernelModule.js";

/** Where tfjs-node is for the tests; the usual folder unless the environment says. */
const tensorflowFolder = process.env.RECTISCOPE_TENSORFLOW ?? null;

/** Why it does not load; null where it does. */
export const notRun: Record<BackendName, string | null> = {
  builtin: null,
  "tfjs-wasm": null,
  "tfjs-cpu": null,
  tensorflow: await whyNoTensorflow(),
};

/** Those that are held to the built-in engine. */
export const others = backends.filter((name) => name !== "builtin");

export function open(name: BackendName, shape: NetworkShape, training?: OptimizerChoice): Promise<Engine> {
  const optimizer = training ? optimizerOf(training) : plainSgd;
  return openEngine(name, { shape, batchSize: 10, optimizer, threads: 1, assets: dist, tensorflowFolder });
}

async function whyNoTensorflow(): Promise<string | null> {
  const found = await checkTensorflow(tensorflowFolder, dist);
  return found.state === "ready" ? null : tensorflowSummary(found, english);
}
