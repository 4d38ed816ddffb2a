/** What a measurement in pre-training says of every unit of its layer: pretraining/layer<k>-<step>.safetensors. */
import fs from "node:fs";
import path from "node:path";
import type { ReconstructionLine } from "../../common/run.js";
import type { UnitFigures } from "../../common/unitFrames.js";
import { encodeSafetensors } from "../formats/safetensors.js";
import type { UnitStatistics } from "../sparsity/unitStatistics.js";
import { writeAtomically } from "./atomicFile.js";
import { readUnitLayer, readUnitTensors } from "./readUnits.js";
import { unitTensors } from "./runTensors.js";

export function pretrainingUnitsFile(folder: string, layer: number, step: number): string {
  return path.join(folder, "pretraining", `layer${layer}-${step}.safetensors`);
}

/** @throws Error where the run's folder is gone, or cannot be written */
export function writePretrainingUnits(folder: string, line: ReconstructionLine, units: UnitStatistics): void {
  const { layer, step, epoch, set, n, loss, cleanLoss } = line;
  const file = pretrainingUnitsFile(folder, layer, step);
  // only this folder is made: that the run's own is gone has to be noticed
  if (!fs.existsSync(path.dirname(file))) fs.mkdirSync(path.dirname(file));
  const metadata = { set, n, step, epoch, loss, cleanLoss };
  const named = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)]));
  const tensors = Object.fromEntries(
    Object.entries(unitTensors([units])).map(([name, tensor]) => [name.replace(/^layer1\./, `layer${layer}.`), tensor]),
  );
  writeAtomically(file, encodeSafetensors(tensors, named));
}

/** @returns the layer's figures at its place, and nothing of the others @throws RunFolderError when the file is missing or damaged */
export async function readPretrainingUnits(folder: string, layer: number, step: number): Promise<UnitFigures[]> {
  const file = pretrainingUnitsFile(folder, layer, step);
  const layers: UnitFigures[] = [];
  layers[layer - 1] = readUnitLayer(await readUnitTensors(file, step), file, layer);
  return layers;
}
