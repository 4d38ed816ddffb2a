/** Tells from files or a folder which kind of data set they are, and what is left to ask. Reads no more than their beginnings. */
import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { ExperimentInput } from "../../common/experiment.js";
import { readNpz } from "../formats/npz.js";
import { openFile } from "../models/fileSource.js";
import { anyIdxHeaderBytes, readAnyIdxHeader } from "./arrays/anyIdx.js";
import { DataError } from "./dataError.js";
import { dataFileErrors } from "./filePieces.js";
import { tableRows } from "./tableRows.js";
import { readLines } from "./text/lines.js";

type DatasetInput = ExperimentInput["dataset"];

export interface Recognised {
  /** Absolute folder; what the config names is relative to it. */
  folder: string;
  dataset: DatasetInput;
  /** What only a person can say: which of the names. The first is the best guess. */
  questions: Question[];
}

export interface Question {
  what: "label" | "text" | "arrayOfInputs" | "arrayOfLabels";
  names: string[];
  /** The data set with the answer. */
  answer(dataset: DatasetInput, name: string): DatasetInput;
}

const firstRows = 100;
const labelNames = ["label", "class", "target", "y", "species", "category", "stars", "rating"];

/** @param paths absolute: one folder, or files. @throws DataError notRecognised with what can be added */
export async function recognise(paths: readonly string[]): Promise<Recognised> {
  const [first] = paths;
  if (first === undefined) throw new DataError("Nothing was chosen.", { code: "notRecognised", file: "" });
  if ((await stat(first)).isDirectory()) return recogniseFolder(first);
  const folder = path.dirname(first);
  const names = paths.map((file) => path.relative(folder, file).replaceAll("\\", "/"));
  if (names.every((name) => /\.npz$/i.test(name))) return recogniseArchive(folder, names[0] as string);
  if (names.every((name) => /\.(csv|tsv|tab)(\.gz)?$/i.test(name))) return recogniseTables(folder, names);
  if (names.every((name) => /\.(jsonl|ndjson|json|review)(\.gz)?$/i.test(name)))
    return { folder, dataset: { name: "text", text: { files: names } }, questions: await keysOf(first) };
  if (names.every((name) => /\.png$/i.test(name))) return recogniseFolder(path.dirname(folder));
  const idx = await recogniseIdx(folder, names);
  if (idx) return idx;
  throw notRecognised(first);
}

function notRecognised(file: string): DataError {
  return new DataError(
    `${file} is no data set that is known: choose a folder with a folder of PNG pictures for each class, the folder of MNIST, CIFAR-10 or NORB, or tables (.csv, .tsv), a NumPy archive (.npz), IDX files or texts (.jsonl, .json, .csv, .tsv, .review).`,
    { code: "notRecognised", file },
  );
}

async function recogniseFolder(folder: string): Promise<Recognised> {
  const entries = await readdir(folder, { withFileTypes: true });
  const has = (pattern: RegExp) => entries.some(({ name }) => pattern.test(name));
  const known = (dataset: DatasetInput) => ({ folder, dataset, questions: [] });
  if (has(/^data_batch_1\.bin/)) return known({ name: "cifar10" });
  if (has(/^cifar-10-batches-bin$/)) return recogniseFolder(path.join(folder, "cifar-10-batches-bin"));
  if (has(/^smallnorb-.*-dat\.mat/)) return known({ name: "small-norb" });
  if (has(/^norb-.*-dat\.mat/)) return known({ name: "norb" });
  if (has(/^train-images[-.]idx3-ubyte/)) return known({ name: "idx" });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => name);
  if (await holdsPictures(folder, folders)) return known({ name: "images", images: {} });
  const part = (names: RegExp) => folders.find((name) => names.test(name));
  const [train, test] = [part(/^train(ing)?$/i), part(/^(test|testing)$/i)];
  if (train !== undefined && (await holdsPictures(path.join(folder, train))))
    return known({ name: "images", images: { train, ...(test !== undefined && { test }) } });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => path.join(folder, name));
  const tables = files.filter((file) => /\.(csv|tsv|npz|jsonl)(\.gz)?$/i.test(file));
  if (tables.length === 1) return recognise(tables);
  throw notRecognised(folder);
}

async function holdsPictures(folder: string, folders?: readonly string[]): Promise<boolean> {
  const names = folders ?? (await readdir(folder));
  for (const name of names.slice(0, 20)) {
    const found = await readdir(path.join(folder, name)).catch(() => []);
    if (found.some((file) => /\.png$/i.test(file))) return true;
  }
  return false;
}

async function recogniseArchive(folder: string, name: string): Promise<Recognised> {
  const source = await openFile(path.join(folder, name));
  try {
    const { tensors } = await readNpz(source);
    const names = tensors.map((tensor) => tensor.name);
    if (["x_train", "y_train"].every((usual) => names.includes(usual)))
      return { folder, dataset: { name: "npz", npz: { file: name } }, questions: [] };
    const bySize = [...tensors].sort((a, b) => b.shape.length - a.shape.length || b.elements - a.elements);
    const set = (key: "inputs" | "labels") => (dataset: DatasetInput, chosen: string) => ({
      ...dataset,
      npz: { ...(dataset.npz as { file: string }), [key]: chosen },
    });
    const inputs = bySize.map((tensor) => tensor.name);
    const labels = [...bySize].reverse().map((tensor) => tensor.name);
    return {
      folder,
      dataset: { name: "npz", npz: { file: name } },
      questions: [
        { what: "arrayOfInputs", names: inputs, answer: set("inputs") },
        { what: "arrayOfLabels", names: guessFirst(labels), answer: set("labels") },
      ],
    };
  } finally {
    await source.close();
  }
}

