/** IDX files that a config names. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { Experiment } from "../../../common/experiment.js";
import { readAnyIdx } from "./anyIdx.js";
import { type NamedArray, type Pair, pairedSet } from "./pairedArrays.js";
import type { RawSet } from "./rawSet.js";

export type IdxConfig = NonNullable<Experiment["dataset"]["idx"]>;

/** @throws DataError of anyIdx and pairedArrays */
export async function loadIdxFiles(idx: IdxConfig, folder: string, classes: number | undefined): Promise<RawSet> {
  const hash = createHash("sha256");
  const read = async (name: string, role: string): Promise<NamedArray> => {
    const file = path.resolve(folder, name);
    return { name: file, file, ...(await readAnyIdx(file, role, hash)) };
  };
  const train: Pair = {
    inputs: await read(idx.inputs, "train inputs"),
    labels: await read(idx.labels, "train labels"),
  };
  const test: Pair | null =
    idx.testInputs !== undefined && idx.testLabels !== undefined
      ? { inputs: await read(idx.testInputs, "test inputs"), labels: await read(idx.testLabels, "test labels") }
      : null;
  const keys = { label: "dataset.idx.labels", files: "dataset.idx.inputs" };
  return { ...pairedSet(train, test, classes, keys), sha256: hash.digest("hex") };
}
