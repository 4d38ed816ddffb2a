/**
 * The paper's results as they were published (Glorot, Bordes and Bengio, Deep Sparse Rectifier Neural Networks, AISTATS 2011), and the
 * protocol that they came from: what a sweep that names one of them is compared with. Figures that only stand in a plot are not made up:
 * such a row says in a word what the paper says of it.
 */
import type { DatasetName, Experiment } from "./experiment.js";
import { pretrainedLayers } from "./layerValue.js";
import type { StudyId } from "./studyIds.js";
import { paperLearningRates } from "./sweep.js";
import type { Activation } from "./units.js";

/** What of a network tells a row of a published table from the others; what is absent does not count. */
export interface RowTraits {
  unit?: Activation;
  pretrained?: boolean;
  /** Of softplus. */
  sharpness?: number;
  /** Hidden ones. */
  layers?: number;
  labelFraction?: number;
  /** Shares of zeros, from and up to: of networks that were not chosen but counted. */
  band?: readonly [number, number];
}

/** What the paper says where it gives no number. */
export type PublishedWord = "notSaid" | "flat" | "grows" | "gain" | "largeGain" | "noGain";

export interface PublishedRow extends RowTraits {
  /** In the study's figure; null where the paper has none. */
  published: number | null;
  /** Exact zeros, mean over the hidden layers. */
  publishedZeros?: number;
  word?: PublishedWord;
}

/** What a row's figure is. */
export type StudyFigure =
  /** Test error, a share. */
  | "testError"
  /** 1 − test error. */
  | "testAccuracy"
  /** In stars. */
  | "testRmse"
  /** Test error without pre-training less that with it. */
  | "gain";

/** The protocol of an experiment, as far as it is known. */
export interface Protocol {
  dataset: { title: string; train: number; valid: number | null; test: number };
  /** The name that Rectiscope has for the set, if any. */
  name: DatasetName | null;
  /** Of the hidden layers; null where several were tried. */
  hidden: readonly number[] | null;
  /** Number of networks; null where the paper does not say. */
  networks: number | null;
  folds: number | null;
  /** Whether its L1 penalty was varied, so that another than the usual one is no deviation. */
  variesPenalty: boolean;
  pretrainingEpochs: number | null;
}

export interface Study {
  id: StudyId;
  /** Where it stands in the paper. */
  source: "Table 1" | "Figure 3" | "Figure 4" | "Section 4.1" | "Section 4.2";
  figure: StudyFigure;
  rows: readonly PublishedRow[];
  protocol: Protocol;
  /** Sets that can stand in where the paper's is not at hand, the nearest first. */
  substitutes: readonly DatasetName[];
}

/** What all the paper's image experiments share; the epochs are those of the script that its first author published. */
export const paperDefaults = {
  learningRates: paperLearningRates,
  batchSize: 10,
  l1: 0.001,
  corruption: 0.25,
  epochs: 1000,
} as const;

const wide = [1000, 1000, 1000] as const;

/** In the order of the paper's table: with pre-training rectifier, tanh, softplus; without it the same. */
function table1(errors: readonly number[], zeros: number): PublishedRow[] {
  const units = ["rectifier", "tanh", "softplus"] as const;
  return [true, false].flatMap((pretrained, half) =>
    units.map((unit, i): PublishedRow => {
      const published = (errors[3 * half + i] as number) / 100;
      return { unit, pretrained, published, ...(unit === "rectifier" && { publishedZeros: zeros / 100 }) };
    }),
  );
}

const common = {
  hidden: wide,
  networks: null,
  folds: null,
  variesPenalty: false,
  pretrainingEpochs: 30,
} as const;

const mnist: Protocol = {
  ...common,
  dataset: { title: "MNIST", train: 50_000, valid: 10_000, test: 10_000 },
  name: "mnist",
};
const norb: Protocol = {
  ...common,
  dataset: { title: "NORB", train: 233_172, valid: 58_428, test: 58_320 },
  name: "norb",
  hidden: [4000, 2000],
};
const digits: readonly DatasetName[] = ["mnist-sample", "fashion-mnist"];
const toys: readonly DatasetName[] = ["small-norb", "mnist-sample", "fashion-mnist"];

