/**
 * The experiment config, `*.rectiscope.json`: the one place that says which keys exist, what they mean, what values they take
 * and what they default to. Types, validation, completion and the bundled JSON Schema all derive from here.
 */
import { z } from "zod";
import { backends } from "./backends.js";
import { optimizerDefaults, optimizers } from "./optimizers.js";
import { noises, pretrainingDefaults, reconstructionStrategies, reconstructionTargets } from "./pretraining.js";
import { reviveCriteria } from "./revive.js";
import { activations, signMasks } from "./units.js";

export const datasetNames = [
  "mnist",
  "mnist-sample",
  "fashion-mnist",
  "cifar10",
  "norb",
  "small-norb",
  "sentiment-sentences",
  "idx",
  "csv",
  "npz",
  "images",
  "text",
] as const;
export type DatasetName = (typeof datasetNames)[number];

/** Those that are files of one's own, each with a section of its name that says how they are read. */
export const ownDatasets = ["idx", "csv", "npz", "images", "text"] as const;
export type OwnDatasetName = (typeof ownDatasets)[number];

/** Those that are texts, which `dataset.text` says how to read. */
export const textDatasets = ["sentiment-sentences", "text"] as const;
export type TextDatasetName = (typeof textDatasets)[number];

export function isTextDataset(name: DatasetName): name is TextDatasetName {
  return textDatasets.some((known) => known === name);
}

export const textFormats = ["jsonLines", "json", "csv", "tsv", "wordCounts"] as const;
export type TextFormat = (typeof textFormats)[number];

export const scales = ["auto", "none", "unit", "symmetric", "standard"] as const;
export type Scale = (typeof scales)[number];

/** Bounds that keep an experiment within what one machine can hold; beyond them a value is a typing mistake. */
export const limits = {
  width: 65_536,
  layers: 64,
  batchSize: 4096,
  epochs: 100_000,
  threads: 4,
  trainLines: 10_000,
  folds: 100,
  classes: 256,
  vocabulary: 65_536,
  textFiles: 1000,
  /** Rows or columns of a picture. */
  pictureSide: 4096,
};

const count = (max: number) => z.int().min(1).max(max);
const share = () => z.number().min(0).max(1);
/** Of a running mean: what is kept in a step. All of it would never learn. */
const decay = () => z.number().min(0).max(0.999999).optional();

const seed = () => z.int().min(0).max(0xffff_ffff);

const fold = z
  .strictObject({
    index: count(limits.folds).describe("Which part is the validation set, from 1."),
    of: z.int().min(2).max(limits.folds).describe("Number of parts."),
    seed: seed().default(1).describe("Seed of the shuffling before the parts are dealt out."),
  })
  .describe(
    "Cross-validation: all training examples are dealt into equal parts, each with the same share of every class; one part is the validation set, the others are trained on. `validation` then does not count.",
  );

const fileList = () => z.array(z.string().min(1)).min(1).max(limits.textFiles);
const text = z
  .strictObject({
    files: fileList()
      .optional()
      .describe(
        "Files of labelled texts, relative to `dataset.folder`; with `.gz` at the end compressed ones. Required for `text`. An example whose label is null or empty counts as one without a label.",
      ),
    validationFiles: fileList()
      .optional()
      .describe(
        "Files of the validation set. Default: `dataset.validation` examples are drawn from `files`. With `fold` they are dealt out with the others.",
      ),
    testFiles: fileList().optional().describe("Files of the test set. Default: `testShare` of `files` is drawn."),
    unlabelledFiles: fileList()
      .optional()
      .describe("Files of texts without labels, for pre-training; labels that they have are not read."),
    testShare: z
      .number()
      .min(0.001)
      .max(0.999)
      .default(0.2)
      .describe("Share of the examples of `files` that is drawn for the test set where there are no `testFiles`."),
    splitSeed: seed().default(1).describe("Seed of what is drawn for the test set and the validation set."),
    format: z
      .enum(textFormats)
      .optional()
      .describe(
        "`jsonLines` is an object a line, `json` a list of objects, `csv` and `tsv` have the names of their columns in the first line, `wordCounts` has lines such as `good:2 very_good:1 #label#:positive` (the Amazon reviews of Blitzer and others 2007). Default: by the files' names (`.jsonl`, `.ndjson`, `.json`, `.csv`, `.tsv`, `.review`).",
      ),
    textKey: z.string().min(1).optional().describe('Key or column of the text. Default: "text". Not for `wordCounts`.'),
    labelKey: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Key or column of the label. Default: "label", of `sentiment-sentences` "class". Not for `wordCounts`.',
      ),
    labels: z
      .enum(["classes", "stars"])
      .default("classes")
      .describe(
        "What labels are: `classes` are names or numbers, in their order; `stars` are whole numbers from 1 to `dataset.classes` (default 5), and the expected number of stars is measured too (RMSE).",
      ),
    vocabulary: count(limits.vocabulary)
      .default(5000)
      .describe(
        "Number of inputs: so many of the terms that occur in most examples of the training set, which may hold fewer. An input is 1 where the text has its term, else 0.",
      ),
  })
  .describe("How texts are read: for the data sets `text` and `sentiment-sentences`.");

