/** Invented data sets, as the extension host would send them. */
import type { DatasetHead, DatasetSummary, ToDatasetPage } from "../../src/common/datasetPage.js";

const head: DatasetHead = {
  title: "MNIST",
  name: "mnist",
  licence: "CC BY-SA 3.0, © Yann LeCun and Corinna Cortes",
  about: "http://yann.lecun.com/exdb/mnist/",
  config: null,
  download: null,
};
const own: DatasetHead = {
  ...head,
  title: "leaves.csv",
  name: "csv",
  licence: null,
  about: null,
  config: "leaves.rectiscope.json",
};
const hash = "0123456789abcdef".repeat(4);

const picture = (rows: number, columns: number, seed: number) =>
  btoa(String.fromCharCode(...Array.from({ length: rows * columns }, (_, k) => (k * (seed + 3)) % 256)));

function summary(classes: number, more: Partial<DatasetSummary> = {}): DatasetSummary {
  return {
    origin: "/home/someone/data/mnist",
    sha256: hash,
    dimension: 784,
    imageShape: [28, 28],
    planes: 1,
    parts: [
      { name: "train", n: 100 * classes },
      { name: "valid", n: 10 * classes },
      { name: "test", n: 20 * classes },
    ],
    classes: Array.from({ length: classes }, (_, k) => ({ name: String(k), counts: [100 + k, 10, 20 - (k % 9)] })),
    zeros: 0.808,
    least: 0,
    greatest: 1,
    files: [
      { name: "train-images-idx3-ubyte", bytes: 47_040_016, sha256: hash, verified: true },
      { name: "train-labels-idx1-ubyte.gz", bytes: 28_881, sha256: hash, verified: false },
      { name: "other", bytes: 1, sha256: hash, verified: null },
    ],
    fileCount: 3,
    bytes: 47_068_898,
    samples: Array.from({ length: classes }, (_, k) => Array.from({ length: 8 }, (_, i) => picture(28, 28, k + i))),
    terms: null,
    ...more,
  };
}

const numbers = { imageShape: null, samples: null, dimension: 2, least: -1.25, greatest: 17 };
const hostile = '<img src=x onerror="document.title=1">';
const long = "a name that somebody made very long ".repeat(6);

export const states: Record<string, () => ToDatasetPage[]> = {
  reading: () => [{ type: "reading", head }],
  missing: () => [
    {
      type: "missing",
      head: { ...head, download: "Download MNIST (11.6 MB)…" },
      message: 'The data set "mnist" was not found. Download it.',
    },
  ],
  failed: () => [
    { type: "failed", head: own, message: "/data/leaves.csv:7: There are 2 columns, 3 in the first line." },
  ],
  pictures: () => [{ type: "dataset", head, summary: summary(10) }],
  stereo: () => [
    {
      type: "dataset",
      head,
      summary: summary(5, {
        imageShape: [64, 32],
        planes: 2,
        samples: Array.from({ length: 5 }, (_, k) => [picture(64, 32, k)]),
      }),
    },
  ],
  colours: () => [
    {
      type: "dataset",
      head,
      summary: summary(2, { imageShape: [6, 2], planes: 3, dimension: 12, samples: [[picture(6, 2, 1)], []] }),
    },
  ],
  table: () => [{ type: "dataset", head: own, summary: summary(3, numbers) }],
  texts: () => [
    {
      type: "dataset",
      head: own,
      summary: summary(2, {
        imageShape: null,
        samples: null,
        parts: [...summary(2).parts, { name: "unlabelled", n: 50_000 }],
        terms: [
          { term: "good", share: 0.5 },
          { term: hostile, share: 0.25 },
        ],
      }),
    },
  ],
  many: () => [{ type: "dataset", head: own, summary: summary(256, { ...numbers, fileCount: 4000 }) }],
  long: () => [
    {
      type: "dataset",
      head: { ...own, title: long, config: `${long}.rectiscope.json` },
      summary: summary(2, {
        classes: [
          { name: long, counts: [1_000_000, 0, 1] },
          { name: hostile, counts: [1, 2, 3] },
        ],
        origin: `/${long}`,
      }),
    },
  ],
};
