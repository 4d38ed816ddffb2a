/** Starts a network with the parameters of an earlier run. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Experiment } from "../../common/experiment.js";
import { FormatError } from "../formats/formatError.js";
import { initialArrays } from "../network/initialise.js";
import type { NetworkShape } from "../network/network.js";
import { layersOf, type NetworkArrays } from "../network/networkArrays.js";
import { arraysInFile, type CheckpointName, checkpointFile } from "./runCheckpoint.js";
import { TensorFile } from "./tensorFile.js";

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
  return fileHash(checkpointFile(runFolder, name));
}

/**
 * The parameters of a run's checkpoint, signs included; they are read when they are asked for.
 * @param configFolder what `warmStart.run` is relative to
 * @param seed of layers that the checkpoint does not have
 * @throws WarmStartError
 */
export function readWarmStart(
  { run, checkpoint, sha256: wanted }: WarmStart,
  configFolder: string,
  shape: NetworkShape,
  seed: number,
): NetworkArrays {
  const file = checkpointFile(path.resolve(configFolder, run), checkpoint);
  const refuse = (why: string) => new WarmStartError(`warmStart.run is ${JSON.stringify(run)}: ${why}`, file, run);
  const unreadable = (why: string) =>
    refuse(`${file} cannot be read (${why}). Name a run folder with a checkpoint, relative to the config.`);
  let found: string | undefined;
  try {
    found = wanted === undefined ? undefined : fileHash(file);
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  if (found !== wanted)
    throw refuse(`${file} has changed since it was chosen. Choose it again, or remove warmStart.sha256.`);
  let opened: TensorFile;
  try {
    opened = TensorFile.open(file, unreadable);
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof FormatError)) throw unreadable(message);
    throw refuse(`${file} is damaged (${message}). Name another run.`);
  }
  const { metadata } = opened;
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
  const layers = layersOf(shape);
  for (const [l, { inputs, units, hidden }] of layers.slice(0, taken).entries())
    for (const [name, length] of [
      ["weights", inputs * units],
      ["biases", units],
      ["signs", hidden ? units : 0],
    ] as const)
      if (length > 0 && !opened.has(`layer${l + 1}.${name}`, "F32", length))
        throw refuse(`${file} is damaged: layer${l + 1}.${name} is not there with ${length} values. Name another run.`);
  const [old, fresh] = [arraysInFile(opened, layers), initialArrays(shape, seed)];
  const from = (l: number) => (l < taken ? old : fresh);
  return {
    layers,
    rows: (l, array) => from(l).rows(l, array),
    biases: (l, array) => from(l).biases(l, array),
    signs: (l) => from(l).signs(l),
  };
}

/** SHA-256, hexadecimal. */
function fileHash(file: string): string {
  const hash = createHash("sha256");
  const descriptor = fs.openSync(file, "r");
  try {
    const piece = new Uint8Array(2 ** 20);
    for (let read = -1; read !== 0; ) {
      read = fs.readSync(descriptor, piece);
      hash.update(piece.subarray(0, read));
    }
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest("hex");
}