/** How numbers from one's own files are scaled and split. */
const numbers = {
  scale: z
    .enum(scales)
    .default("auto")
    .describe(
      "`auto` divides bytes by 255 and leaves other numbers as they are; `none` leaves all; `unit` moves them to 0…1 and `symmetric` to −1…1 (bytes from 0…255, others from the least and greatest of the training set); `standard` gives each input the mean 0 and the standard deviation 1 over the training set.",
    ),
  testShare: z
    .number()
    .min(0.001)
    .max(0.999)
    .default(0.2)
    .describe("Share of the examples that is drawn for the test set where there are no files for it."),
  validationShare: z
    .number()
    .min(0.001)
    .max(0.999)
    .optional()
    .describe(
      "Share of the training examples that is drawn for validation. Default: `dataset.validation` examples, or a tenth.",
    ),
  splitSeed: seed().default(1).describe("Seed of what is drawn for the test set and the validation set."),
  stratified: z
    .boolean()
    .default(true)
    .describe("Whether what is drawn has each class's share. `false` draws from all examples alike."),
};

const idx = z
  .strictObject({
    inputs: z
      .string()
      .min(1)
      .describe("IDX file of the training inputs, relative to `dataset.folder`; the first size counts the examples."),
    labels: z.string().min(1).describe("IDX file of the training labels: whole numbers, one an example."),
    testInputs: z.string().min(1).optional().describe("IDX file of the test inputs. Default: `testShare` is drawn."),
    testLabels: z.string().min(1).optional().describe("IDX file of the test labels."),
    ...numbers,
  })
  .describe(
    "Any IDX files, with or without `.gz`: any type of number, any number of dimensions. For the data set `idx` where the files are not named as MNIST's are.",
  );

const csv = z
  .strictObject({
    files: fileList().describe(
      "Tables of numbers, one example a line, relative to `dataset.folder`; with `.gz` at the end compressed ones.",
    ),
    testFiles: fileList().optional().describe("Tables of the test set. Default: `testShare` of `files` is drawn."),
    label: z
      .union([z.string().min(1), z.int().min(-1).max(1_000_000)])
      .default("label")
      .describe("Column of the class: its name, or its number from 1; −1 is the last."),
    header: z.boolean().default(true).describe("Whether the first line names the columns."),
    separator: z
      .enum([",", ";", "\t", " "])
      .optional()
      .describe("What stands between columns. Default: a tab in `.tsv` files, else a comma."),
    ignore: z
      .array(z.union([z.string().min(1), z.int().min(-1).max(1_000_000)]))
      .max(10_000)
      .optional()
      .describe("Columns that are not read, such as row numbers; by name or number."),
    imageShape: z
      .array(count(limits.pictureSide))
      .min(2)
      .max(2)
      .optional()
      .describe("[rows, columns] where each example is a picture, row by row. Default: no pictures."),
    ...numbers,
  })
  .describe("How tables of numbers are read: for the data set `csv`.");

const npz = z
  .strictObject({
    file: z.string().min(1).describe("NumPy archive (`.npz`), relative to `dataset.folder`."),
    inputs: z
      .string()
      .min(1)
      .default("x_train")
      .describe("Array of the training inputs; the first axis counts the examples."),
    labels: z
      .string()
      .min(1)
      .default("y_train")
      .describe("Array of the training labels: whole numbers, one an example."),
    testInputs: z
      .string()
      .min(1)
      .optional()
      .describe("Array of the test inputs. Default: `x_test` if there is one, else `testShare` is drawn."),
    testLabels: z.string().min(1).optional().describe("Array of the test labels. Default: `y_test` if there is one."),
    ...numbers,
  })
  .describe("How a NumPy archive is read: for the data set `npz`.");

