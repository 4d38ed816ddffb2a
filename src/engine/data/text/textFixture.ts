/** Small text data sets for tests. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ExperimentInput, experimentSchema } from "../../../common/experiment.js";
import type { Dataset, ExampleSet, Unlabelled } from "../dataset.js";
import { loadDataset } from "../registry.js";

export function textFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), "rectiscope-text-"));
}

export async function writeFiles(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), contents);
  }
}

/** Loads as an experiment beside the files would. */
export function loadText(folder: string, text: object, more: object = {}): Promise<Dataset> {
  const dataset = { name: "text", text, ...more } as ExperimentInput["dataset"];
  const parsed = experimentSchema.shape.dataset.parse(dataset);
  return loadDataset(parsed, { configFolder: folder, dataFolders: [], assets: folder });
}

/** The terms of each example, in the order of the inputs. */
export function termsIn(dataset: Dataset, { n, inputs }: ExampleSet | Unlabelled): string[][] {
  if (inputs.kind !== "sparse") throw new TypeError(`Texts are sparse, not ${inputs.kind}.`);
  const { starts, indices } = inputs;
  return Array.from({ length: n }, (_, k) =>
    Array.from(indices.subarray(starts[k], starts[k + 1]), (input) => dataset.terms?.[input] as string),
  );
}

/** Reviews of 1 to 5 stars; a term that each review has alone, `only<k>`, tells which it is. */
export function starReviews(n: number): { text: string; stars: number }[] {
  const words = ["awful", "poor", "fair", "good", "superb"];
  return Array.from({ length: n }, (_, k) => ({
    text: `The food is ${words[k % 5]}, only${k}`,
    stars: (k % 5) + 1,
  }));
}

export function jsonLinesOf(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