async function recogniseTables(folder: string, names: string[]): Promise<Recognised> {
  const file = path.join(folder, names[0] as string);
  const separator = /\.(tsv|tab)(\.gz)?$/i.test(file) ? "\t" : await separatorOf(file);
  const rows: string[][] = [];
  for await (const { cells } of tableRows(readLines(file, undefined, undefined, dataFileErrors), file, separator)) {
    rows.push(cells.map((cell) => cell.trim()));
    if (rows.length > firstRows) break;
  }
  const [head = []] = rows;
  const isNumber = (cell: string) => cell !== "" && Number.isFinite(Number(cell));
  const header = !head.some(isNumber);
  const columns = head.map((cell, k) => (header ? cell : String(k + 1)));
  const body = header ? rows.slice(1) : rows;
  const numeric = columns.map((_, k) => body.length > 0 && body.every((row) => isNumber(row[k] ?? "")));
  const wordy = columns.filter((_, k) => body.some((row) => (row[k] ?? "").split(/\s+/).length > 3));
  if (header && wordy.length > 0)
    return {
      folder,
      dataset: { name: "text", text: { files: names } },
      questions: textQuestions(
        wordy,
        columns.filter((column) => !wordy.includes(column)),
      ),
    };
  const place = (column: string) => (header ? column : Number(column));
  return {
    folder,
    dataset: {
      name: "csv",
      csv: { files: names, ...(!header && { header }), ...(separator === ";" && { separator }) },
    },
    questions: [
      {
        what: "label",
        // words can be nothing but classes; else the last column is most likely
        names: guessFirst([
          ...columns.filter((_, k) => !numeric[k]),
          ...columns.filter((_, k) => numeric[k]).reverse(),
        ]),
        answer: (dataset, label) => {
          const ignore = columns.filter((column, k) => !numeric[k] && column !== label).map(place);
          const csv = dataset.csv as { files: string[] };
          return { ...dataset, csv: { ...csv, label: place(label), ...(ignore.length > 0 && { ignore }) } };
        },
      },
    ],
  };
}

/** A semicolon where the first line has more of them than commas. */
async function separatorOf(file: string): Promise<"," | ";"> {
  for await (const [line] of readLines(file, undefined, undefined, dataFileErrors)) {
    const count = (character: string) => (line?.text ?? "").split(character).length;
    return count(";") > count(",") ? ";" : ",";
  }
  return ",";
}

function guessFirst(names: string[]): string[] {
  const usual = names.find((name) => labelNames.includes(name.toLowerCase()));
  return usual === undefined ? names : [usual, ...names.filter((name) => name !== usual)];
}

function textQuestions(texts: string[], labels: string[]): Question[] {
  const set = (key: "textKey" | "labelKey") => (dataset: DatasetInput, chosen: string) => ({
    ...dataset,
    text: { ...dataset.text, [key]: chosen },
  });
  return [
    { what: "text", names: texts, answer: set("textKey") },
    { what: "label", names: guessFirst(labels), answer: set("labelKey") },
  ];
}

/** Of JSON: the keys of its first record; word counts have none. */
async function keysOf(file: string): Promise<Question[]> {
  if (/\.review(\.gz)?$/i.test(file)) return [];
  for await (const lines of readLines(file)) {
    const text = lines.map((line) => line.text).join("\n");
    const object = /\{[^{}]*\}/.exec(text)?.[0];
    if (object === undefined) break;
    try {
      const record = JSON.parse(object) as Record<string, unknown>;
      const keys = Object.keys(record);
      const long = keys.filter((key) => typeof record[key] === "string" && (record[key] as string).length > 20);
      return textQuestions(
        [...long, ...keys.filter((key) => !long.includes(key))],
        keys.filter((key) => !long.includes(key)),
      );
    } catch {
      break;
    }
  }
  return [];
}

/** Files whose first bytes are IDX's: those with one dimension are labels. */
async function recogniseIdx(folder: string, names: readonly string[]): Promise<Recognised | null> {
  const found: { name: string; rank: number; n: number }[] = [];
  for (const name of names) {
    if (/\.gz$/i.test(name)) return null;
    const handle = await open(path.join(folder, name));
    try {
      const head = new Uint8Array(64);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      const bytes = head.subarray(0, bytesRead);
      const header = readAnyIdxHeader(bytes.subarray(0, anyIdxHeaderBytes(bytes, name)), name);
      found.push({ name, rank: header.sizes.length, n: header.sizes[0] as number });
    } catch (error) {
      if (error instanceof DataError) return null;
      throw error;
    } finally {
      await handle.close();
    }
  }
  const labels = found.filter(({ rank }) => rank === 1).sort((a, b) => b.n - a.n);
  const inputs = found.filter(({ rank }) => rank > 1).sort((a, b) => b.n - a.n);
  if (!inputs[0] || inputs.length !== labels.length || inputs.length > 2) return null;
  const test = inputs[1] && { testInputs: inputs[1].name, testLabels: labels[1]!.name };
  return {
    folder,
    dataset: { name: "idx", idx: { inputs: inputs[0].name, labels: labels[0]!.name, ...test } },
    questions: [],
  };
}
