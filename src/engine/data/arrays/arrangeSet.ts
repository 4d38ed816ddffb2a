/** Splits and scales a data set of numbers. */
import type { Experiment, Scale } from "../../../common/experiment.js";
import { Random } from "../../network/random.js";
import { DataError } from "../dataError.js";
import type { Dataset, ExampleSet, Inputs } from "../dataset.js";
import { foldOf } from "../folds.js";
import { drawStratified, keepLabels } from "../stratified.js";
import { type RawPart, type RawSet, sizeOf } from "./rawSet.js";

/** How a set of one's own is split and scaled, as its section says. */
export interface NumberConfig {
  scale: Scale;
  testShare: number;
  validationShare?: number | undefined;
  splitSeed: number;
  stratified: boolean;
}

/** Of published sets, whose test set is given and whose last training examples are held out. */
export interface PublishedSplit {
  /** @param n training examples in the files */
  validation(n: number): number;
}

type Values = Uint8Array | Float32Array;

/**
 * @param section the config's key of the section, such as `dataset.csv`
 * @throws DataError tooFewExamples, validationTooLarge, tooManyFolds
 */
export function arrangeSet(
  raw: RawSet,
  config: Experiment["dataset"],
  split: { numbers: NumberConfig; section: string } | PublishedSplit,
  origin: string,
): Dataset {
  const drawn = "numbers" in split ? split : null;
  const dimension = sizeOf(raw.shape);
  const parts = splitParts(raw, config, split, origin);
  const { labelFraction = 1, labelSeed = 1 } = config;
  const trainLabels = labelsAt(parts.train);
  let [labelled, rest] = [parts.train, [] as number[]];
  if (labelFraction < 1) {
    const kept = keepLabels(trainLabels, labelFraction, labelSeed);
    rest = parts.train.examples.filter((_, k) => kept[k] === 0);
    labelled = { ...parts.train, examples: parts.train.examples.filter((_, k) => kept[k] === 1) };
  }
  const scaled = scalingOf(drawn?.numbers.scale ?? "auto", parts.train, dimension);
  const set = (name: ExampleSet["name"], part: Chosen): ExampleSet => ({
    name,
    n: part.examples.length,
    inputs: scaled(valuesAt(part, dimension)),
    labels: labelsAt(part),
  });
  return {
    name: config.name,
    origin,
    sha256: raw.sha256,
    dimension,
    ...pictureShape(raw.shape),
    classes: raw.classes,
    ...(raw.classNames && { classNames: raw.classNames }),
    train: set("train", labelled),
    valid: set("valid", parts.valid),
    test: set("test", parts.test),
    unlabelled:
      rest.length > 0
        ? { n: rest.length, inputs: scaled(valuesAt({ part: parts.train.part, examples: rest }, dimension)) }
        : null,
  };
}

/** Planes of a picture lie one below the other. */
function pictureShape(shape: readonly number[]): { imageShape: Dataset["imageShape"]; planes?: number } {
  const [planes, rows, columns] = shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length < 2 || shape.length > 3 || planes! > 4) return { imageShape: null };
  return { imageShape: [planes! * rows!, columns!], ...(planes! > 1 && { planes: planes! }) };
}

/** Examples of a part, ascending. */
interface Chosen {
  part: RawPart;
  examples: number[];
}

