/** What every independent implementation of an auto-encoder is given: 100 mini-batches of real digits with noise, and where it starts. */
import path from "node:path";
import { plainSgd } from "../../src/common/optimizers.js";
import { type Activation, signMaskOf } from "../../src/common/units.js";
import { writeExample } from "../../src/engine/data/dataset.js";
import { loadDataset } from "../../src/engine/data/registry.js";
import type { Decoder } from "../../src/engine/kernels/objective.js";
import { WasmKernels } from "../../src/engine/kernels/wasmKernels.js";
import type { NetworkShape, Parameters } from "../../src/engine/network/network.js";
import { Random } from "../../src/engine/network/random.js";
import { corrupt } from "../../src/engine/training/corruption.js";
import {
  autoencoderParameters,
  autoencoderShape,
  feedReconstruction,
  type ReconstructionBatch,
  reconstructionOf,
} from "../support/autoencoders.js";
import { dist, kernelModule } from "../support/kernelModule.js";

export const steps = 100;
const size = 10;
export const learningRate = 0.005;
export const l1 = 0.001;

const decoders = ["softplus", "logistic", "linear", "rectifier"] as const;
const units = ["rectifier", "tanh", "softplus", "logistic"] as const;

/** Every decoder with every unit; the tied weights, which are the same for all of them, with some. */
export const cases = [
  ...decoders.flatMap((decoder) => units.map((unit) => [decoder, unit, false] as const)),
  ...(["softplus", "logistic"] as const).map((decoder) => [decoder, "rectifier", true] as const),
  ["logistic", "tanh", true] as const,
];

export interface ReconstructionProblem {
  shape: NetworkShape;
  decoder: Decoder;
  tied: boolean;
  start: Parameters;
  batches: ReconstructionBatch[];
}

const places = { configFolder: path.resolve("."), dataFolders: [], assets: dist };
const digits = loadDataset({ name: "mnist-sample", classes: 10 }, places);

export async function reconstructionProblem(
  decoder: Decoder,
  activation: Activation,
  tied: boolean,
): Promise<ReconstructionProblem> {
  const { train, dimension } = await digits;
  const sharpness = activation === "softplus" ? 2 : 1;
  const shape = autoencoderShape(dimension, 32, { activation, sharpness, signs: signMaskOf({ activation }) });
  const order = Random.stream(5, "parity").permutation(train.n);
  const batches = Array.from({ length: steps }, (_, k) => {
    const targets = new Float32Array(size * dimension);
    order.subarray(k * size, (k + 1) * size).forEach((example, b) => {
      writeExample(train.inputs, example, dimension, targets, b * dimension);
    });
    const inputs = targets.slice();
    const noise = { kind: "masking", corruption: 0.25, salt: 0 } as const;
    corrupt(inputs, 0, inputs.length, noise, Random.stream(7, `noise/${k}`));
    return { size, inputs, targets };
  });
  return { shape, decoder, tied, start: autoencoderParameters(shape, tied, 11), batches };
}

export interface ReconstructionEnd {
  parameters: Parameters;
  losses: number[];
}

/** Trains our kernels on the problem. */
export function reconstructOurs({ shape, decoder, tied, start, batches }: ReconstructionProblem): ReconstructionEnd {
  const objective = reconstructionOf(decoder, tied);
  const kernels = new WasmKernels(kernelModule(), shape, size, 1, undefined, plainSgd, objective);
  kernels.load(start);
  const losses = batches.map((batch, k) => {
    feedReconstruction(kernels, batch);
    kernels.step(size, { step: k + 1, learningRate, l1 });
    return Array.from(kernels.losses.slice(0, size)).reduce((sum, loss) => sum + loss, 0) / size;
  });
  return { parameters: kernels.read(), losses };
}