const images = z
  .strictObject({
    train: z
      .string()
      .min(1)
      .default(".")
      .describe(
        "Folder with one folder for each class, named like the class, with its PNG pictures; relative to `dataset.folder`.",
      ),
    test: z
      .string()
      .min(1)
      .optional()
      .describe("Folder of the same kind for the test set. Default: `testShare` is drawn."),
    colour: z
      .enum(["grey", "rgb"])
      .default("grey")
      .describe("`grey` reads one plane (luma of coloured pictures), `rgb` three planes."),
    size: z
      .array(count(limits.pictureSide))
      .min(2)
      .max(2)
      .optional()
      .describe(
        "[rows, columns] to which each picture is resized, by the mean of the area. Default: none, and all pictures have to be of one size.",
      ),
    ...numbers,
  })
  .describe("How folders of pictures are read: for the data set `images`.");

const dataset = z
  .strictObject({
    name: z
      .enum(datasetNames)
      .describe(
        "Which data set to train on. `mnist-sample` (10,000 + 2,000 digits) is packed with Rectiscope and needs no other files. Your own files are `idx` (the MNIST file format), `csv` (tables of numbers), `npz` (NumPy archives), `images` (PNG pictures in a folder for each class) and `text`.",
      ),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder with the data set's files, relative to this file. Required for `idx` without a section `idx`: the folder with four files named as MNIST's are (`train-images-idx3-ubyte`, …, with or without `.gz`). For other files of your own the default is this file's folder.",
      ),
    validation: z
      .int()
      .min(1)
      .optional()
      .describe(
        "How many training examples are held out for validation: the last ones; of files of your own some that are drawn with each class's share. Default: 10,000 for MNIST and Fashion-MNIST, 2,000 for the sample, 5,000 for CIFAR-10, 58,428 for NORB, a sixth for small NORB and for `idx` without a section, else a tenth.",
      ),
    classes: z
      .int()
      .min(2)
      .max(limits.classes)
      .optional()
      .describe(
        "Number of classes. Default: 10, with labels from 0 to 9; of other files of your own as many as there are different labels, of stars 5.",
      ),
    fold: fold.optional(),
    labelFraction: z
      .number()
      .min(1e-6)
      .max(1)
      .optional()
      .describe(
        "Share of each class's training examples that is trained on with its labels, at least one; the others count as unlabelled. A smaller share's examples are among a larger one's. Default: 1.",
      ),
    labelSeed: seed().optional().describe("Seed of which examples `labelFraction` keeps. Default: 1."),
    idx: idx.optional(),
    csv: csv.optional(),
    npz: npz.optional(),
    images: images.optional(),
    text: text.optional(),
  })
  .describe("What the network learns from.");

const network = z
  .strictObject({
    hidden: z
      .array(count(limits.width))
      .max(limits.layers)
      .describe(
        "Width (number of units) of each hidden layer, from input to output; `[]` for none: a softmax regression on the inputs.",
      ),
    activation: z
      .enum(activations)
      .default("rectifier")
      .describe(
        "The hidden units: `rectifier` max(0, a), `softplus` log(1 + e^(αa))/α, `tanh`, or `logistic` 1/(1 + e^-a).",
      ),
    signs: z
      .enum(signMasks)
      .optional()
      .describe(
        "Sign mask: `half` multiplies half of each layer's units by −1 so that its mean activation can cancel, `random` each unit with probability ½, `none` no unit. Default: `half` for rectifiers, `none` for others.",
      ),
    sharpness: z
      .number()
      .min(0.001)
      .max(1000)
      .default(1)
      .describe("Softplus only: α in log(1 + e^(αa))/α. 1 is the plain softplus; it nears the rectifier as α grows."),
    initialisation: z
      .enum(["glorot"])
      .default("glorot")
      .describe("Initial weights: `glorot` is uniform in ±√(6/(inputs + outputs)), biases 0."),
  })
  .describe("The fully connected network between the input and the softmax output.");

const revive = z
  .strictObject({
    everyEpochs: count(limits.epochs)
      .default(1)
      .describe("Revive after every so many epochs, right after measuring; not after the last epoch."),
    criterion: z
      .enum(reviveCriteria)
      .default("dead")
      .describe(
        "Which units are revived, by the validation set: `dead` ones, which fire on none of its examples (rectifiers only), or `dormant` ones, whose mean |h| is at most `evaluation.dormantThreshold` times the mean over their layer.",
      ),
    pauseL1Epochs: z
      .int()
      .min(0)
      .max(limits.epochs)
      .default(0)
      .describe(
        "For so many epochs after units were revived λ is 0, so that they can find a use before they are pushed to zero again.",
      ),
  })
  .describe(
    "Revive units that have died (ReDo, Sokar and others 2023): they get fresh incoming weights, the bias 0 and outgoing weights 0, and what the optimizer keeps of these is cleared. `{}` takes every default. Units can also be revived once, by command.",
  );

