/** checkpoints/pretrained.safetensors: the layers as pre-training left them, and what reconstructs their inputs. */
import fs from "node:fs";
import { z } from "zod";
import { reconstructionTargets } from "../../common/pretraining.js";
import type { ReconstructionResult } from "../../common/run.js";
import type { Tensor, TensorInPieces } from "../formats/safetensors.js";
import type { NetworkShape, Parameters } from "../network/network.js";
import { arraysInMemory } from "../network/networkArrays.js";
import type { LayerPlan } from "../training/layerPlan.js";
import type { Pretrained } from "../training/pretrain.js";
import type { DecoderParameters } from "../training/pretrainingState.js";
import type { DecoderNote, LayerDecoders } from "../training/reconstruct.js";
import { reconstructionResultSchema } from "./recordSchema.js";
import { checkpointFile, damaged, openCheckpoint, parseJson, taker } from "./runCheckpoint.js";
import { RunFolderError } from "./runFolderError.js";
import { checkpointTensors } from "./runTensors.js";

const decoderNote: z.ZodType<DecoderNote> = z.object({
  decoder: z.enum(["softplus", "logistic", "linear", "rectifier"]),
  target: z.enum(reconstructionTargets),
  scale: z.number().positive(),
  encoderScale: z.number().positive(),
  shifted: z.boolean(),
  noise: z.object({ kind: z.enum(["masking", "saltAndPepper", "none"]), corruption: z.number(), salt: z.number() }),
});

export function decoderNoteOf(
  { decoder, target, shifted, noise }: LayerPlan,
  scale: number,
  encoderScale = 1,
): DecoderNote {
  return { decoder, target, scale, encoderScale, shifted, noise };
}

export function decoderTensors(decoders: readonly DecoderParameters[]): Record<string, Tensor> {
  return Object.fromEntries(
    decoders.flatMap(({ weightsInOut, biases }, l) => [
      [
        `layer${l + 1}.decoderWeights`,
        { dtype: "F32", shape: [weightsInOut.length / biases.length, biases.length], data: weightsInOut },
      ],
      [`layer${l + 1}.decoderBiases`, { dtype: "F32", shape: [biases.length], data: biases }],
    ]),
  );
}

/** The file's tensors and metadata: nothing of the training that follows is in it. */
export function pretrainedFile(
  { parameters, decoders, scales }: Pretrained,
  shape: NetworkShape,
  plans: readonly LayerPlan[],
  reconstruction: ReconstructionResult,
): { tensors: Record<string, Tensor | TensorInPieces>; metadata: Record<string, string> } {
  const layers = parameters.slice(0, decoders.length);
  const { activation, sharpness, signs, inputs, hidden } = shape;
  return {
    tensors: { ...checkpointTensors(arraysInMemory(layers), [], []), ...decoderTensors(decoders) },
    metadata: {
      activation,
      sharpness: String(sharpness),
      signs,
      sizes: [inputs, ...hidden.slice(0, decoders.length)].join(","),
      reconstruction: JSON.stringify(reconstruction),
      decoders: JSON.stringify(plans.map((plan, l) => decoderNoteOf(plan, scales[l] ?? 1))),
    },
  };
}

/** What the summary of a run that goes on needs of its pre-training. @throws RunFolderError where the file is not as it was written */
export function readReconstruction(folder: string): ReconstructionResult {
  const { file, metadata } = openCheckpoint(folder, "pretrained");
  const result = reconstructionResultSchema.safeParse(parseJson(metadata.reconstruction));
  if (!result.success) throw damaged(file, "it does not say how well it reconstructs");
  return result.data;
}

/**
 * What reconstructs examples: of a run that has pre-trained, or is doing so.
 * @throws RunFolderError where there is nothing like that yet, or it is damaged
 */
export function readDecoders(folder: string): LayerDecoders {
  const name = fs.existsSync(checkpointFile(folder, "pretrained")) ? "pretrained" : "last";
  const opened = openCheckpoint(folder, name);
  const { file, metadata } = opened;
  if (metadata.decoders === undefined)
    throw new RunFolderError(
      `${file} has no decoders: the run has no pre-training, or that of its first layer has not begun. Choose a run with pre-training.`,
      { code: "noDecoders", file },
    );
  const notes = z.array(decoderNote).min(1).max(1000).safeParse(parseJson(metadata.decoders));
  if (!notes.success) throw damaged(file, "it does not say what its decoders are");
  const sizes = (metadata.sizes ?? "").split(",").map(Number);
  const activation = z.enum(["rectifier", "softplus", "tanh", "logistic"]).safeParse(metadata.activation);
  const sharpness = Number(metadata.sharpness);
  if (!activation.success || !(sharpness > 0) || sizes.length <= notes.data.length)
    throw damaged(file, "it does not say what its network is");
  const take = taker(opened);
  const floats = (name: string, length: number) => take(name, length, "F32");
  const layers: Parameters = [];
  const decoders: DecoderParameters[] = [];
  for (let l = 0; l < notes.data.length; l++) {
    const [inputs, units] = [sizes[l] as number, sizes[l + 1] as number];
    layers.push({
      weightsInOut: floats(`layer${l + 1}.weights`, inputs * units),
      biases: floats(`layer${l + 1}.biases`, units),
      signs: floats(`layer${l + 1}.signs`, units),
    });
    decoders.push({
      weightsInOut: floats(`layer${l + 1}.decoderWeights`, inputs * units),
      biases: floats(`layer${l + 1}.decoderBiases`, inputs),
    });
  }
  return { layers, decoders, notes: notes.data, activation: activation.data, sharpness };
}
