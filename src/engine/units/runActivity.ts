/** What all units of a run give on its validation set, with what is needed to show it. */
import fs from "node:fs";
import path from "node:path";
import type { RunRecord } from "../../common/run.js";
import type { Missing, MissingReason, UnitProgress } from "../../common/unitReport.js";
import { DataError } from "../data/dataError.js";
import type { Dataset, ExampleSet, Inputs } from "../data/dataset.js";
import { inputRange } from "../data/inputTraits.js";
import { loadDataset } from "../data/registry.js";
import { NetworkTooLargeError } from "../kernels/wasmKernels.js";
import { RunFolderError } from "../runs/runFolderError.js";
import { checkSameData } from "../runs/sameData.js";
import type { LayerActivity } from "./layerActivity.js";
import { networkActivity, shapeOfRun } from "./networkActivity.js";
import type { RunNetwork } from "./runNetwork.js";
import type { Meanings } from "./unitWeights.js";

export interface RunActivity extends Meanings {
  set: ExampleSet;
  dimension: number;
  classes: number;
  /** One for each hidden layer. */
  layers: LayerActivity[];
  /** Of the set's inputs. */
  range: { least: number; greatest: number };
}

export interface ActivityTask {
  /** Run folder, absolute. */
  folder: string;
  dataFolders: readonly string[];
  assets: string;
}

/** @returns what is there, or why it is not @throws RunFolderError where the checkpoint is replaced meanwhile; what the signal was aborted with */
export async function runActivity(
  { folder, dataFolders, assets }: ActivityTask,
  run: RunRecord,
  network: RunNetwork,
  progress: (progress: UnitProgress) => void,
  signal: AbortSignal | undefined,
): Promise<RunActivity | Missing> {
  const { config } = run;
  if (!config)
    return missing(
      "noConfig",
      `The run ${folder} was made by another program (${run.source}): without its config its data are not known.`,
    );
  const shape = shapeOfRun(run, network.sharpness);
  if (!shape) return missing("failed", `The layers of the run ${folder} are no network that Rectiscope computes.`);
  progress({ stage: "data", share: 0 });
  let dataset: Dataset;
  try {
    const configFolder = path.dirname(path.resolve(folder, run.configFile ?? ""));
    dataset = await loadDataset(config.dataset, { configFolder, dataFolders, assets });
    checkSameData(run, dataset, folder);
  } catch (error) {
    if (error instanceof DataError) return missing("noData", error.message);
    if (error instanceof RunFolderError) return missing("otherData", error.message);
    throw error;
  }
  signal?.throwIfAborted();
  const { imageShape, planes = 1, terms = null, classNames = null, dimension, classes } = dataset;
  if (dimension !== shape.inputs || classes !== shape.classes)
    return missing(
      "otherData",
      `The run ${folder} has ${shape.inputs} inputs and ${shape.classes} classes, its data ${dimension} and ${classes}. Run its config again.`,
    );
  const set = ownCopy(dataset.valid, dimension);
  try {
    const wasm = fs.readFileSync(path.join(assets, "kernels.wasm"));
    const layers = await networkActivity(wasm, network, shape, set, async (share) => {
      progress({ stage: "network", share });
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    });
    const image = imageShape && { rows: imageShape[0], columns: imageShape[1], planes };
    return { set, dimension, classes, layers, range: inputRange(set.inputs), imageShape: image, terms, classNames };
  } catch (error) {
    if (error instanceof NetworkTooLargeError) return missing("failed", error.message);
    throw error;
  }
}

function missing(reason: MissingReason, message: string): Missing {
  return { missing: reason, message };
}

/** A set that is a part of a larger array would hold on to all of it. */
function ownCopy(set: ExampleSet, dimension: number): ExampleSet {
  return { ...set, labels: set.labels.slice(), inputs: copied(set.inputs, set.n * dimension) };
}

function copied(inputs: Inputs, values: number): Inputs {
  if (inputs.kind === "sparse") return inputs;
  if (inputs.kind === "bytes") return { ...inputs, values: inputs.values.slice(0, values) };
  return { ...inputs, values: inputs.values.slice(0, values) };
}
