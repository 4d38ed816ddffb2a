/** What an editor offers where a key of an experiment has no value yet: values to choose from, and sections to fill in. */
import { definitions } from "../../common/metrics.js";

/** What is offered for a key, beside its default and the values that the schema lists. */
export interface Offer {
  values?: readonly unknown[];
  snippets?: readonly OfferedSnippet[];
}

/** Of the body `${1:x}` is a place to type at, and a text that starts with `^` stands without its quotes. */
export interface OfferedSnippet {
  label: string;
  body: unknown;
}

const values = (...offered: unknown[]): Offer => ({ values: offered });
const snippet = (label: string, body: unknown): Offer => ({ snippets: [{ label, body }] });

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: tab stops of VS Code's snippets
const digits = { name: "${1:mnist-sample}" };
const layers = (...widths: number[]) => widths.map((width, at) => `^\${${at + 1}:${width}}`);
const training = { learningRate: "^${1:0.03}", batchSize: "^${2:10}", epochs: "^${3:10}", l1: "^${4:0.001}" };

/** For ways of reading numbers from one's own files. */
const numbers = (section: string): Record<string, Offer> => ({
  [`dataset.${section}.testShare`]: values(0.1, 0.2, 0.5),
  [`dataset.${section}.validationShare`]: values(0.1, 0.2),
  [`dataset.${section}.splitSeed`]: values(1, 2, 3),
});

