/** A run's checkpoints as files: written with what a reader needs to compute with them, and read back with care. */
import fs from "node:fs";
import path from "node:path";
import type { OptimizerName } from "../../common/optimizers.js";
import type { EvalLine } from "../../common/run.js";
import { FormatError } from "../formats/formatError.js";
import type { UnitHistory } from "../kernels/kernels.js";
import { type KeptArray, keptArrays } from "../kernels/optimizerState.js";
import { layerSizes, type NetworkShape } from "../network/network.js";
import { type LayerSize, layersOf, type NetworkArrays, wholeParameters } from "../network/networkArrays.js";
import type { PretrainingCheckpoint } from "../training/pretrainingState.js";
import type { Checkpoint } from "../training/trainingState.js";
import { evalLineSchema } from "./recordSchema.js";
import { runFiles } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";
import { biasesOf } from "./runTensors.js";
import { TensorFile } from "./tensorFile.js";
import { pretrainingStateSchema, trainingStateSchema } from "./trainingStateSchema.js";

export type CheckpointName = "best" | "last" | "pretrained";

export function checkpointFile(folder: string, name: CheckpointName): string {
  return path.join(folder, runFiles.checkpoints, `${name}.safetensors`);
}

/** What a reader of a checkpoint needs to compute with it. */
export function networkMetadata(shape: NetworkShape): Record<string, string> {
  const { activation, sharpness, signs, inputs, hidden, classes } = shape;
  return { activation, sharpness: String(sharpness), signs, sizes: [inputs, ...hidden, classes].join(",") };
}

/** Where a run stands: in its training, or before that in its pre-training. */
export interface LastCheckpoint {
  training: Checkpoint | null;
  pretraining: PretrainingCheckpoint | null;
}

/**
 * The checkpoint from which a run can go on; null when the run ended before its first: it then begins anew.
 * @throws RunFolderError when it is damaged or of another network
 */
export async function readLastCheckpoint(
  folder: string,
  shape: NetworkShape,
  optimizer: OptimizerName,
): Promise<LastCheckpoint | null> {
  if (!fs.existsSync(checkpointFile(folder, "last"))) return null;
  const opened = openCheckpoint(folder, "last");
  const state = parseJson(opened.metadata.state);
  if ((state as { phase?: unknown } | null)?.phase === "pretraining")
    return { training: null, pretraining: await readPretraining(opened, shape, state) };
  return { training: readTraining(opened, shape, optimizer, state), pretraining: null };
}

function readTraining(opened: TensorFile, shape: NetworkShape, optimizer: OptimizerName, found: unknown): Checkpoint {
  const state = trainingStateSchema.safeParse(found);
  if (!state.success) throw damaged(opened.file, "it does not say where training stood");
  const kept = keptArrays[optimizer];
  const arrays = checkpointArrays(opened, layersOf(shape), kept);
  const history = shape.hidden.map((units, l) => readHistory(opened, units, l));
  return { arrays, kept, history, state: state.data };
}

async function readPretraining(
  opened: TensorFile,
  shape: NetworkShape,
  found: unknown,
): Promise<PretrainingCheckpoint> {
  const state = pretrainingStateSchema.safeParse(found);
  if (!state.success || state.data.layer > shape.hidden.length)
    throw damaged(opened.file, "it does not say where pre-training stood");
  const { layer } = state.data;
  const take = taker(opened);
  const decoders = layerSizes(shape)
    .slice(0, layer)
    .map(({ inputs, units }, l) => ({
      weightsInOut: take(`layer${l + 1}.decoderWeights`, inputs * units, "F32"),
      biases: take(`layer${l + 1}.decoderBiases`, inputs, "F32"),
    }));
  const history = readHistory(opened, shape.hidden[layer - 1] as number, layer - 1);
  const parameters = await wholeParameters(checkpointArrays(opened, layersOf(shape), []));
  return { parameters, decoders, history, state: state.data };
}

/** The parameters with the best validation error, and the evaluation that found it. */
export interface BestCheckpoint extends Omit<Checkpoint, "state" | "kept"> {
  line: EvalLine;
}

