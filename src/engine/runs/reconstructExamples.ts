/** Examples as the auto-encoders of a run see them, on request: of a run that has pre-trained, or is doing so. */
import path from "node:path";
import type { SetName } from "../../common/run.js";
import { writeExample } from "../data/dataset.js";
import { loadDataset, type Places } from "../data/registry.js";
import { Random } from "../network/random.js";
import { type Reconstruction, reconstruct } from "../training/reconstruct.js";
import { readDecoders } from "./pretrainedCheckpoint.js";
import { readRunRecord } from "./readRun.js";
import { RunFolderError } from "./runFolderError.js";

export interface ReconstructionRequest {
  /** 1-based; the last that has a decoder where the run has fewer. */
  layer: number;
  set: SetName;
  /** Places in the set; those that it does not have are left out. */
  examples: number[];
  /** Seed of the noise: the same shows the same. */
  seed: number;
}

export interface Reconstructions {
  layer: number;
  /** How many layers have a decoder so far. */
  layers: number;
  /** [rows, columns]; null where the inputs are no image. */
  imageShape: [number, number] | null;
  set: SetName;
  examples: (Reconstruction & { example: number; label: number })[];
}

/** Examples at once: each takes some milliseconds. */
const mostExamples = 100;

/**
 * Reads the run's checkpoint and its data.
 * @param places where data are searched that the config does not locate itself
 * @throws RunFolderError, DataError
 */
export async function reconstructExamples(
  folder: string,
  { layer, set, examples, seed }: ReconstructionRequest,
  places: Omit<Places, "configFolder">,
): Promise<Reconstructions> {
  const { config, configFile } = await readRunRecord(folder);
  if (!config)
    throw new RunFolderError(`The run ${folder} was made by another program: its examples are not known here.`, {
      code: "noConfig",
      file: folder,
    });
  const stack = readDecoders(folder);
  const dataset = await loadDataset(config.dataset, {
    ...places,
    configFolder: path.dirname(path.resolve(folder, configFile ?? "")),
  });
  const chosen = Math.min(Math.max(1, layer), stack.notes.length);
  const { inputs, labels, n } = dataset[set];
  const found = examples.filter((example) => Number.isInteger(example) && example >= 0 && example < n);
  return {
    layer: chosen,
    layers: stack.notes.length,
    imageShape: dataset.imageShape,
    set,
    examples: found.slice(0, mostExamples).map((example) => {
      const x = new Float64Array(dataset.dimension);
      writeExample(inputs, example, dataset.dimension, x, 0);
      const random = Random.stream(seed, `reconstruction/${chosen}/${example}`);
      return { example, label: labels[example]!, ...reconstruct(stack, chosen, x, random) };
    }),
  };
}
