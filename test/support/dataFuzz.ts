/** Damages data files at random and loads the data sets: each has to be read or turned down, whatever was done to it. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { ExperimentInput } from "../../src/common/experiment.js";
import { anyIdx, cifarBatch, load, matFile, pngOf, writeAll } from "../../src/engine/data/arrays/arraysFixture.js";
import { DataError } from "../../src/engine/data/dataError.js";
import { npyFile, npzFile } from "./modelFiles.js";
import { damaged, type FuzzCounts, seeded } from "./modelFuzz.js";

interface Target {
  dataset: ExperimentInput["dataset"];
  /** The file that is damaged, and good ones in its place. */
  file: string;
  good: Uint8Array[];
  /** The others. */
  files: Record<string, Uint8Array>;
}

const labels = [0, 1, 0, 1, 0, 1, 0, 1];
const idxLabels = anyIdx(8, [8], labels);
const idxInputs = anyIdx(
  13,
  [8, 3],
  Array.from({ length: 24 }, (_, k) => k / 7),
);
const norb = (part: string) => `smallnorb-5x${part}x9x18x6x2x96x96`;
const pair = matFile("byte", [1, 2, 96, 96], new Uint8Array(2 * 96 * 96));
const pairs = matFile("byte", [8, 2, 96, 96], new Uint8Array(16 * 96 * 96));

const targets: Record<string, Target> = {
  cifar10: {
    dataset: { name: "cifar10", folder: ".", validation: 1 },
    file: "data_batch_1.bin",
    good: [cifarBatch([1, 2]), cifarBatch([9])],
    files: Object.fromEntries(
      ["data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"].map((name) => [
        name,
        cifarBatch([3]),
      ]),
    ),
  },
  "NORB's categories": {
    dataset: { name: "small-norb", folder: ".", validation: 1 },
    file: `${norb("46789")}-training-cat.mat`,
    good: [matFile("integer", [8], labels), matFile("integer", [8], labels, false)],
    files: {
      [`${norb("46789")}-training-dat.mat`]: pairs,
      [`${norb("01235")}-testing-dat.mat`]: pair,
      [`${norb("01235")}-testing-cat.mat`]: matFile("integer", [1], [3]),
    },
  },
  idx: {
    dataset: { name: "idx", idx: { inputs: "x", labels: "y" } },
    file: "x",
    good: [idxInputs, anyIdx(8, [8, 2, 2], new Array(32).fill(9)), anyIdx(11, [8, 1], labels)],
    files: { y: idxLabels },
  },
  "gzipped idx": {
    dataset: { name: "idx", idx: { inputs: "x.gz", labels: "y" } },
    file: "x.gz",
    good: [gzipSync(idxInputs)],
    files: { y: idxLabels },
  },
  csv: {
    dataset: { name: "csv", csv: { files: ["t.csv"], label: -1 } },
    file: "t.csv",
    good: [Buffer.from("a,b,c\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n"), Buffer.from('"a","b c",d\n1,"2",u\n3,4.5e1,v\n1,1,u\n')],
    files: {},
  },
  npz: {
    dataset: { name: "npz", npz: { file: "a.npz", inputs: "x", labels: "y" } },
    file: "a.npz",
    good: [
      npzFile({
        x: npyFile("'|u1'", "(8, 2)", new Uint8Array(16)),
        y: npyFile("'|u1'", "(8,)", Uint8Array.from(labels)),
      }),
      npzFile(
        { x: npyFile("'|u1'", "(8, 2)", new Uint8Array(16)), y: npyFile("'|u1'", "(8,)", Uint8Array.from(labels)) },
        0,
      ),
    ],
    files: {},
  },
  png: {
    dataset: { name: "images", images: { size: [2, 2] } },
    file: "a/1.png",
    good: [pngOf(3, 3, 9), pngOf(2, 2, [1, 2, 3]), pngOf(4, 4, [1, 2, 3, 99])],
    files: Object.fromEntries(["a/2.png", "a/3.png", "b/1.png", "b/2.png"].map((name) => [name, pngOf(2, 2, 5)])),
  },
};

export const fuzzedData = Object.keys(targets);

/**
 * @param name one of fuzzedData
 * @throws what a reader should not have thrown, with the input in its message
 */
export async function fuzzData(name: string, inputs: number, seed: number): Promise<FuzzCounts> {
  const { dataset, file, good, files } = targets[name]!;
  const random = seeded(seed);
  const counts: FuzzCounts = { inputs: 0, read: 0, turnedDown: 0 };
  const folder = await mkdtemp(path.join(os.tmpdir(), "rectiscope-fuzz-"));
  try {
    await writeAll(folder, files);
    for (; counts.inputs < inputs; counts.inputs++) {
      // now and then as it is: those have to be read
      const bytes = counts.inputs % 20 === 0 ? good[0]! : damaged(good, random);
      await writeAll(folder, { [file]: bytes });
      try {
        await load(folder, dataset);
        counts.read++;
      } catch (error) {
        if (!(error instanceof DataError) || !error.message.includes(folder))
          throw new Error(`${name} ${Buffer.from(bytes).toString("base64")}: ${(error as Error)?.stack}`);
        counts.turnedDown++;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return counts;
}