export const studies: Record<StudyId, Study> = {
  "table1-mnist": {
    id: "table1-mnist",
    source: "Table 1",
    figure: "testError",
    rows: table1([1.2, 1.16, 1.17, 1.43, 1.57, 1.77], 83.4),
    protocol: mnist,
    substitutes: digits,
  },
  "table1-cifar10": {
    id: "table1-cifar10",
    source: "Table 1",
    figure: "testError",
    rows: table1([49.96, 50.79, 49.52, 50.86, 52.62, 53.2], 72),
    protocol: {
      ...common,
      dataset: { title: "CIFAR-10", train: 50_000, valid: 5_000, test: 5_000 },
      name: "cifar10",
    },
    substitutes: digits,
  },
  "table1-nistp": {
    id: "table1-nistp",
    source: "Table 1",
    figure: "testError",
    rows: table1([32.86, 35.89, 33.27, 32.64, 36.46, 35.48], 68),
    protocol: {
      ...common,
      dataset: { title: "NISTP", train: 81_920_000, valid: 80_000, test: 20_000 },
      name: null,
    },
    substitutes: digits,
  },
  "table1-norb": {
    id: "table1-norb",
    source: "Table 1",
    figure: "testError",
    rows: table1([16.46, 17.66, 19.19, 16.4, 19.29, 17.68], 73.8),
    protocol: norb,
    substitutes: toys,
  },
  "softplus-sharpness": {
    id: "softplus-sharpness",
    source: "Section 4.1",
    figure: "testError",
    rows: [
      ...(
        [
          [1, 17.68],
          [1.3, 17.53],
          [2, 16.9],
          [3, 16.66],
          [6, 16.54],
        ] as const
      ).map(([sharpness, error]): PublishedRow => ({ unit: "softplus", sharpness, published: error / 100 })),
      { unit: "rectifier", published: 0.164, publishedZeros: 0.738 },
    ],
    protocol: norb,
    substitutes: toys,
  },
  figure3: {
    id: "figure3",
    source: "Figure 3",
    figure: "testError",
    rows: [
      { unit: "rectifier", band: [0, 0.7], published: null, word: "notSaid" },
      { unit: "rectifier", band: [0.7, 0.85], published: null, word: "flat" },
      { unit: "rectifier", band: [0.85, 1], published: null, word: "grows" },
    ],
    protocol: { ...mnist, networks: 200, variesPenalty: true },
    substitutes: digits,
  },
  figure4: {
    id: "figure4",
    source: "Figure 4",
    figure: "gain",
    rows: (["rectifier", "tanh"] as const).flatMap((unit) =>
      [0.01, 0.1, 1].map(
        (labelFraction): PublishedRow => ({
          unit,
          labelFraction,
          published: null,
          word: unit === "tanh" ? "gain" : labelFraction === 1 ? "noGain" : "largeGain",
        }),
      ),
    ),
    protocol: norb,
    substitutes: toys,
  },
  opentable: {
    id: "opentable",
    source: "Section 4.2",
    figure: "testRmse",
    rows: [
      { layers: 0, published: 0.885, publishedZeros: 0.994 },
      { unit: "rectifier", layers: 1, published: 0.807, publishedZeros: 0.289 },
      { unit: "rectifier", layers: 3, published: 0.746, publishedZeros: 0.539 },
      { unit: "tanh", layers: 3, published: 0.774, publishedZeros: 0 },
    ],
    protocol: {
      dataset: { title: "OpenTable", train: 10_000, valid: null, test: 10_000 },
      name: null,
      hidden: null,
      networks: null,
      folds: 10,
      variesPenalty: true,
      pretrainingEpochs: null,
    },
    substitutes: [],
  },
  amazon: {
    id: "amazon",
    source: "Section 4.2",
    figure: "testAccuracy",
    rows: [{ unit: "rectifier", layers: 3, published: 0.7895 }],
    protocol: {
      dataset: { title: "Amazon, four products", train: 2_000, valid: null, test: 0 },
      name: null,
      hidden: [5000, 5000, 5000],
      networks: null,
      folds: null,
      variesPenalty: true,
      pretrainingEpochs: null,
    },
    substitutes: ["sentiment-sentences"],
  },
};

/** Whether a network belongs to a row. How many zeros it came to have is for the result to say. */
export function fitsRow(row: RowTraits, config: Experiment): boolean {
  const { network, dataset } = config;
  const { unit, pretrained, sharpness, layers, labelFraction } = row;
  return (
    (unit === undefined || unit === network.activation) &&
    (pretrained === undefined || pretrained === pretrainedLayers(config) > 0) &&
    (sharpness === undefined || sharpness === network.sharpness) &&
    (layers === undefined || layers === network.hidden.length) &&
    (labelFraction === undefined || labelFraction === (dataset.labelFraction ?? 1))
  );
}
