/** A run's checkpoints as files: written with what a reader needs to compute with them, and read back with care. */
import fs from "node:fs";
import path from "node:path";
import type { OptimizerName } from "../../common/optimizers.js";
import type { EvalLine } from "../../common/run.js";
import { decodeSafetensors, type Tensor } from "../formats/safetensors.js";
import type { UnitHistory } from "../kernels/kernels.js";
import { keptArrays, type OptimizerState } from "../kernels/optimizerState.js";
import { layerSizes, type NetworkShape, type Parameters } from "../network/network.js";
import type { Checkpoint } from "../training/trainingState.js";
import { evalLineSchema } from "./recordSchema.js";
import { runFiles } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";
import { keptOfBiases } from "./runTensors.js";
import { trainingStateSchema } from "./trainingStateSchema.js";

export type CheckpointName = "best" | "last";

export function checkpointFile(folder: string, name: CheckpointName): string {
  return path.join(folder, runFiles.checkpoints, `${name}.safetensors`);
}

/** What a reader of a checkpoint needs to compute with it. */
export function networkMetadata(shape: NetworkShape): Record<string, string> {
  const { activation, sharpness, signs, inputs, hidden, classes } = shape;
  return { activation, sharpness: String(sharpness), signs, sizes: [inputs, ...hidden, classes].join(",") };
}

/**
 * The checkpoint from which training can go on; null when the run ended before its first: it then begins anew.
 * @throws RunFolderError when it is damaged or of another network
 */
export function readLastCheckpoint(folder: string, shape: NetworkShape, optimizer: OptimizerName): Checkpoint | null {
  if (!fs.existsSync(checkpointFile(folder, "last"))) return null;
  const { file, tensors, metadata } = open(folder, "last");
  const state = trainingStateSchema.safeParse(parse(metadata.state));
  if (!state.success) throw damaged(file, "it does not say where training stood");
  const optimizerState = readOptimizerState(file, tensors, shape, optimizer);
  return { ...readNetwork(file, tensors, shape), optimizerState, state: state.data };
}

/** The parameters with the best validation error, and the evaluation that found it. */
export interface BestCheckpoint extends Omit<Checkpoint, "state" | "optimizerState"> {
  line: EvalLine;
}

/** @throws RunFolderError as readLastCheckpoint does */
export function readBestCheckpoint(folder: string, shape: NetworkShape): BestCheckpoint {
  const { file, tensors, metadata } = open(folder, "best");
  const line = evalLineSchema.safeParse(parse(metadata.evaluation));
  if (!line.success) throw damaged(file, "it does not say how good it is");
  return { ...readNetwork(file, tensors, shape), line: line.data };
}

function open(folder: string, name: CheckpointName) {
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

function readNetwork(file: string, tensors: Record<string, Tensor>, shape: NetworkShape) {
  const take = taker(file, tensors);
  const parameters: Parameters = [];
  const history: UnitHistory[] = [];
  layerSizes(shape).forEach(({ inputs, units }, l) => {
    const name = (tensor: string) => `layer${l + 1}.${tensor}`;
    const hidden = l < shape.hidden.length;
    parameters.push({
      weightsInOut: take<Float32Array>(name("weights"), inputs * units, "F32"),
      biases: take<Float32Array>(name("biases"), units, "F32"),
      signs: hidden ? take<Float32Array>(name("signs"), units, "F32") : null,
    });
    if (hidden)
      history.push({
        lastFiredStep: take<Int32Array>(name("lastFiredStep"), units, "I32"),
        maxUpdate: take<Float32Array>(name("maxUpdate"), units, "F32"),
        maxUpdateStep: take<Int32Array>(name("maxUpdateStep"), units, "I32"),
        place: placesOf(take<Int32Array>(name("place"), units, "I32"), file, name("place")),
      });
  });
  return { parameters, history };
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
function taker(file: string, tensors: Record<string, Tensor>) {
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

function parse(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "");
  } catch {
    return null;
  }
}

function damaged(file: string, what: string): RunFolderError {
  return new RunFolderError(`The checkpoint ${file} is damaged: ${what.replace(/\.+$/, "")}. Run its config again.`, {
    code: "damaged",
    file,
  });
}
