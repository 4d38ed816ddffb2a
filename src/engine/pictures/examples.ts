/** A few examples that a run with pre-training keeps, so that its folder alone can show what the layers make of them. */
import fs from "node:fs";
import path from "node:path";
import { type Dataset, type ExampleSet, writeExample } from "../data/dataset.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { writeAtomically } from "../runs/atomicFile.js";
import { RunFolderError } from "../runs/runFolderError.js";

const mostExamples = 10;
const maxBytes = 64 * 2 ** 20;

export interface KeptExamples {
  n: number;
  rows: number;
  columns: number;
  /** [n × rows × columns] */
  values: Float32Array;
}

function fileIn(folder: string): string {
  return path.join(folder, "pretraining", "examples.safetensors");
}

/** Of images; nothing for other data. They show, nothing depends on them: where they cannot be written, the run goes on without. */
export function keepExamples(folder: string, { imageShape, dimension, valid }: Dataset): void {
  if (!imageShape || fs.existsSync(fileIn(folder))) return;
  const chosen = oneOfEach(valid);
  const data = new Float32Array(chosen.length * dimension);
  chosen.forEach((example, k) => {
    writeExample(valid.inputs, example, dimension, data, k * dimension);
  });
  const tensors = {
    examples: { dtype: "F32" as const, shape: [chosen.length, ...imageShape], data },
    indices: { dtype: "I32" as const, shape: [chosen.length], data: Int32Array.from(chosen) },
  };
  try {
    fs.mkdirSync(path.dirname(fileIn(folder)));
    writeAtomically(fileIn(folder), encodeSafetensors(tensors, { set: valid.name }));
  } catch {
    // a disk that is full is told of by what the run itself writes
  }
}

/** @returns null where a run kept none @throws RunFolderError where the file is damaged */
export function readExamples(folder: string): KeptExamples | null {
  const file = fileIn(folder);
  if (!fs.existsSync(file)) return null;
  try {
    if (fs.statSync(file).size > maxBytes) throw new Error("it is too large");
    const { examples } = decodeSafetensors(fs.readFileSync(file)).tensors;
    const [n = 0, rows = 0, columns = 0, ...more] = examples?.shape ?? [];
    if (examples?.dtype !== "F32" || n * rows * columns === 0 || more.length > 0)
      throw new Error("it has no images under the name examples");
    return { n, rows, columns, values: examples.data };
  } catch (error) {
    const what = (error as Error).message.replace(/\.+$/, "");
    throw new RunFolderError(`${file} is damaged: ${what}.`, { code: "damaged", file });
  }
}

/** The first example of each class, by class, and where there are few classes others after them. */
function oneOfEach({ labels, n }: ExampleSet): number[] {
  const first = new Map<number, number>();
  for (let k = 0; k < n; k++) if (!first.has(labels[k] as number)) first.set(labels[k] as number, k);
  const chosen = [...first].sort(([a], [b]) => a - b).map(([, example]) => example);
  const taken = new Set(chosen);
  for (let k = 0; k < n && chosen.length < mostExamples; k++) if (!taken.has(k)) chosen.push(k);
  return chosen.slice(0, mostExamples);
}