/** By key; "" is the whole file. */
export const experimentOffers: Record<string, Offer> = {
  "": {
    snippets: [
      {
        label: "rectifier network on the digits that come with Rectiscope",
        body: {
          dataset: digits,
          network: { hidden: ["^${2:500}", "^${3:500}"] },
          training: { learningRate: "^${4:0.1}", batchSize: "^${5:10}", epochs: "^${6:8}", l1: "^${7:0.003}" },
          seed: "^${8:1}",
        },
      },
      {
        label: "the paper's network on MNIST",
        body: {
          dataset: { name: "${1:mnist}" },
          network: { hidden: ["^${2:1000}", "^${3:1000}", "^${4:1000}"] },
          training: { learningRate: "^${5:0.03}", batchSize: "^${6:10}", epochs: "^${7:10}", l1: "^${8:0.001}" },
          seed: "^${9:1}",
        },
      },
    ],
  },
  name: snippet("name", "${1:experiment}"),
  description: snippet("description", "${1:what it is for}"),
  dataset: snippet("dataset", digits),
  "dataset.folder": snippet("folder", "${1:data}"),
  "dataset.validation": values(1000, 2000, 5000, 10_000),
  "dataset.classes": values(2, 5, 10),
  "dataset.fold": snippet("fold", { index: "^${1:1}", of: "^${2:5}" }),
  "dataset.fold.index": values(1, 2, 3),
  "dataset.fold.of": values(5, 10),
  "dataset.fold.seed": values(1, 2, 3),
  "dataset.labelFraction": values(0.01, 0.1, 0.5, 1),
  "dataset.labelSeed": values(1, 2, 3),
  "dataset.idx": snippet("idx", { inputs: "${1:train-images.idx}", labels: "${2:train-labels.idx}" }),
  "dataset.idx.inputs": snippet("inputs", "${1:train-images.idx}"),
  "dataset.idx.labels": snippet("labels", "${1:train-labels.idx}"),
  "dataset.idx.testInputs": snippet("testInputs", "${1:test-images.idx}"),
  "dataset.idx.testLabels": snippet("testLabels", "${1:test-labels.idx}"),
  ...numbers("idx"),
  "dataset.csv": snippet("csv", { files: ["${1:table.csv}"], label: "${2:class}" }),
  "dataset.csv.files": snippet("files", ["${1:table.csv}"]),
  "dataset.csv.testFiles": snippet("testFiles", ["${1:test.csv}"]),
  "dataset.csv.label": values("class", "label", -1),
  "dataset.csv.ignore": snippet("ignore", ["${1:id}"]),
  "dataset.csv.imageShape": snippet("[28, 28]", ["^${1:28}", "^${2:28}"]),
  ...numbers("csv"),
  "dataset.npz": snippet("npz", { file: "${1:data.npz}", inputs: "${2:x_train}", labels: "${3:y_train}" }),
  "dataset.npz.file": snippet("file", "${1:data.npz}"),
  "dataset.npz.testInputs": values("x_test"),
  "dataset.npz.testLabels": values("y_test"),
  ...numbers("npz"),
  "dataset.images": snippet("images", { train: "${1:pictures}" }),
  "dataset.images.test": snippet("test", "${1:test}"),
  "dataset.images.size": snippet("[28, 28]", ["^${1:28}", "^${2:28}"]),
  ...numbers("images"),
  "dataset.text": snippet("text", { files: ["${1:reviews.csv}"], textKey: "${2:text}", labelKey: "${3:label}" }),
  "dataset.text.files": snippet("files", ["${1:reviews.csv}"]),
  "dataset.text.validationFiles": snippet("validationFiles", ["${1:validation.csv}"]),
  "dataset.text.testFiles": snippet("testFiles", ["${1:test.csv}"]),
  "dataset.text.unlabelledFiles": snippet("unlabelledFiles", ["${1:unlabelled.csv}"]),
  "dataset.text.testShare": values(0.1, 0.2, 0.5),
  "dataset.text.splitSeed": values(1, 2, 3),
  "dataset.text.textKey": values("text", "review"),
  "dataset.text.labelKey": values("label", "class", "stars"),
  "dataset.text.vocabulary": values(1000, 5000, 10_000),
  network: snippet("network", { hidden: layers(500, 500) }),
  "network.hidden": {
    snippets: [[1000, 1000, 1000], [500, 500], [256, 256], [100]].map((widths) => ({
      label: `[${widths.join(", ")}]`,
      body: layers(...widths),
    })),
  },
  "network.sharpness": values(1, 2, 5),
  training: snippet("training", training),
  "training.learningRate": values(0.1, 0.03, 0.01, 0.003, 0.001),
  "training.momentum": values(0.5, 0.9, 0.99),
  "training.beta1": values(0.9),
  "training.beta2": values(0.99, 0.999),
  "training.epsilon": values(1e-8, 1e-7),
  "training.batchSize": values(10, 32, 100),
  "training.epochs": values(5, 10, 30, 100),
  "training.l1": values(0, 0.0003, 0.001, 0.003),
  "training.patience": values(5, 10, 20),
  "training.targetSparsity": values(0.7, 0.8, 0.9),
  "training.revive": snippet("revive", { everyEpochs: "^${1:1}", criterion: "${2:dead}" }),
  "training.revive.everyEpochs": values(1, 2, 5),
  "training.revive.pauseL1Epochs": values(0, 1),
  pretraining: snippet("pretraining", { learningRate: "^${1:0.01}", epochs: "^${2:30}" }),
  "pretraining.corruption": values(0.1, 0.25, 0.5),
  "pretraining.salt": values(0.005, 0.01, 0.05),
  "pretraining.learningRate": values(0.1, 0.01, 0.001),
  "pretraining.epochs": values(10, 30, 50),
  "pretraining.batchSize": values(10, 32, 100),
  "pretraining.l1": values(0, 0.0003, 0.001),
  "pretraining.layers": values(0, 1, 2),
  evaluation: snippet("evaluation", { everySteps: "^${1:1000}" }),
  "evaluation.everySteps": values(100, 500, 1000),
  "evaluation.rareThreshold": values(0.001, 0.01),
  "evaluation.dormantThreshold": values(0.01, 0.025, 0.1),
  "evaluation.dyingWindow": values(1000, 10_000),
  warmStart: snippet("warmStart", { run: "${1:.rectiscope/runs/…}" }),
  "warmStart.run": snippet("run", "${1:.rectiscope/runs/…}"),
  seed: values(1, 2, 3),
  threads: values("auto", 1, 2, 4),
};
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: tab stops of VS Code's snippets

/** Figures that are defined where the key is that they belong to. Every one is at some key. */
export const figuresOfKey: Record<string, readonly (keyof typeof definitions)[]> = {
  "network.hidden": [
    ...(["sparsity", "nearZero", "dead", "dying", "dormant", "rare", "alwaysOn", "activeUnits"] as const),
    ...(["meanActivation", "gradientNorm", "updateRatio"] as const),
  ],
  evaluation: ["error", "loss", "rmse", "firingFrequency"],
  pretraining: ["reconstruction"],
};

/** Their definitions in Markdown; nothing for other keys. */
export function definitionsAt(key: string): string[] {
  const lines = (figuresOfKey[key] ?? []).map((figure) => {
    const { label, text } = definitions[figure];
    return `- **${label}**: ${text.replaceAll("|", "\\|")}`;
  });
  return lines.length > 0 ? [`What is measured:\n\n${lines.join("\n")}`] : [];
}