const training = z
  .strictObject({
    optimizer: z
      .enum(optimizers)
      .default("sgd")
      .describe(
        "How a step follows from the gradient g: `sgd` is plain stochastic gradient descent, w ← w − ηg; `momentum` adds up past gradients, v ← μv + g, w ← w − ηv; `adam` divides their running mean by the root of that of their squares (Kingma and Ba 2015). All compute what PyTorch's do. `sgd` is the fastest: its updates skip what is zero.",
      ),
    learningRate: z
      .number()
      .positive()
      .max(100)
      .describe("η, the step size, constant. Adam's is usually much smaller than the others', such as 0.001."),
    momentum: decay().describe(
      `Optimizer \`momentum\` only: μ, the share of the velocity that a step keeps. Default: ${optimizerDefaults.momentum.momentum}.`,
    ),
    beta1: decay().describe(
      `Optimizer \`adam\` only: β₁, the share that the running mean of gradients keeps in a step. Default: ${optimizerDefaults.adam.beta1}.`,
    ),
    beta2: decay().describe(
      `Optimizer \`adam\` only: β₂, the share that the running mean of squared gradients keeps in a step. Default: ${optimizerDefaults.adam.beta2}.`,
    ),
    epsilon: z
      .number()
      .min(1e-12)
      .max(1)
      .optional()
      .describe(
        `Optimizer \`adam\` only: ε, added to the root of the mean square before it divides. Default: ${optimizerDefaults.adam.epsilon}.`,
      ),
    batchSize: count(limits.batchSize).default(10).describe("Examples in one mini-batch (one step)."),
    epochs: z
      .int()
      .min(0)
      .max(limits.epochs)
      .describe(
        "Passes over the training set, reshuffled before each. 0 leaves the softmax untrained: for runs that only pre-train.",
      ),
    l1: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        "λ, the weight of the L1 penalty on activations: λ · Σ_layers mean_batch(Σ_units |h|). Pushes towards zeros. With `targetSparsity` it is what λ starts at.",
      ),
    targetSparsity: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe(
        "Mean sparsity of the hidden layers that the training is to reach and hold, such as 0.8 for 80 % zeros: after every step λ is moved so that the mini-batches get there. Rectifiers only. Default: none, and λ stays as `l1` says.",
      ),
    revive: revive.optional(),
    patience: count(limits.epochs)
      .optional()
      .describe(
        "Early stopping: end after this many evaluations in a row without a better validation error. Default: never.",
      ),
  })
  .describe("How the network is trained: in mini-batches, on the cross-entropy of a softmax.");

/** One value for all layers, or a list with one for each layer that is pre-trained. */
const perLayer = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1).max(limits.layers)]);

const pretraining = z
  .strictObject({
    strategy: perLayer(z.enum(reconstructionStrategies))
      .default("auto")
      .describe(
        "How a layer's input is reconstructed, for all layers or as a list: `softplus` decoder with quadratic cost; `scaled` to 0…1 by its maximum, logistic decoder, cross-entropy; `linear` decoder, quadratic; `rectifier` decoder, quadratic; `crossEntropy`, logistic decoder, for values in 0…1 (tanh outputs are moved there). `auto`: `crossEntropy` for tanh and logistic units, `scaled` for texts, else `softplus`. A single strategy leaves the first layer of data with negative values to `linear`.",
      ),
    target: perLayer(z.enum(reconstructionTargets))
      .default("unmasked")
      .describe(
        "What is reconstructed above the first layer: `unmasked` the outputs without the sign mask, `masked` with it, `preActivation` (strategy `linear` only) what goes into the units. The encoder always sees the masked outputs.",
      ),
    noise: perLayer(z.enum(noises))
      .default("auto")
      .describe(
        "How the input is corrupted: `masking` sets some of it to 0; `saltAndPepper` sets some of what is not 0 to 0, and some zeros to 1; `none`. `auto`: `saltAndPepper` for the first layer of texts, else `masking`.",
      ),
    corruption: perLayer(share())
      .optional()
      .describe(
        `Probability that an input (with \`saltAndPepper\`: one that is not 0) is set to 0. Default: ${pretrainingDefaults.masking}; for texts ${pretrainingDefaults.text.join(", ")} from the first layer on, the last for all above.`,
      ),
    salt: perLayer(share())
      .default(pretrainingDefaults.salt)
      .describe("Noise `saltAndPepper` only: probability that a zero is set to 1."),
    tied: z
      .boolean()
      .default(false)
      .describe("Whether the decoder's weights are the encoder's, transposed. Default: weights of its own."),
    learningRate: perLayer(z.number().positive().max(100))
      .default(pretrainingDefaults.learningRate)
      .describe("η of each layer's pre-training, constant; plain stochastic gradient descent."),
    epochs: perLayer(count(limits.epochs))
      .default(pretrainingDefaults.epochs)
      .describe("Passes over the training set for each layer."),
    batchSize: count(limits.batchSize)
      .optional()
      .describe("Examples in one mini-batch. Default: `training.batchSize`."),
    l1: perLayer(z.number().min(0).max(1000))
      .optional()
      .describe("λ, the weight of the L1 penalty on the layer's activations. Default: `training.l1`."),
    layers: z
      .int()
      .min(0)
      .max(limits.layers)
      .optional()
      .describe("How many hidden layers are pre-trained, from the first on; 0 for none. Default: all."),
  })
  .describe(
    "Before the training, each hidden layer is pre-trained without labels as a denoising auto-encoder: it learns to reconstruct its input from a corrupted copy. `{}` takes every default.",
  );

