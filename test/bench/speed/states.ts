/** Networks on their way through training, made once by our engine and kept in .cache/bench/states. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Experiment } from "../../../src/common/experiment.js";
import { BuiltinBackend } from "../../../src/engine/backends/builtin.js";
import type { Dataset } from "../../../src/engine/data/dataset.js";
import { WasmKernels } from "../../../src/engine/kernels/wasmKernels.js";
import { initialParameters } from "../../../src/engine/network/initialise.js";
import { networkShape, type Parameters } from "../../../src/engine/network/network.js";
import { Random } from "../../../src/engine/network/random.js";
import { teamStarter } from "../../../src/engine/startTeam.js";
import { readParameters, readPlaces, writeParameters, writePlaces } from "./parametersFile.js";
import { cache, dist } from "./places.js";

/** Which kernels trained the states, and how long they took. */
export interface Origin {
  kernels: string;
  /** Seconds of the steps alone, by epoch. */
  seconds: Record<string, number>;
}

/** Parameters, and where training kept the units that they belong to. */
export interface State {
  start: Parameters;
  places: Int32Array[];
}

export interface States {
  origin: Origin;
  at(epoch: number): State;
}

/** The examples of one epoch in the order in which training takes them; train.ts names the stream. */
export function epochOrder(seed: number, epoch: number, n: number): Int32Array {
  return Random.stream(seed, `shuffling/${epoch}`).permutation(n);
}

/** @param epochs where states are needed, ascending; 0 is the start */
export async function trainedStates(
  experiment: Experiment,
  dataset: Dataset,
  epochs: readonly number[],
  { anew, say }: { anew: boolean; say: (line: string) => void },
): Promise<States> {
  const { network, training, seed } = experiment;
  const shape = networkShape(network, dataset.dimension, dataset.classes);
  const key = createHash("sha256")
    .update(JSON.stringify([shape, training.learningRate, training.batchSize, training.l1, seed, dataset.sha256]))
    .digest("hex")
    .slice(0, 12);
  const folder = path.join(cache, "states", key);
  const fileOf = (epoch: number) => path.join(folder, `epoch-${epoch}.f32`);
  const placesOf = (epoch: number) => path.join(folder, `epoch-${epoch}.places`);
  const originFile = path.join(folder, "origin.json");
  const wanted = epochs.filter((epoch) => anew || !fs.existsSync(placesOf(epoch)));
  if (wanted.length > 0) {
    fs.mkdirSync(folder, { recursive: true });
    const origin = await make(wanted);
    fs.writeFileSync(originFile, JSON.stringify(origin));
  }
  return {
    origin: JSON.parse(fs.readFileSync(originFile, "utf8")) as Origin,
    at: (epoch) => ({ start: readParameters(fileOf(epoch), shape), places: readPlaces(placesOf(epoch), shape) }),
  };

  async function make(at: readonly number[]): Promise<Origin> {
    const wasm = fs.readFileSync(path.join(dist, "kernels.wasm"));
    const { batchSize, learningRate, l1 } = training;
    const kernels = new WasmKernels(new WebAssembly.Module(wasm), shape, batchSize, 2, teamStarter(dist));
    await kernels.ready();
    const backend = new BuiltinBackend(kernels);
    backend.load(initialParameters(shape, seed));
    const { train } = dataset;
    const stepsPerEpoch = Math.ceil(train.n / batchSize);
    const stepsAt = new Map(at.map((epoch) => [Math.round(epoch * stepsPerEpoch), epoch]));
    const last = Math.max(...stepsAt.keys());
    const seconds: Origin["seconds"] = {};
    let order = epochOrder(seed, 1, train.n);
    let taken = 0;
    for (let step = 0; ; step++) {
      const epoch = stepsAt.get(step);
      if (epoch !== undefined) {
        writeParameters(fileOf(epoch), backend.read());
        writePlaces(
          placesOf(epoch),
          backend.readHistory().map(({ place }) => place),
        );
        seconds[epoch] = taken;
        say(`trained to epoch ${epoch} in ${taken.toFixed(0)} s`);
      }
      if (step === last) break;
      const position = step % stepsPerEpoch;
      if (position === 0) order = epochOrder(seed, step / stepsPerEpoch + 1, train.n);
      const begun = performance.now();
      backend.trainStep(train, order.subarray(position * batchSize, (position + 1) * batchSize), {
        step: step + 1,
        learningRate,
        l1,
      });
      taken += (performance.now() - begun) / 1000;
    }
    backend.dispose();
    return { kernels: createHash("sha256").update(wasm).digest("hex").slice(0, 12), seconds };
  }
}
