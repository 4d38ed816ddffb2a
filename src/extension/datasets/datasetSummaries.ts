/** Descriptions of data sets, each computed once in a thread of its own, and again when its files have changed. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { DatasetSummary } from "../../common/datasetPage.js";
import type { DatasetAnswer, DatasetInput } from "../../engine/data/datasetWorker.js";
import { loadRegistry } from "../engine.js";
import type { DatasetIndex, ListedDataset } from "./datasetIndex.js";

interface Kept {
  /** Names, sizes and times of the files, and how they are read. */
  stamp: string;
  summary: Promise<DatasetSummary>;
}

export class DatasetSummaries {
  private readonly kept = new Map<string, Kept>();

  /** @param assets folder with dataset.js */
  constructor(
    private readonly index: DatasetIndex,
    private readonly assets: string,
  ) {}

  /** @throws Error with the reason where the data set cannot be read */
  async of({ key, dataset, config }: ListedDataset): Promise<DatasetSummary> {
    const places = this.index.places(config);
    const stamp = await this.stampOf(dataset, places);
    const kept = this.kept.get(key);
    if (kept?.stamp === stamp) return kept.summary;
    const summary = this.read({ config: dataset, places });
    this.kept.set(key, { stamp, summary });
    summary.catch(() => {
      if (this.kept.get(key)?.summary === summary) this.kept.delete(key);
    });
    return summary;
  }

  /** Of all files together. */
  async bytesOf({ dataset, config }: ListedDataset): Promise<number> {
    const { filesOf } = await loadRegistry();
    const files = await filesOf(dataset, this.index.places(config));
    const sizes = await Promise.all(
      files.map((file) =>
        stat(file).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  private async stampOf(dataset: ListedDataset["dataset"], places: DatasetInput["places"]): Promise<string> {
    const { filesOf } = await loadRegistry();
    const files = await filesOf(dataset, places);
    const stamps = await Promise.all(
      files.map((file) =>
        stat(file).then(
          ({ size, mtimeMs }) => `${file}:${size}:${mtimeMs}`,
          () => file,
        ),
      ),
    );
    return JSON.stringify([dataset, stamps]);
  }

  private async read(workerData: DatasetInput): Promise<DatasetSummary> {
    const worker = new Worker(path.join(this.assets, "dataset.js"), {
      workerData,
      execArgv: [],
      name: "rectiscope data set",
    });
    const answer = await new Promise<DatasetAnswer>((resolve) => {
      worker.once("message", resolve);
      worker.once("error", (error) => resolve({ error: String(error), code: "unexpected" }));
      worker.once("exit", (code) =>
        resolve({ error: `The thread that reads data sets ended with code ${code}.`, code: "unexpected" }),
      );
    });
    if ("error" in answer) throw new Error(answer.error);
    return answer.summary;
  }
}
