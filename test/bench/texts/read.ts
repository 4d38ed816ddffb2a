/** Reads the reviews as an experiment would, and makes some steps of the paper's network for text on them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { experimentSchema } from "../../../src/common/experiment.js";
import { BuiltinBackend, evaluationBatch } from "../../../src/engine/backends/builtin.js";
import { inputBytes } from "../../../src/engine/data/dataset.js";
import { loadDataset } from "../../../src/engine/data/registry.js";
import { WasmKernels } from "../../../src/engine/kernels/wasmKernels.js";
import { initialParameters } from "../../../src/engine/network/initialise.js";
import { networkShape } from "../../../src/engine/network/network.js";

const [file = "", wasm = ""] = process.argv.slice(2);
const { dataset: config, network } = experimentSchema.parse({
  dataset: { name: "text", text: { files: [path.basename(file)], labels: "stars" } },
  network: { hidden: [5000, 5000, 5000] },
  training: { learningRate: 0.01, epochs: 1 },
});
const begun = process.cpuUsage();
const dataset = await loadDataset(config, { configFolder: path.dirname(file), dataFolders: [], assets: "" });
// of the processor: what else the machine does falls out
const { user, system } = process.cpuUsage(begun);
const seconds = (user + system) / 1e6;
const peakMiB = process.resourceUsage().maxRSS / 1024;
const sets = [dataset.train, dataset.valid, dataset.test];
const inputMiB = sets.reduce((sum, { inputs }) => sum + inputBytes(inputs), 0) / 2 ** 20;
const ones = sets.reduce((sum, { inputs }) => sum + (inputs.kind === "sparse" ? inputs.indices.length : 0), 0);
const n = sets.reduce((sum, set) => sum + set.n, 0);

const shape = networkShape(network, dataset.dimension, dataset.classes);
const module = await WebAssembly.compile(readFileSync(wasm));
const kernels = new WasmKernels(module, shape, evaluationBatch);
const backend = new BuiltinBackend(kernels);
backend.load(initialParameters(shape, 1));
const [steps, size] = [200, 10];
for (let step = 1; step <= steps; step++) {
  const indices = Int32Array.from({ length: size }, (_, k) => step * size + k);
  backend.trainStep(dataset.train, indices, { step, learningRate: 0.01, l1: 0 });
}
const result = {
  seconds,
  peakMiB,
  inputMiB,
  share: ones / (n * dataset.dimension),
  kernelMiB: kernels.memoryBytes / 2 ** 20,
  trainingMiB: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result));
