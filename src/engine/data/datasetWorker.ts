/** Worker entry: reads a data set and describes it, which takes too long for the extension host. Bundled as dataset.js. */
import { parentPort, workerData } from "node:worker_threads";
import type { DatasetSummary } from "../../common/datasetPage.js";
import type { Experiment } from "../../common/experiment.js";
import { DataError } from "./dataError.js";
import { describeDataset } from "./describeDataset.js";
import type { Places } from "./registry.js";

export interface DatasetInput {
  config: Experiment["dataset"];
  places: Places;
}

export type DatasetAnswer = { summary: DatasetSummary } | { error: string; code: string };

async function answer({ config, places }: DatasetInput): Promise<DatasetAnswer> {
  try {
    return { summary: await describeDataset(config, places) };
  } catch (error) {
    const code = error instanceof DataError ? error.code : "unexpected";
    return { error: error instanceof Error ? error.message : String(error), code };
  }
}

void answer(workerData as DatasetInput).then((found) => parentPort?.postMessage(found));
