/** What is known of the published data sets without reading them. */
import type { DatasetName, OwnDatasetName } from "./experiment.js";

export type KnownDatasetName = Exclude<DatasetName, OwnDatasetName>;

export interface KnownDataset {
  title: string;
  /** Examples in the files. Of texts they are drawn from one lot, and the test set is null. */
  train: number;
  test: number | null;
  /** Of one example; null where the training set's words decide. */
  shape: readonly number[] | null;
  classes: number;
  /** A page for people. */
  about: string;
  /** Null where Rectiscope does not know it. */
  licence: string | null;
}

const mnistLicence = "CC BY-SA 3.0, © Yann LeCun and Corinna Cortes";

export const knownDatasets: Record<KnownDatasetName, KnownDataset> = {
  "mnist-sample": {
    title: "MNIST sample",
    train: 10_000,
    test: 2_000,
    shape: [28, 28],
    classes: 10,
    about: "http://yann.lecun.com/exdb/mnist/",
    licence: mnistLicence,
  },
  mnist: {
    title: "MNIST",
    train: 60_000,
    test: 10_000,
    shape: [28, 28],
    classes: 10,
    about: "http://yann.lecun.com/exdb/mnist/",
    licence: mnistLicence,
  },
  "fashion-mnist": {
    title: "Fashion-MNIST",
    train: 60_000,
    test: 10_000,
    shape: [28, 28],
    classes: 10,
    about: "https://github.com/zalandoresearch/fashion-mnist",
    licence: "MIT, © Zalando SE",
  },
  cifar10: {
    title: "CIFAR-10",
    train: 50_000,
    test: 10_000,
    shape: [3, 32, 32],
    classes: 10,
    about: "https://www.cs.toronto.edu/~kriz/cifar.html",
    licence: null,
  },
  norb: {
    title: "NORB, jittered-cluttered",
    train: 291_600,
    test: 58_320,
    shape: [2, 32, 32],
    classes: 6,
    about: "https://cs.nyu.edu/~ylclab/data/norb-v1.0/",
    licence: null,
  },
  "small-norb": {
    title: "NORB, small",
    train: 24_300,
    test: 24_300,
    shape: [2, 32, 32],
    classes: 5,
    about: "https://cs.nyu.edu/~ylclab/data/norb-v1.0-small/",
    licence: null,
  },
  "sentiment-sentences": {
    title: "Sentiment Labelled Sentences",
    train: 3_000,
    test: null,
    shape: null,
    classes: 2,
    about: "https://archive.ics.uci.edu/ml/datasets/Sentiment+Labelled+Sentences",
    licence: "CC BY 4.0, © Dimitrios Kotzias and others",
  },
};

export function isKnownDataset(name: string): name is KnownDatasetName {
  return Object.hasOwn(knownDatasets, name);
}
