/**
 * The entry of the process in which TensorFlow.js computes, on behalf of a run. Bundled as tensorflow.js. A crash of a native library ends
 * this process alone; when the run is gone, however it ended, so is this.
 */
import { plainSgd } from "../../common/optimizers.js";
import type { Autoencoder } from "../backends/autoencoder.js";
import type { Backend } from "../backends/backend.js";
import { BuiltinBackend } from "../backends/builtin.js";
import { autoencoderShape, BuiltinAutoencoder, objectiveOf, shapeBelow } from "../backends/builtinAutoencoder.js";
import type { ExampleSet } from "../data/dataset.js";
import { bundledVersion, loadBundled } from "./bundledOperations.js";
import { loadNative } from "./nativeOperations.js";
import type { Operations } from "./operations.js";
import { TensorflowKernels } from "./tensorflowKernels.js";
import type { FromTensorflow, KeptSet, Opened, TensorflowRequest, ToTensorflow } from "./tensorflowMessages.js";

let tf: Operations | null = null;
const sets = new Map<number, ExampleSet>();
const objects = new Map<number, Backend | Autoencoder>();

process.on("disconnect", () => process.exit(0));
// Ctrl+C in a terminal reaches every process there; the run says what it means
process.on("SIGINT", () => {});
process.on("message", ({ id, request }: ToTensorflow) => {
  answer(request).then(
    (value) => post({ id, value }),
    (error) => post({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});

function post(message: FromTensorflow): void {
  process.send?.(message, () => {});
}

async function answer(request: TensorflowRequest): Promise<unknown> {
  switch (request.do) {
    case "open":
      return open(request);
    case "keep":
      return void sets.set(request.set, request.examples);
    case "network": {
      const { shape, capacity, optimizer } = request;
      return void objects.set(
        request.object,
        new BuiltinBackend(new TensorflowKernels(loaded(), shape, capacity, optimizer)),
      );
    }
    case "autoencoder": {
      const { plan, shape, capacity, seed } = request;
      const below = shapeBelow(plan, shape);
      const own = new TensorflowKernels(loaded(), autoencoderShape(plan, shape), capacity, plainSgd, objectiveOf(plan));
      const under = below && new TensorflowKernels(loaded(), below, capacity);
      return void objects.set(request.object, new BuiltinAutoencoder(plan, own, under, seed));
    }
    case "call":
      return call(request);
    case "close":
      objects.get(request.object)?.dispose();
      return void objects.delete(request.object);
  }
}

async function open({ backend, assets, found }: Extract<TensorflowRequest, { do: "open" }>): Promise<Opened> {
  if (backend !== "tensorflow") {
    tf = await loadBundled(backend, assets);
    return { version: `${backend} ${bundledVersion}`, library: null, provided: [] };
  }
  const installed = found?.package;
  if (!found || !installed) throw new Error("Nobody said where tfjs-node is.");
  const { library, provided, ...native } = await loadNative(found.folder, installed.name);
  tf = native.tf;
  return { version: `${installed.name} ${installed.version}`, library, provided };
}

async function call({ object, method, given }: Extract<TensorflowRequest, { do: "call" }>): Promise<unknown> {
  const target = objects.get(object) as unknown as Record<string, (...given: unknown[]) => unknown>;
  // what takes long asks for it last, and gives messages a turn: that the run is gone is one
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return target[method]?.(...given.map(withSet), turn);
}

function withSet(value: unknown): unknown {
  const kept = (value as Partial<KeptSet> | null)?.keptSet;
  return kept === undefined ? value : sets.get(kept);
}

function loaded(): Operations {
  if (!tf) throw new Error("TensorFlow.js has not been loaded.");
  return tf;
}
