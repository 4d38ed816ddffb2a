/** Reads the files of a text data set, splits them, and makes inputs of their most frequent terms. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { Experiment, TextFormat } from "../../../common/experiment.js";
import { Random } from "../../network/random.js";
import { DataError } from "../dataError.js";
import type { Dataset, ExampleSet } from "../dataset.js";
import { foldOf } from "../folds.js";
import { drawStratified, keepLabels } from "../stratified.js";
import { Corpus } from "./corpus.js";
import { jsonLines, jsonList } from "./jsonRecords.js";
import { type LabelReader, labelReader } from "./labels.js";
import { readLines } from "./lines.js";
import { type RecordKeys, recordError, type TextRecord } from "./record.js";
import { tableRecords } from "./tableRecords.js";
import { mostFrequent, presenceOf } from "./vocabulary.js";
import { wordCounts } from "./wordCounts.js";

export type TextConfig = NonNullable<Experiment["dataset"]["text"]>;

/** What a file is for. */
type Role = "train" | "valid" | "test" | "unlabelled";

/** Examples by their number in the corpus. */
interface Parts {
  train: Int32Array;
  valid: Int32Array;
  test: Int32Array;
}

/**
 * @param folder that the files' names are relative to
 * @throws DataError naming file, line, key or column, value and mend
 */
export async function loadTexts(config: Experiment["dataset"], text: TextConfig, folder: string): Promise<Dataset> {
  const reading = new Reading(config, text);
  const roles: [Role, readonly string[]][] = [
    ["train", text.files ?? []],
    ["valid", text.validationFiles ?? []],
    ["test", text.testFiles ?? []],
    ["unlabelled", text.unlabelledFiles ?? []],
  ];
  for (const [role, files] of roles) for (const name of files) await reading.read(path.resolve(folder, name), role);
  return reading.dataset(folder);
}

class Reading {
  private readonly corpus = new Corpus();
  private readonly labels: LabelReader;
  /** By role: examples in the order of the files; labels of them are provisional. */
  private readonly examples: Record<Role, number[]> = { train: [], valid: [], test: [], unlabelled: [] };
  private readonly labelOf: number[] = [];
  private readonly hash = createHash("sha256");
  private readonly keys: { text: string; label: string };

  constructor(
    private readonly config: Experiment["dataset"],
    private readonly text: TextConfig,
  ) {
    this.labels = labelReader(text.labels, config.classes);
    this.keys = { text: text.textKey ?? "text", label: text.labelKey ?? "label" };
  }

  async read(file: string, role: Role): Promise<void> {
    const hash = createHash("sha256");
    const keys = { ...this.keys, label: role === "unlabelled" ? null : this.keys.label };
    for await (const record of recordsOf(file, formatOf(file, this.text), keys, hash)) this.add(record, file, role);
    this.hash.update(`${role}\n${hash.digest("hex")}\n`);
  }

  private add({ terms, label, line }: TextRecord, file: string, role: Role): void {
    if (label === null) {
      if (role === "valid" || role === "test")
        throw recordError(
          "labelMissing",
          file,
          line,
          `This example has no label; those of ${role === "valid" ? "the validation set" : "the test set"} need one. Add it, or remove the example.`,
        );
      if (terms.length === 0) return;
    }
    const example = this.corpus.n;
    const number = label === null ? null : this.labels.read(label, file, line);
    this.corpus.add(terms, file, line);
    this.examples[number === null ? "unlabelled" : role].push(example);
    this.labelOf.push(number ?? 0);
  }

  dataset(folder: string): Dataset {
    const { config, corpus } = this;
    const first = path.resolve(folder, this.text.files?.[0] ?? "");
    if (this.examples.train.length === 0)
      throw new DataError(
        `${first} holds no example with a label. Check the file, and dataset.text.labelKey, which is ${JSON.stringify(this.keys.label)}.`,
        { code: "noExamples", file: first, key: "dataset.text.files", value: this.text.files },
      );
    const { names, classOf } = this.labels.classes(first);
    const labelsOf = (examples: Int32Array) =>
      Uint8Array.from(examples, (example) => classOf[this.labelOf[example] as number] as number);
    const parts = this.split(labelsOf, first);
    const vocabulary = mostFrequent(corpus, parts.train, this.text.vocabulary);
    if (vocabulary.length === 0)
      throw new DataError(
        `${first}: no training example has a word in it. Set dataset.text.textKey, which is ${JSON.stringify(this.keys.text)}, to the key of the text.`,
        { code: "noTerms", file: first, key: "dataset.text.textKey", value: this.keys.text },
      );
    const stars = this.text.labels === "stars";
    const setOf = (name: ExampleSet["name"], examples: Int32Array): ExampleSet => ({
      name,
      n: examples.length,
      inputs: presenceOf(corpus, examples, vocabulary),
      labels: labelsOf(examples),
      ...(stars && { stars }),
    });
    const { labelFraction = 1, labelSeed = 1 } = config;
    const kept = keepLabels(labelsOf(parts.train), labelFraction, labelSeed);
    const train = parts.train.filter((_, k) => kept[k] === 1);
    const unlabelled = Int32Array.from([...parts.train.filter((_, k) => kept[k] === 0), ...this.examples.unlabelled]);
    const terms = corpus.terms();
    return {
      name: config.name,
      origin: folder,
      sha256: this.hash.digest("hex"),
      dimension: vocabulary.length,
      imageShape: null,
      classes: names.length,
      classNames: names,
      terms: Array.from(vocabulary, (term) => terms[term] as string),
      train: setOf("train", train),
      valid: setOf("valid", parts.valid),
      test: setOf("test", parts.test),
      unlabelled:
        unlabelled.length > 0
          ? { n: unlabelled.length, inputs: presenceOf(corpus, unlabelled.sort(), vocabulary) }
          : null,
    };
  }