function splitParts(
  raw: RawSet,
  config: Experiment["dataset"],
  split: { numbers: NumberConfig; section: string } | PublishedSplit,
  origin: string,
): Record<"train" | "valid" | "test", Chosen> {
  const part = raw.train;
  const numbers = "numbers" in split ? split.numbers : null;
  const section = "section" in split ? split.section : "dataset";
  let train = Array.from({ length: part.n }, (_, k) => k);
  const draw = (count: number, use: string): number[] => {
    const random = Random.stream(numbers!.splitSeed, use);
    const labels = labelsAt({ part, examples: train });
    // of one class only, the share of each class is that of all
    const drawn = drawStratified(numbers!.stratified ? labels : new Uint8Array(labels.length), count, random);
    const taken = train.filter((_, k) => drawn[k] === 1);
    train = train.filter((_, k) => drawn[k] === 0);
    return taken;
  };
  let test: Chosen;
  if (raw.test) test = { part: raw.test, examples: Array.from({ length: raw.test.n }, (_, k) => k) };
  else {
    const share = numbers?.testShare ?? 0;
    const count = Math.max(1, Math.round(share * train.length));
    if (count >= train.length)
      throw new DataError(
        `${section}.testShare is ${share}, which leaves nothing of the ${train.length} examples of ${origin} to train on. Use more examples, or name files of the test set.`,
        { code: "tooFewExamples", file: origin, key: `${section}.testShare`, value: share },
      );
    test = { part, examples: draw(count, "test") };
  }
  const n = train.length;
  const { fold } = config;
  if (fold) {
    if (n < fold.of)
      throw new DataError(
        `dataset.fold.of is ${fold.of}, but ${origin} has only ${n} training examples, of which each part needs one. Set it to at most ${n}.`,
        { code: "tooManyFolds", file: origin, key: "dataset.fold.of", value: fold.of },
      );
    const parts = foldOf(labelsAt({ part, examples: train }), fold);
    const held = train.filter((_, k) => parts[k] === fold.index - 1);
    return {
      train: { part, examples: train.filter((_, k) => parts[k] !== fold.index - 1) },
      valid: { part, examples: held },
      test,
    };
  }
  const share = numbers?.validationShare;
  const usual = "validation" in split ? split.validation(n) : Math.max(1, Math.round((share ?? 0.1) * n));
  const held = config.validation ?? usual;
  if (held < 1 || held >= n) {
    const said =
      config.validation !== undefined
        ? `dataset.validation is ${held}`
        : share !== undefined
          ? `${section}.validationShare is ${share}, which is ${held} examples`
          : `dataset.validation is not set, which means ${held}`;
    throw new DataError(
      `${said}, but ${origin} has ${n} training examples, some of which have to be left for training. ${n < 2 ? "Use more examples." : `Set dataset.validation to a number from 1 to ${n - 1}.`}`,
      { code: "validationTooLarge", file: origin, key: "dataset.validation", value: held },
    );
  }
  if (!numbers)
    return {
      train: { part, examples: train.slice(0, n - held) },
      valid: { part, examples: train.slice(n - held) },
      test,
    };
  const valid = { part, examples: draw(held, "validation") };
  return { train: { part, examples: train }, valid, test };
}

function labelsAt({ part, examples }: Chosen): Uint8Array {
  return Uint8Array.from(examples, (example) => part.labels[example] as number);
}

/** A view where the examples follow one another, else a copy. */
function valuesAt({ part, examples }: Chosen, dimension: number): Values {
  const [first = 0] = examples;
  const n = examples.length;
  if (examples[n - 1] === first + n - 1) return part.values.subarray(first * dimension, (first + n) * dimension);
  const values = part.values instanceof Uint8Array ? new Uint8Array(n * dimension) : new Float32Array(n * dimension);
  examples.forEach((example, k) => {
    values.set(part.values.subarray(example * dimension, (example + 1) * dimension), k * dimension);
  });
  return values;
}

/** How values become inputs; what depends on the data is measured on the training set. */
function scalingOf(scale: Scale, train: Chosen, dimension: number): (values: Values) => Inputs {
  const bytes = train.part.values instanceof Uint8Array;
  if (bytes && (scale === "auto" || scale === "unit" || scale === "none"))
    return (values) => ({ kind: "bytes", values: values as Uint8Array, scale: scale === "none" ? 1 : 1 / 255 });
  if (scale === "auto" || scale === "none") return (values) => ({ kind: "floats", values: values as Float32Array });
  if (scale === "standard") return standardised(train, dimension);
  const [least, greatest] = bytes ? [0, 255] : extremes(train, dimension);
  const range = greatest > least ? greatest - least : 1;
  const [factor, from] = scale === "unit" ? [1 / range, 0] : [2 / range, -1];
  return (values) => ({
    kind: "floats",
    values: Float32Array.from(values, (value) => (value - least) * factor + from),
  });
}

function extremes({ part, examples }: Chosen, dimension: number): [least: number, greatest: number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const example of examples)
    for (let k = example * dimension; k < (example + 1) * dimension; k++) {
      const value = part.values[k]!;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  return [least, greatest];
}

/** An input that is the same everywhere becomes 0. */
function standardised({ part, examples }: Chosen, dimension: number): (values: Values) => Inputs {
  const mean = new Float64Array(dimension);
  const spread = new Float64Array(dimension);
  for (const example of examples)
    for (let k = 0; k < dimension; k++) mean[k]! += part.values[example * dimension + k]! / examples.length;
  for (const example of examples)
    for (let k = 0; k < dimension; k++)
      spread[k]! += (part.values[example * dimension + k]! - mean[k]!) ** 2 / examples.length;
  const factor = spread.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0));
  return (values) => ({
    kind: "floats",
    values: Float32Array.from(values, (value, k) => (value - mean[k % dimension]!) * factor[k % dimension]!),
  });
}
