/** A run's network on its validation set: one pass, in which all that reports on any unit need is counted. */
import type { RunRecord } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import { loadArrays } from "../backends/backendArrays.js";
import { BuiltinBackend, evaluationBatch } from "../backends/builtin.js";
import type { ExampleSet } from "../data/dataset.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import type { NetworkShape } from "../network/network.js";
import { LayerActivity } from "./layerActivity.js";
import type { RunNetwork } from "./runNetwork.js";

const turnMs = 40;

/** @returns null where the run's layers are not those of a network that the engine computes */
export function shapeOfRun({ layers }: Pick<RunRecord, "layers">, sharpness: number): NetworkShape | null {
  const hidden = layers.slice(0, -1);
  const activation = hidden[0]?.activation;
  const output = layers.at(-1);
  if (!activation || activation === "softmax" || output?.activation !== "softmax") return null;
  if (hidden.some((layer) => layer.activation !== activation)) return null;
  if (layers.some(({ inputs }, l) => l > 0 && inputs !== layers[l - 1]!.units)) return null;
  return {
    inputs: layers[0]!.inputs,
    hidden: hidden.map(({ units }) => units),
    classes: output.units,
    activation,
    sharpness,
    signs: "none",
  };
}

/**
 * @param turn called every now and then with the share that is done
 * @returns one for each hidden layer
 * @throws NetworkTooLargeError, RunFolderError; what `turn` throws
 */
export async function networkActivity(
  wasm: Uint8Array,
  network: RunNetwork,
  shape: NetworkShape,
  set: ExampleSet,
  turn: (share: number) => Promise<void>,
): Promise<LayerActivity[]> {
  const kernels = new WasmKernels(await WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>), shape, evaluationBatch);
  const backend = new BuiltinBackend(kernels);
  try {
    await loadArrays(backend, network.arrays, []);
    const layers = shape.hidden.map(
      (units, l) => new LayerActivity(network.signs(l), hasExactZeros(shape.activation), units, shape.classes, set.n),
    );
    let lastTurn = performance.now();
    for (let first = 0; first < set.n; first += evaluationBatch) {
      const size = Math.min(evaluationBatch, set.n - first);
      kernels.gather(
        set,
        Int32Array.from({ length: size }, (_, b) => first + b),
      );
      kernels.forward(size);
      layers.forEach((layer, l) => {
        layer.add(kernels.outputs(l), kernels.labels, first, size);
      });
      if (performance.now() - lastTurn < turnMs) continue;
      await turn((first + size) / set.n);
      lastTurn = performance.now();
    }
    return layers;
  } finally {
    backend.dispose();
  }
}
