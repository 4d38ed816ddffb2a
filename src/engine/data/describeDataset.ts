/** What there is in a data set: classes and their balance, share of zeros, samples or frequent terms, files with their hashes. */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { DatasetFile, DatasetSummary } from "../../common/datasetPage.js";
import type { Experiment } from "../../common/experiment.js";
import type { Dataset, ExampleSet } from "./dataset.js";
import { writeExample } from "./dataset.js";
import { filePieces } from "./filePieces.js";
import { inputRange } from "./inputTraits.js";
import { filesOf, loadDataset, type Places } from "./registry.js";
import { downloadSources, isDownloadable } from "./sources.js";

const samplesOfClass = 8;
const mostTerms = 24;
const mostFiles = 60;
/** Larger pictures would make the page slow. */
const mostSampleValues = 128 * 128 * 3;

/** @throws DataError */
export async function describeDataset(config: Experiment["dataset"], places: Places): Promise<DatasetSummary> {
  const dataset = await loadDataset(config, places);
  const files = await filesOf(config, places);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const { train, valid, test, unlabelled } = dataset;
  const { least, greatest } = inputRange(train.inputs);
  return {
    origin: dataset.origin,
    sha256: dataset.sha256,
    dimension: dataset.dimension,
    imageShape: dataset.imageShape,
    planes: dataset.planes ?? 1,
    parts: [
      ...[train, valid, test].map(({ name, n }) => ({ name, n })),
      ...(unlabelled ? [{ name: "unlabelled" as const, n: unlabelled.n }] : []),
    ],
    classes: Array.from({ length: dataset.classes }, (_, k) => ({
      name: dataset.classNames?.[k] ?? String(k),
      counts: [train, valid, test].map(({ labels }) => labels.reduce((sum, label) => sum + Number(label === k), 0)),
    })),
    zeros: shareOfZeros(train, dataset.dimension),
    least,
    greatest,
    files: await Promise.all(
      files.slice(0, mostFiles).map((file, k) => described(file, sizes[k]!, config, dataset.origin)),
    ),
    fileCount: files.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    samples: samplesOf(dataset),
    terms: termsOf(dataset),
  };
}

/** @param origin the name is relative to it where the file lies below */
async function described(
  file: string,
  bytes: number,
  { name }: Experiment["dataset"],
  origin: string,
): Promise<DatasetFile> {
  const hash = createHash("sha256");
  for await (const piece of filePieces(file)) hash.update(piece);
  const sha256 = hash.digest("hex");
  const base = path.basename(file).replace(/\.gz$/, "");
  const published = isDownloadable(name)
    ? downloadSources[name].files.find((one) => one.name === base || one.name === base.replace(".idx", "-idx"))
    : undefined;
  const relative = path.relative(origin, file).replaceAll("\\", "/");
  return {
    name: relative.startsWith("..") ? file : relative,
    bytes,
    sha256,
    verified: published ? published.sha256 === sha256 : null,
  };
}

function shareOfZeros({ inputs, n }: ExampleSet, dimension: number): number {
  const total = n * dimension;
  if (inputs.kind === "sparse") return 1 - inputs.indices.length / total;
  let zeros = 0;
  for (const value of inputs.values) if (value === 0) zeros++;
  return zeros / total;
}

/** Values between the least and the greatest of the training set become grey levels. */
function samplesOf({ train, classes, dimension, imageShape }: Dataset): string[][] | null {
  if (!imageShape || dimension > mostSampleValues) return null;
  const { least, greatest } = inputRange(train.inputs);
  const range = greatest > least ? greatest - least : 1;
  const samples: string[][] = Array.from({ length: classes }, () => []);
  const example = new Float32Array(dimension);
  for (let k = 0; k < train.n; k++) {
    const of = samples[train.labels[k]!]!;
    if (of.length === samplesOfClass) continue;
    writeExample(train.inputs, k, dimension, example, 0);
    const levels = Uint8Array.from(example, (value) => Math.round((255 * (value - least)) / range));
    of.push(Buffer.from(levels).toString("base64"));
    if (samples.every(({ length }) => length === samplesOfClass)) break;
  }
  return samples;
}

function termsOf({ train, terms }: Dataset): DatasetSummary["terms"] {
  if (!terms || train.inputs.kind !== "sparse") return null;
  const counts = new Uint32Array(terms.length);
  for (const input of train.inputs.indices) counts[input]!++;
  return Array.from(counts, (count, k) => ({ term: terms[k]!, share: count / train.n }))
    .sort((a, b) => b.share - a.share)
    .slice(0, mostTerms);
}