export type Pretraining = z.output<typeof pretraining>;

const evaluation = z
  .strictObject({
    everySteps: count(1_000_000_000)
      .optional()
      .describe("Measure on the validation set after every this many steps. Default: after every epoch."),
    rareThreshold: share()
      .default(1e-3)
      .describe("A unit that fires on a smaller share of examples than this, but on some, counts as rare."),
    dormantThreshold: share()
      .default(0.025)
      .describe(
        "τ: a unit is τ-dormant when its mean absolute output, divided by the mean over its layer, is at most this.",
      ),
    dyingWindow: count(1_000_000_000)
      .optional()
      .describe("A unit counts as dying when it has not fired in this many training examples. Default: one epoch."),
  })
  .describe("When and how the network is measured.");

const warmStart = z
  .strictObject({
    run: z.string().min(1).describe("Run folder, relative to this file, whose network this one starts with."),
    checkpoint: z
      .enum(["best", "last", "pretrained"])
      .default("best")
      .describe(
        "`best` is the checkpoint with the lowest validation error, `last` the one at the run's end, `pretrained` the hidden layers after pre-training (the softmax layer starts anew, the number of classes may differ).",
      ),
    sha256: z
      .string()
      .optional()
      .describe("Hash of the checkpoint that is meant, hexadecimal; another one is turned down. Default: any."),
  })
  .describe(
    "Start with the weights and signs of an earlier run in place of random ones; the widths have to be the same.",
  );

export const experimentSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Address of the JSON Schema of this file; for other editors."),
    name: z.string().min(1).max(200).optional().describe("Name of the runs. Default: the file's name."),
    description: z.string().optional().describe("What this experiment is for, in your words."),
    dataset,
    network,
    training,
    pretraining: pretraining.optional(),
    evaluation: evaluation.prefault({}),
    warmStart: warmStart.optional(),
    seed: seed()
      .default(1)
      .describe(
        "One seed for initial weights, sign masks and shuffling. The same seed gives the same bits on every machine.",
      ),
    threads: z
      .union([z.literal("auto"), count(limits.threads)])
      .default("auto")
      .describe(
        "Threads that compute, at most 4. `auto` is half of the cores, less those that other runs of the window use. The result is the same, bit for bit, for any number.",
      ),
    backend: z
      .enum(backends)
      .default("builtin")
      .describe(
        "What computes: `builtin` is Rectiscope's own WebAssembly engine, which skips what is zero; `tensorflow` is TensorFlow's native library, where tfjs-node is installed ('Rectiscope: Check TensorFlow' says how); `tfjs-wasm` and `tfjs-cpu` are TensorFlow.js in WebAssembly and in plain JavaScript, which come with Rectiscope. All compute the same, to within rounding.",
      ),
  })
  .describe("A Rectiscope experiment");

/** What a file may say: keys with a default may be absent. */
export type ExperimentInput = z.input<typeof experimentSchema>;

/** An experiment with every schema default filled in; what depends on the data set is filled in by the engine. */
export type Experiment = z.output<typeof experimentSchema>;

/** File name suffix of an experiment. */
export const experimentSuffix = ".rectiscope.json";
