/** A run's checkpoints as files: written with what a reader needs to compute with them, and read back with care. */
import fs from "node:fs";
import path from "node:path";
import type { OptimizerName } from "../../common/optimizers.js";
import type { EvalLine } from "../../common/run.js";
import { decodeSafetensors, type Tensor } from "../formats/safetensors.js";
import type { UnitHistory } from "../kernels/kernels.js";
import { keptArrays, type OptimizerState } from "../kernels/optimizerState.js";
import { layerSizes, type NetworkShape, type Parameters } from "../network/network.js";
import type { PretrainingCheckpoint } from "../training/pretrainingState.js";
import type { Checkpoint } from "../training/trainingState.js";
import { evalLineSchema } from "./recordSchema.js";
import { runFiles } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";
import { keptOfBiases } from "./runTensors.js";
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
export function readLastCheckpoint(
  folder: string,
  shape: NetworkShape,
  optimizer: OptimizerName,
): LastCheckpoint | null {
  if (!fs.existsSync(checkpointFile(folder, "last"))) return null;
  const { file, tensors, metadata } = openCheckpoint(folder, "last");
  const state = parseJson(metadata.state);
  if ((state as { phase?: unknown } | null)?.phase === "pretraining")
    return { training: null, pretraining: readPretraining(file, tensors, shape, state) };
  return { training: readTraining(file, tensors, shape, optimizer, state), pretraining: null };
}

function readTraining(
  file: string,
  tensors: Record<string, Tensor>,
  shape: NetworkShape,
  optimizer: OptimizerName,
  found: unknown,
): Checkpoint {
  const state = trainingStateSchema.safeParse(found);
  if (!state.success) throw damaged(file, "it does not say where training stood");
  const optimizerState = readOptimizerState(file, tensors, shape, optimizer);
  const history = shape.hidden.map((units, l) => readHistory(file, tensors, units, l));
  return { parameters: readParameters(file, tensors, shape), history, optimizerState, state: state.data };
}

function readPretraining(
  file: string,
  tensors: Record<string, Tensor>,
  shape: NetworkShape,
  found: unknown,
): PretrainingCheckpoint {
  const state = pretrainingStateSchema.safeParse(found);
  if (!state.success || state.data.layer > shape.hidden.length)
    throw damaged(file, "it does not say where pre-training stood");
  const { layer } = state.data;
  const take = taker(file, tensors);
  const decoders = layerSizes(shape)
    .slice(0, layer)
    .map(({ inputs, units }, l) => ({
      weightsInOut: take<Float32Array>(`layer${l + 1}.decoderWeights`, inputs * units, "F32"),
      biases: take<Float32Array>(`layer${l + 1}.decoderBiases`, inputs, "F32"),
    }));
  const history = readHistory(file, tensors, shape.hidden[layer - 1] as number, layer - 1);
  return { parameters: readParameters(file, tensors, shape), decoders, history, state: state.data };
}

/** The parameters with the best validation error, and the evaluation that found it. */
export interface BestCheckpoint extends Omit<Checkpoint, "state" | "optimizerState"> {
  line: EvalLine;
}

/** @throws RunFolderError as readLastCheckpoint does */
export function readBestCheckpoint(folder: string, shape: NetworkShape): BestCheckpoint {
  const { file, tensors, metadata } = openCheckpoint(folder, "best");
  const line = evalLineSchema.safeParse(parseJson(metadata.evaluation));
  if (!line.success) throw damaged(file, "it does not say how good it is");
  const history = shape.hidden.map((units, l) => readHistory(file, tensors, units, l));
  return { parameters: readParameters(file, tensors, shape), history, line: line.data };
}

/** @throws RunFolderError where it cannot be read */
export function openCheckpoint(folder: string, name: CheckpointName) {
  const file = checkpointFile(folder, name);
  let bytes: Uint8Array;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    throw new RunFolderError(
      `The run ${folder} cannot go on: its checkpoint ${file} cannot be read (${(error as Error).message}). Run its config again.`,
      { code: "noCheckpoint", file },
    );
  }
  try {
    return { file, ...decodeSafetensors(bytes) };
  } catch (error) {
    throw damaged(file, (error as Error).message);
  }
}

function readParameters(file: string, tensors: Record<string, Tensor>, shape: NetworkShape): Parameters {
  const take = taker(file, tensors);
  return layerSizes(shape).map(({ inputs, units }, l) => ({
    weightsInOut: take<Float32Array>(`layer${l + 1}.weights`, inputs * units, "F32"),
    biases: take<Float32Array>(`layer${l + 1}.biases`, units, "F32"),
    signs: l < shape.hidden.length ? take<Float32Array>(`layer${l + 1}.signs`, units, "F32") : null,
  }));
}

/** @param l from 0 */
function readHistory(file: string, tensors: Record<string, Tensor>, units: number, l: number): UnitHistory {
  const take = taker(file, tensors);
  const name = (tensor: string) => `layer${l + 1}.${tensor}`;
  return {
    lastFiredStep: take<Int32Array>(name("lastFiredStep"), units, "I32"),
    maxUpdate: take<Float32Array>(name("maxUpdate"), units, "F32"),
    maxUpdateStep: take<Int32Array>(name("maxUpdateStep"), units, "I32"),
    place: placesOf(take<Int32Array>(name("place"), units, "I32"), file, name("place")),
  };
}

function readOptimizerState(
  file: string,
  tensors: Record<string, Tensor>,
  shape: NetworkShape,
  optimizer: OptimizerName,
): OptimizerState {
  const take = taker(file, tensors);
  return layerSizes(shape).map(({ inputs, units }, l) =>
    Object.fromEntries(
      keptArrays[optimizer].map((name) => [
        name,
        {
          weightsInOut: take<Float32Array>(`layer${l + 1}.${name}`, inputs * units, "F32"),
          biases: take<Float32Array>(`layer${l + 1}.${keptOfBiases(name)}`, units, "F32"),
        },
      ]),
    ),
  );
}

/** What takes an array of a file; it throws RunFolderError unless it is as long as it has to be. */
export function taker(file: string, tensors: Record<string, Tensor>) {
  return <T extends Float32Array | Int32Array>(name: string, length: number, type: "F32" | "I32"): T => {
    const tensor = tensors[name];
    if (tensor?.dtype !== type || tensor.data.length !== length)
      throw damaged(file, `${name} is not there with ${length} values of type ${type}`);
    return tensor.data as T;
  };
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
