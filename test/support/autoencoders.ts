/** Small auto-encoders with everything about them random but seeded. */
import type { Kernels } from "../../src/engine/kernels/kernels.js";
import type { Decoder, Objective } from "../../src/engine/kernels/objective.js";
import type { NetworkShape, Parameters } from "../../src/engine/network/network.js";
import { transposed } from "../../src/engine/network/network.js";
import { Random } from "../../src/engine/network/random.js";
import { feed, randomBatch, randomParameters } from "./problems.js";

export const decoders: Decoder[] = ["softplus", "logistic", "linear", "rectifier"];

export interface ReconstructionBatch {
  size: number;
  /** [size × inputs] */
  inputs: Float32Array;
  targets: Float32Array;
}

/** An auto-encoder of `units` units: what is reconstructed is as wide as the input. */
export function autoencoderShape(
  inputs: number,
  units: number,
  of: Pick<NetworkShape, "activation" | "sharpness" | "signs">,
): NetworkShape {
  return { inputs, hidden: [units], classes: inputs, ...of };
}

export function reconstructionOf(decoder: Decoder, tied: boolean): Objective {
  return { kind: "reconstruction", decoder, tied };
}

/** Targets in 0…1, where every decoder can reach; the linear one gets negative ones too. */
export function reconstructionBatch(
  shape: NetworkShape,
  decoder: Decoder,
  size: number,
  seed: number,
): ReconstructionBatch {
  const random = Random.stream(seed, "reconstruction");
  const { inputs } = randomBatch(shape, size, random);
  const lowest = decoder === "linear" ? -1 : 0;
  const targets = inputs.map(() => (random.uniform() < 0.3 ? 0 : lowest + random.uniform() * (1 - lowest)));
  return { size, inputs, targets };
}

export function feedReconstruction(kernels: Kernels, { size, inputs, targets }: ReconstructionBatch): void {
  feed(kernels, { size, inputs, labels: new Int32Array(size) });
  kernels.useInputs();
  const { inputs: width } = kernels.shape;
  for (let b = 0; b < size; b++)
    for (let i = 0; i < width; i++) kernels.targets.values[b * kernels.targets.pitch + i] = targets[b * width + i]!;
}

export function autoencoderParameters(shape: NetworkShape, tied: boolean, seed: number): Parameters {
  const [encoder, decoder] = randomParameters(shape, seed);
  if (!encoder || !decoder) throw new Error("An auto-encoder has two layers.");
  return [encoder, tied ? { ...decoder, weightsInOut: transposed(encoder) } : decoder];
}
