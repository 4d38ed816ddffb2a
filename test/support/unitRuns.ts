/** Small runs for the tests of units: with real training, in a folder of their own. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type ExperimentInput, experimentSchema } from "../../src/common/experiment.js";
import type { RunRecord } from "../../src/common/run.js";
import { decodeSafetensors, encodeSafetensors, type Tensors } from "../../src/engine/formats/safetensors.js";
import { Random } from "../../src/engine/network/random.js";
import { checkpointFile } from "../../src/engine/runs/runCheckpoint.js";
import { runExperiment } from "../../src/engine/runs/runExperiment.js";
import { writeStripes } from "./idxFiles.js";
import { dist } from "./kernelModule.js";

export class Runs {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-units-"));
  private readonly configFile = path.join(this.folder, "units.rectiscope.json");

  constructor() {
    writeStripes(path.join(this.folder, "data"));
  }

  /** Trains on the stripes unless the config says otherwise. @returns the run's record; its folder is `at(name)` */
  train(name: string, config: Omit<ExperimentInput, "dataset"> & Partial<ExperimentInput>): Promise<RunRecord> {
    const experiment = experimentSchema.parse({
      dataset: { name: "idx", folder: "data", classes: 6 },
      threads: 1,
      ...config,
    });
    const { configFile } = this;
    const runFolder = this.at(name);
    const task = { configFile, experiment, runFolder, dataFolders: [], assets: dist, version: "0" };
    return runExperiment({ ...task, stop: new SharedArrayBuffer(4) }, {});
  }

  /** Numbers around 0, each drawn evenly from ±`size`; the class is whether the first is above 0. */
  writeNumbers(file: string, inputs: number, size: number): void {
    const random = Random.stream(1, "numbers");
    const rows = Array.from({ length: 300 }, () => {
      const x = Array.from({ length: inputs }, () => (2 * random.uniform() - 1) * size);
      return [...x, x[0]! > 0 ? 1 : 0].join(",");
    });
    fs.writeFileSync(path.join(this.folder, file), `${rows.join("\n")}\n`);
  }

  at(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  /** Changes a checkpoint in place, for runs that begin with it. */
  edit(name: string, checkpoint: "best" | "last", change: (tensors: Tensors) => void): void {
    const file = checkpointFile(this.at(name), checkpoint);
    const { tensors, metadata } = decodeSafetensors(fs.readFileSync(file));
    change(tensors);
    fs.writeFileSync(file, encodeSafetensors(tensors, metadata));
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
