/** What a run computes with: opened by the config's `backend`. */
import fs from "node:fs";
import path from "node:path";
import type { BackendName } from "../../common/backends.js";
import { type Optimizer, plainSgd } from "../../common/optimizers.js";
import { softmax } from "../kernels/objective.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import type { NetworkShape } from "../network/network.js";
import { teamStarter } from "../startTeam.js";
import { openRemoteEngine } from "../tensorflow/remoteEngine.js";
import type { MakeAutoencoder } from "./autoencoder.js";
import type { Backend } from "./backend.js";
import { BuiltinBackend, evaluationBatch } from "./builtin.js";
import { autoencoderShape, BuiltinAutoencoder, objectiveOf, shapeBelow } from "./builtinAutoencoder.js";

export interface Engine {
  backend: Backend;
  makeAutoencoder: MakeAutoencoder;
  threads: number;
  /** Of what computes, where it is not Rectiscope's own. */
  version: string | null;
  dispose(): void;
}

export interface EngineSettings {
  shape: NetworkShape;
  /** Largest mini-batch of the training. */
  batchSize: number;
  optimizer: Optimizer;
  threads: number;
  /** Folder with kernels.wasm, team.js and tensorflow.js. */
  assets: string;
  /** Where tfjs-node is installed; null for the usual folder. */
  tensorflowFolder: string | null;
}

/** @throws NetworkTooLargeError, ThreadsError, NoTensorflowError, BackendError */
export async function openEngine(name: BackendName, settings: EngineSettings): Promise<Engine> {
  return name === "builtin" ? openBuiltin(settings) : openRemoteEngine(name, settings.shape, settings, settings);
}

async function openBuiltin({ shape, batchSize, optimizer, threads, assets }: EngineSettings): Promise<Engine> {
  const module = await WebAssembly.compile(fs.readFileSync(path.join(assets, "kernels.wasm")));
  const team = teamStarter(assets);
  const capacity = Math.max(batchSize, evaluationBatch);
  const kernels = new WasmKernels(module, shape, capacity, threads, team, optimizer, softmax, batchSize);
  const backend = new BuiltinBackend(kernels);
  try {
    await kernels.ready();
  } catch (error) {
    backend.dispose();
    throw error;
  }
  return {
    backend,
    makeAutoencoder: async (plan, network, seed) => {
      const size = Math.max(plan.batchSize, evaluationBatch);
      const below = shapeBelow(plan, network);
      const own = autoencoderShape(plan, network);
      const layer = new WasmKernels(module, own, size, threads, team, plainSgd, objectiveOf(plan));
      await layer.ready();
      return new BuiltinAutoencoder(plan, layer, below && new WasmKernels(module, below, size), seed);
    },
    threads,
    version: null,
    dispose: () => backend.dispose(),
  };
}
