/** Reads what an evaluation says of every unit: units/<step>.safetensors. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type UnitFigures, unitColumns } from "../../common/unitFrames.js";
import { decodeSafetensors, type SafetensorsFile, type Tensor, type Tensors } from "../formats/safetensors.js";
import { runFiles } from "./runFolder.js";
import { RunFolderError } from "./runFolderError.js";

/** Far above what the widest networks leave. */
const maxBytes = 256 * 2 ** 20;

/** @returns one per hidden layer, from the input on. @throws RunFolderError when the file is missing or damaged */
export async function readUnits(folder: string, step: number): Promise<UnitFigures[]> {
  const file = path.join(folder, runFiles.units, `${step}.safetensors`);
  const tensors = await readUnitTensors(file, step);
  const layers: UnitFigures[] = [];
  for (let layer = 1; tensors[`layer${layer}.firingFrequency`]; layer++)
    layers.push(readUnitLayer(tensors, file, layer));
  return layers;
}

/** @throws RunFolderError when the file does not hold the layer's figures */
export function readUnitLayer(tensors: Tensors, file: string, layer: number): UnitFigures {
  const units = lengthOf(tensors[`layer${layer}.firingFrequency`]);
  const take = (name: string, length: number) => {
    const tensor = tensors[`layer${layer}.${name}`];
    if (tensor?.data.length !== length || tensor.dtype === "I64")
      throw damaged(file, `layer${layer}.${name} does not have ${length} values`);
    return tensor.data as ArrayLike<number>;
  };
  const columns = Object.fromEntries(unitColumns.map((column) => [column, take(column, units)]));
  return {
    ...(columns as Record<(typeof unitColumns)[number], ArrayLike<number>>),
    activeUnits: take("activeUnits", units + 1),
  };
}

/** @param step that the file is of @throws RunFolderError when it is missing or damaged */
export async function readUnitTensors(file: string, step: number): Promise<Tensors> {
  return (await readUnitFile(file, step)).tensors;
}

/** The same with what the file says of itself. */
export async function readUnitFile(file: string, step: number): Promise<SafetensorsFile> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw damaged(file, `it has ${size} bytes`);
    return decodeSafetensors(await readFile(file));
  } catch (error) {
    if (error instanceof RunFolderError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new RunFolderError(`There is no record of the units at step ${step}: ${file} is missing.`, {
        code: "missing",
        file,
      });
    throw damaged(file, (error as Error).message);
  }
}

function lengthOf(tensor: Tensor | undefined): number {
  return tensor?.data.length ?? 0;
}

function damaged(file: string, what: string): RunFolderError {
  return new RunFolderError(`${file} is damaged: ${what}.`, { code: "damaged", file });
}
