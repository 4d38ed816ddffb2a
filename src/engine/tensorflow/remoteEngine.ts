/** Opens a TensorFlow.js backend in a process of its own, and tells whether TensorFlow's native library is to be had. */
import type { TensorflowName } from "../../common/backends.js";
import type { Optimizer } from "../../common/optimizers.js";
import type { TensorflowFound } from "../../common/tensorflow.js";
import { evaluationBatch } from "../backends/builtin.js";
import type { Engine } from "../backends/engine.js";
import type { NetworkShape } from "../network/network.js";
import { lookForTensorflow } from "./installed.js";
import { KeptSets, RemoteAutoencoder, RemoteBackend } from "./remoteBackend.js";
import { BackendError, NoTensorflowError } from "./tensorflowError.js";
import type { Opened } from "./tensorflowMessages.js";
import { TensorflowProcess } from "./tensorflowProcess.js";

export interface RemotePlace {
  /** Folder with tensorflow.js. */
  assets: string;
  /** Folder where tfjs-node is installed; null for the usual one. */
  tensorflowFolder: string | null;
  threads: number;
}

/** @throws NoTensorflowError, BackendError */
export async function openRemoteEngine(
  name: TensorflowName,
  shape: NetworkShape,
  { batchSize, optimizer }: { batchSize: number; optimizer: Optimizer },
  place: RemotePlace,
): Promise<Engine> {
  const { process, opened } = await openProcess(name, place);
  const sets = new KeptSets(process);
  let objects = 0;
  try {
    const object = objects++;
    await process.ask({ do: "network", object, shape, capacity: Math.max(batchSize, evaluationBatch), optimizer });
    return {
      backend: new RemoteBackend(name, process, sets, object),
      makeAutoencoder: async (plan, network, seed) => {
        const object = objects++;
        const capacity = Math.max(plan.batchSize, evaluationBatch);
        await process.ask({ do: "autoencoder", object, plan, shape: network, capacity, seed });
        return new RemoteAutoencoder(process, sets, object);
      },
      threads: place.threads,
      version: opened.version,
      dispose: () => process.dispose(),
    };
  } catch (error) {
    process.dispose();
    throw error;
  }
}

/** Looks for tfjs-node and loads it, in a process that is then ended. @param folder null for the usual one */
export async function checkTensorflow(folder: string | null, assets: string): Promise<TensorflowFound> {
  try {
    const { process, found, opened } = await openProcess("tensorflow", {
      assets,
      tensorflowFolder: folder,
      threads: 1,
    });
    process.dispose();
    const { library, provided } = opened;
    return { ...(found as TensorflowFound), state: "ready", command: null, library, provided };
  } catch (error) {
    if (error instanceof NoTensorflowError) return error.found;
    throw error;
  }
}

async function openProcess(backend: TensorflowName, { assets, tensorflowFolder, threads }: RemotePlace) {
  const found = backend === "tensorflow" ? lookForTensorflow(tensorflowFolder) : null;
  if (found && found.state !== "broken") throw new NoTensorflowError(found);
  const process = new TensorflowProcess(assets, threads);
  try {
    const opened = await process.ask<Opened>({ do: "open", backend, assets, found });
    return { process, found, opened };
  } catch (error) {
    process.dispose();
    const problem = error instanceof BackendError ? error.reason : String(error);
    throw found ? new NoTensorflowError({ ...found, problem }) : error;
  }
}
