/** Starts a network with the parameters of an earlier run. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Experiment } from "../../common/experiment.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import { initialParameters } from "../network/initialise.js";
import { type LayerParameters, layerSizes, type NetworkShape, type Parameters } from "../network/network.js";
import { type CheckpointName, checkpointFile } from "./runCheckpoint.js";

type WarmStart = NonNullable<Experiment["warmStart"]>;

/** The network to start with cannot be taken. The message names the file and the mend. */
export class WarmStartError extends Error {
  override readonly name = "WarmStartError";
  readonly code = "warmStart";
  readonly key = "warmStart.run";

  constructor(
    message: string,
    readonly file: string,
    readonly value: string,
  ) {
    super(message);
  }
}

/** Hash of a checkpoint's file, hexadecimal: what a warm start is content-addressed by. */
export function checkpointHash(runFolder: string, name: CheckpointName): string {
  return sha256(fs.readFileSync(checkpointFile(runFolder, name)));
}

/**
 * The parameters of a run's checkpoint, signs included.
 * @param configFolder what `warmStart.run` is relative to
 * @param seed of layers that the checkpoint does not have
 * @throws WarmStartError
 */
export function readWarmStart(
  { run, checkpoint, sha256: wanted }: WarmStart,
  configFolder: string,
  shape: NetworkShape,
  seed: number,
): Parameters {
  const file = checkpointFile(path.resolve(configFolder, run), checkpoint);
  const refuse = (why: string) => new WarmStartError(`warmStart.run is ${JSON.stringify(run)}: ${why}`, file, run);
  let bytes: Uint8Array;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    throw refuse(
      `${file} cannot be read (${(error as Error).message}). Name a run folder with a checkpoint, relative to the config.`,
    );
  }
  if (wanted !== undefined && sha256(bytes) !== wanted)
    throw refuse(`${file} has changed since it was chosen. Choose it again, or remove warmStart.sha256.`);
  let decoded: ReturnType<typeof decodeSafetensors>;
  try {
    decoded = decodeSafetensors(bytes);
  } catch (error) {
    throw refuse(`${file} is damaged (${(error as Error).message}). Name another run.`);
  }
  const { tensors, metadata } = decoded;
  const sizes = [shape.inputs, ...shape.hidden, shape.classes];
  const own = metadata.sizes?.split(",") ?? [];
  // pre-training may have ended below this network's last hidden layer; what is above it begins anew, and so does the softmax
  const pretrained = checkpoint === "pretrained" && own.length > 1 && own.length < sizes.length;
  const taken = pretrained ? own.length - 1 : sizes.length - 1;
  if (own.join() !== sizes.slice(0, taken + 1).join() || (checkpoint === "pretrained" && !pretrained))
    throw refuse(
      `its network is ${own.join("–") || "unknown"}, this one ${sizes.join("–")}. The widths have to be the same.`,
    );
  if (checkpoint === "pretrained" && metadata.activation !== shape.activation)
    throw refuse(
      `its units are ${metadata.activation}, these are ${shape.activation}. Set network.activation to what was pre-trained, or name another run.`,
    );
  const fresh = initialParameters(shape, seed);
  return layerSizes(shape).map(({ inputs, units }, l) => {
    if (l >= taken) return fresh[l] as LayerParameters;
    const take = (name: string, length: number) => {
      const tensor = tensors[`layer${l + 1}.${name}`];
      if (tensor?.dtype !== "F32" || tensor.data.length !== length)
        throw refuse(`${file} is damaged: layer${l + 1}.${name} is not there with ${length} values. Name another run.`);
      return tensor.data as Float32Array;
    };
    return {
      weightsInOut: take("weights", inputs * units),
      biases: take("biases", units),
      signs: l < shape.hidden.length ? take("signs", units) : null,
    };
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
