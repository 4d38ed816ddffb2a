/** Arrays of a NumPy archive that a config names. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { Experiment } from "../../../common/experiment.js";
import { FormatError } from "../../formats/formatError.js";
import type { Model, StoredTensor } from "../../formats/modelFile.js";
import { readNpz } from "../../formats/npz.js";
import { openFile } from "../../models/fileSource.js";
import { DataError } from "../dataError.js";
import { filePieces } from "../filePieces.js";
import { type NamedArray, pairedSet } from "./pairedArrays.js";
import { maxValues, type RawSet } from "./rawSet.js";

export type NpzConfig = NonNullable<Experiment["dataset"]["npz"]>;

/** Names that are taken where the config gives none. */
const usualTest = { inputs: "x_test", labels: "y_test" };

/** @throws DataError of the archive (its code is the format's); arrayMissing, arrayShape, arrayType, and of pairedArrays */
export async function loadNpz(npz: NpzConfig, folder: string, classes: number | undefined): Promise<RawSet> {
  const file = path.resolve(folder, npz.file);
  const hash = createHash("sha256");
  for await (const piece of filePieces(file)) hash.update(piece);
  try {
    const source = await openFile(file, file);
    try {
      const arrays = new Arrays(await readNpz(source), file);
      const { inputs, labels } = npz;
      const train = { inputs: await arrays.read(inputs, "inputs"), labels: await arrays.read(labels, "labels") };
      const both = arrays.has(usualTest.inputs) && arrays.has(usualTest.labels);
      const testInputs = npz.testInputs ?? (both && inputs === "x_train" ? usualTest.inputs : undefined);
      const testLabels = npz.testLabels ?? (testInputs === usualTest.inputs ? usualTest.labels : undefined);
      const test =
        testInputs !== undefined && testLabels !== undefined
          ? {
              inputs: await arrays.read(testInputs, "testInputs"),
              labels: await arrays.read(testLabels, "testLabels"),
            }
          : null;
      const keys = { label: "dataset.npz.labels", files: "dataset.npz.file" };
      return { ...pairedSet(train, test, classes, keys), sha256: hash.digest("hex") };
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new DataError(error.message.includes(file) ? error.message : `${file}: ${error.message}`, {
      code: error.code,
      file,
      key: "dataset.npz.file",
      value: npz.file,
    });
  }
}

class Arrays {
  constructor(
    private readonly model: Model,
    private readonly file: string,
  ) {}

  has(name: string): boolean {
    return this.model.tensors.some((tensor) => tensor.name === name);
  }

  async read(name: string, key: string): Promise<NamedArray> {
    const tensor = this.model.tensors.find((one) => one.name === name);
    const blame = { file: this.file, key: `dataset.npz.${key}`, value: name };
    if (!tensor) {
      const there = this.model.tensors.slice(0, 20).map((one) => JSON.stringify(one.name));
      throw new DataError(
        `${this.file} has no array ${JSON.stringify(name)}; it has ${there.join(", ") || "none"}. Set ${blame.key} to the name of the array.`,
        { code: "arrayMissing", ...blame },
      );
    }
    const { shape, elements, dtype } = tensor;
    const what = `${this.file}: array ${JSON.stringify(name)}`;
    if (dtype === "string" || dtype === "other" || dtype.startsWith("complex"))
      throw new DataError(`${what} holds ${tensor.storedAs}; numbers are expected. Save it as numbers.`, {
        code: "arrayType",
        ...blame,
      });
    if (shape.length === 0 || elements === 0 || elements > maxValues)
      throw new DataError(
        `${what} has the shape (${shape.join(", ")}); expected are one or more examples along the first axis, at most ${maxValues} numbers in all. Set ${blame.key} to another array.`,
        { code: "arrayShape", ...blame },
      );
    return { name: `${this.file}, ${name}`, file: this.file, sizes: shape, values: await this.values(tensor, what) };
  }

  private async values(tensor: StoredTensor, what: string): Promise<Uint8Array | Float32Array> {
    const { dtype, elements, shape, columnMajor } = tensor;
    const values = dtype === "uint8" ? new Uint8Array(elements) : new Float32Array(elements);
    let at = 0;
    for await (const piece of tensor.values()) {
      if (!(values instanceof Uint8Array)) {
        const wrong = piece.findIndex((value) => !Number.isFinite(Math.fround(value)));
        if (wrong >= 0)
          throw new DataError(
            `${what}: element ${at + wrong} (counted from 0) is ${piece[wrong]}; finite single-precision numbers are expected. Replace it.`,
            { code: "notFinite", file: this.file },
          );
      }
      values.set(piece, at);
      at += piece.length;
    }
    return columnMajor && shape.length > 1 ? rowMajor(values, shape) : values;
  }
}

/** From Fortran's order to C's. */
function rowMajor<T extends Uint8Array | Float32Array>(values: T, shape: readonly number[]): T {
  const out = values.slice() as T;
  const place = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let k = 0; k < out.length; k++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += place[axis]! * strides[axis]!;
    out[k] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]; axis--) place[axis] = 0;
  }
  return out;
}