/** @throws RunFolderError as readLastCheckpoint does */
export function readBestCheckpoint(folder: string, shape: NetworkShape): BestCheckpoint {
  const opened = openCheckpoint(folder, "best");
  const line = evalLineSchema.safeParse(parseJson(opened.metadata.evaluation));
  if (!line.success) throw damaged(opened.file, "it does not say how good it is");
  const history = shape.hidden.map((units, l) => readHistory(opened, units, l));
  return { arrays: checkpointArrays(opened, layersOf(shape), []), history, line: line.data };
}

/** @throws RunFolderError where it cannot be read */
export function openCheckpoint(folder: string, name: CheckpointName): TensorFile {
  const file = checkpointFile(folder, name);
  const unreadable = (why: string) =>
    new RunFolderError(
      `The run ${folder} cannot go on: its checkpoint ${file} cannot be read (${why}). Run its config again.`,
      { code: "noCheckpoint", file },
    );
  try {
    return TensorFile.open(file, unreadable);
  } catch (error) {
    const { message } = error as Error;
    throw error instanceof FormatError ? damaged(file, message) : unreadable(message);
  }
}

/**
 * The arrays that a checkpoint's file has, read when they are asked for.
 * @throws RunFolderError unless all are there with the sizes that they have to have
 */
function checkpointArrays(opened: TensorFile, layers: readonly LayerSize[], kept: readonly KeptArray[]): NetworkArrays {
  layers.forEach(({ inputs, units, hidden }, l) => {
    for (const array of ["weights", ...kept] as const) {
      checkTensor(opened, `layer${l + 1}.${array}`, inputs * units, "F32");
      checkTensor(opened, `layer${l + 1}.${biasesOf(array)}`, units, "F32");
    }
    if (hidden) checkTensor(opened, `layer${l + 1}.signs`, units, "F32");
  });
  return arraysInFile(opened, layers);
}

/** The arrays of a file that has them. */
export function arraysInFile(opened: TensorFile, layers: readonly LayerSize[]): NetworkArrays {
  return {
    layers,
    rows(l, array) {
      const { inputs, units } = layers[l] as LayerSize;
      return opened.rows(`layer${l + 1}.${array}`, inputs, units);
    },
    biases: (l, array) => opened.array(`layer${l + 1}.${biasesOf(array)}`, "F32"),
    signs: (l) => opened.array(`layer${l + 1}.signs`, "F32"),
  };
}

/** @param l from 0 */
function readHistory(opened: TensorFile, units: number, l: number): UnitHistory {
  const take = taker(opened);
  const name = (tensor: string) => `layer${l + 1}.${tensor}`;
  return {
    lastFiredStep: take(name("lastFiredStep"), units, "I32"),
    maxUpdate: take(name("maxUpdate"), units, "F32"),
    maxUpdateStep: take(name("maxUpdateStep"), units, "I32"),
    place: placesOf(take(name("place"), units, "I32"), opened.file, name("place")),
  };
}

/** What takes an array of a file; it throws RunFolderError unless it is as long as it has to be. */
export function taker(opened: TensorFile) {
  return <T extends "F32" | "I32">(name: string, length: number, type: T) => {
    checkTensor(opened, name, length, type);
    return opened.array(name, type);
  };
}

function checkTensor(opened: TensorFile, name: string, length: number, type: "F32" | "I32"): void {
  if (!opened.has(name, type, length))
    throw damaged(opened.file, `${name} is not there with ${length} values of type ${type}`);
}

/** @throws RunFolderError unless every place is taken once: they become addresses */
function placesOf(places: Int32Array, file: string, name: string): Int32Array {
  const taken = new Set(places);
  if (taken.size !== places.length || places.some((place) => place < 0 || place >= places.length))
    throw damaged(file, `${name} does not name each of ${places.length} places once`);
  return places;
}

export function parseJson(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "");
  } catch {
    return null;
  }
}

export function damaged(file: string, what: string): RunFolderError {
  return new RunFolderError(`The checkpoint ${file} is damaged: ${what.replace(/\.+$/, "")}. Run its config again.`, {
    code: "damaged",
    file,
  });
}
