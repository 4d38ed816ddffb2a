/** A fully connected network on a set, by the engine that trains: the same numbers as in a run's evaluations. */
import fs from "node:fs";
import path from "node:path";
import { hasExactZeros } from "../../common/units.js";
import { BuiltinBackend, evaluationBatch } from "../backends/builtin.js";
import type { Dataset, ExampleSet } from "../data/dataset.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import type { ModelContents } from "../models/layer.js";
import { weightNorm } from "../sparsity/weightNorms.js";
import { type DenseNetwork, readParameters, readPlaces } from "./denseNetwork.js";
import type { Answers, CountedLayer } from "./probed.js";
import { ProbeError } from "./probeError.js";

/**
 * @param progress told every now and then how many examples are done
 * @throws FormatError, NetworkTooLargeError, ProbeError
 */
export async function probeDense(
  file: string,
  model: ModelContents,
  network: DenseNetwork,
  { dimension, classes }: Pick<Dataset, "dimension" | "classes">,
  set: ExampleSet,
  assets: string,
  progress: (done: number) => void,
): Promise<{ layers: CountedLayer[]; answers: Answers }> {
  const { shape, layers } = network;
  checkInputs(file, shape.inputs, layers[0]!.name, dimension);
  const answering = network.hasOutput && shape.classes === classes;
  const parameters = await readParameters(model, network);
  const places = await readPlaces(model, network);
  const module = await WebAssembly.compile(fs.readFileSync(path.join(assets, "kernels.wasm")));
  const backend = new BuiltinBackend(new WasmKernels(module, shape, evaluationBatch));
  try {
    backend.load(parameters);
    if (places) backend.loadHistory(places);
    // labels that the network has no output for would be addresses outside of its outputs
    const shown = answering ? set : { ...set, labels: new Uint8Array(set.n), stars: false };
    const result = await backend.evaluate(shown, progress);
    if (!Number.isFinite(result.lossSum)) {
      const layer = backend.firstNonFiniteLayer() ?? shape.hidden.length + 1;
      throw notFinite(file, layers[layer - 1]?.name ?? "the output");
    }
    return {
      layers: result.layers.map((statistics, l) => ({
        name: layers[l]!.name,
        activation: shape.activation,
        exact: hasExactZeros(shape.activation),
        weightNorm: weightNorm(parameters[l]!),
        statistics,
      })),
      answers: answering
        ? { lossSum: result.lossSum, errors: result.errors, starSquares: result.starSquares }
        : { lossSum: null, errors: null, starSquares: null },
    };
  } finally {
    backend.dispose();
  }
}

function checkInputs(file: string, wanted: number, layer: string, given: number): void {
  if (wanted === given) return;
  throw new ProbeError({
    code: "inputShape",
    message: `${file} wants ${wanted} inputs (of its layer ${JSON.stringify(layer)}), and an example of the data set has ${given}. Name a config whose data set is the one that the model was made for.`,
    input: true,
    file,
    key: layer,
    value: [given],
  });
}

/** @param layer where the first one appeared, as far as that is known */
export function notFinite(file: string, layer: string): ProbeError {
  return new ProbeError({
    code: "nonFinite",
    message: `${file}: the outputs of ${JSON.stringify(layer)} are not all finite on this set, so that nothing can be said of its units. Check the model's weights, and whether it is for inputs of this range (images are scaled to 0…1).`,
    input: true,
    file,
    key: layer,
  });
}