  private split(labelsOf: (examples: Int32Array) => Uint8Array, file: string): Parts {
    const { fold, validation } = this.config;
    const { testShare, splitSeed } = this.text;
    let train = Int32Array.from(this.examples.train);
    let valid = Int32Array.from(this.examples.valid);
    let test = Int32Array.from(this.examples.test);
    const draw = (count: number, use: string) => {
      const drawn = drawStratified(labelsOf(train), count, Random.stream(splitSeed, use));
      const taken = train.filter((_, k) => drawn[k] === 1);
      train = train.filter((_, k) => drawn[k] === 0);
      return taken;
    };
    if (test.length === 0) {
      const count = Math.max(1, Math.round(testShare * train.length));
      if (count >= train.length)
        throw tooFew(file, train.length, `dataset.text.testShare is ${testShare}`, "testShare");
      test = draw(count, "test");
    }
    if (fold) {
      const all = Int32Array.from([...train, ...valid]).sort();
      if (all.length < fold.of)
        throw new DataError(
          `dataset.fold.of is ${fold.of}, but there are only ${all.length} training examples, of which each part needs one. Set it to at most ${all.length}.`,
          { code: "tooManyFolds", file, key: "dataset.fold.of", value: fold.of },
        );
      const part = foldOf(labelsOf(all), fold);
      train = all.filter((_, k) => part[k] !== fold.index - 1);
      valid = all.filter((_, k) => part[k] === fold.index - 1);
    } else if (valid.length === 0) {
      const held = validation ?? Math.max(1, Math.round(train.length / 10));
      if (held >= train.length)
        throw new DataError(
          `dataset.validation ${validation === undefined ? `is not set, which means ${held}` : `is ${held}`}, but ${train.length} training examples are left, some of which have to stay. ${train.length < 2 ? "Use more examples." : `Set dataset.validation to a number from 1 to ${train.length - 1}.`}`,
          { code: "validationTooLarge", file, key: "dataset.validation", value: held },
        );
      valid = draw(held, "validation");
    }
    return { train, valid, test };
  }
}

function tooFew(file: string, n: number, why: string, key: string): DataError {
  return new DataError(
    `${why}, which leaves nothing of the ${n} labelled examples to train on. Use more examples, or name dataset.text.testFiles.`,
    { code: "tooFewExamples", file, key: `dataset.text.${key}` },
  );
}

const formatOfSuffix: Record<string, TextFormat> = {
  ".jsonl": "jsonLines",
  ".ndjson": "jsonLines",
  ".json": "json",
  ".csv": "csv",
  ".tsv": "tsv",
  ".tab": "tsv",
  ".review": "wordCounts",
};

/** @throws DataError formatUnknown */
function formatOf(file: string, { format }: TextConfig): TextFormat {
  const found = format ?? formatOfSuffix[path.extname(file.replace(/\.gz$/, "")).toLowerCase()];
  if (found) return found;
  throw new DataError(
    `${file}: its name does not say which format it has; known are ${Object.keys(formatOfSuffix).join(", ")}. Set dataset.text.format.`,
    { code: "formatUnknown", file, key: "dataset.text.format" },
  );
}

/** @param keys its label null where labels are not to be read */
export function recordsOf(
  file: string,
  format: TextFormat,
  keys: RecordKeys,
  hash = createHash("sha256"),
): AsyncGenerator<TextRecord> {
  const lines = readLines(file, hash);
  switch (format) {
    case "jsonLines":
      return jsonLines(lines, file, keys);
    case "json":
      return jsonList(lines, file, keys);
    case "csv":
      return tableRecords(lines, file, keys, ",");
    case "tsv":
      return tableRecords(lines, file, keys, "\t");
    case "wordCounts":
      return wordCounts(lines, file, keys.label !== null);
  }
}
