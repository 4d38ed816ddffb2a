/** Tables of numbers with a column of classes. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { Experiment } from "../../../common/experiment.js";
import { DataError } from "../dataError.js";
import { dataFileErrors } from "../filePieces.js";
import { type Separator, tableRows } from "../tableRows.js";
import { type LabelReader, labelReader } from "../text/labels.js";
import { readLines } from "../text/lines.js";
import { recordError, shown } from "../text/record.js";
import { maxValues, type RawPart, type RawSet } from "./rawSet.js";

export type CsvConfig = NonNullable<Experiment["dataset"]["csv"]>;

/** Which columns of a file are read. */
interface Columns {
  /** What errors call each. */
  names: string[];
  label: number;
  inputs: number[];
}

/** @throws DataError csvSyntax, columnMissing, columnCount, notANumber, labelMissing, noExamples, shapeMismatch and of labels */
export async function loadCsv(csv: CsvConfig, folder: string, classes: number | undefined): Promise<RawSet> {
  const hash = createHash("sha256");
  const labels = labelReader("classes", classes, { label: "dataset.csv.label", files: "dataset.csv.files" });
  const first = path.resolve(folder, csv.files[0] ?? "");
  const train = new Growing();
  const test = new Growing();
  for (const [into, role, files] of [
    [train, "train", csv.files],
    [test, "test", csv.testFiles ?? []],
  ] as const)
    for (const name of files) {
      const file = path.resolve(folder, name);
      const one = createHash("sha256");
      await readTable(file, csv, into, train, labels, one);
      hash.update(`${role}\n${one.digest("hex")}\n`);
    }
  const { names, classOf } = labels.classes(first);
  return {
    shape: shapeOf(csv, train.width, first),
    train: train.part(classOf),
    test: test.n > 0 ? test.part(classOf) : null,
    classes: names.length,
    classNames: names,
    sha256: hash.digest("hex"),
  };
}

function shapeOf({ imageShape }: CsvConfig, width: number, file: string): readonly number[] {
  if (!imageShape || imageShape[0]! * imageShape[1]! === width) return imageShape ?? [width];
  throw new DataError(
    `dataset.csv.imageShape is ${imageShape.join(" × ")}, which is ${imageShape[0]! * imageShape[1]!} values, but ${file} has ${width} columns of inputs. Set it to the rows and columns of the pictures, or remove it.`,
    { code: "shapeMismatch", file, key: "dataset.csv.imageShape", value: imageShape },
  );
}

async function readTable(
  file: string,
  csv: CsvConfig,
  into: Growing,
  train: Growing,
  labels: LabelReader,
  hash: ReturnType<typeof createHash>,
): Promise<void> {
  const separator: Separator = csv.separator ?? (/\.(tsv|tab)(\.gz)?$/i.test(file) ? "\t" : ",");
  let columns: Columns | null = null;
  let read = 0;
  for await (const { line, cells } of tableRows(readLines(file, hash, undefined, dataFileErrors), file, separator)) {
    if (!columns) {
      columns = columnsOf(cells, csv, file, line);
      const width = train.width || columns.inputs.length;
      if (columns.inputs.length !== width)
        throw recordError(
          "shapeMismatch",
          file,
          line,
          `There are ${columns.inputs.length} columns of inputs, ${width} in the files before. Put files with the same columns together.`,
        );
      if (csv.header) continue;
    }
    if (cells.length !== columns.names.length)
      throw recordError(
        "columnCount",
        file,
        line,
        `There are ${cells.length} columns, ${columns.names.length} in the first line. Mend the line, or set dataset.csv.separator, which is ${shown(separator)}.`,
        { key: "dataset.csv.separator", value: separator },
      );
    const label = (cells[columns.label] as string).trim();
    if (label === "")
      throw recordError(
        "labelMissing",
        file,
        line,
        `The column ${shown(columns.names[columns.label])}, the label, is empty. Add the class, or remove the line.`,
      );
    const at = into.add(columns.inputs.length, labels.read(label, file, line), file, line);
    for (const [k, column] of columns.inputs.entries()) {
      const cell = (cells[column] as string).trim();
      const value = cell === "" ? Number.NaN : Number(cell);
      if (!Number.isFinite(Math.fround(value)))
        throw recordError(
          "notANumber",
          file,
          line,
          `The column ${shown(columns.names[column])} is ${cell === "" ? "empty" : shown(cell)}; a number is expected. Mend it, or add the column to dataset.csv.ignore${!csv.header && read === 0 ? "; where the first line names the columns, set dataset.csv.header to true" : ""}.`,
          { key: "dataset.csv.ignore", value: csv.ignore },
        );
      into.values[at + k] = value;
    }
    read++;
  }
  if (read === 0)
    throw new DataError(
      `${file} holds no example${csv.header ? " after the line that names the columns" : ""}. Check the file${csv.header ? ", and dataset.csv.header" : ""}.`,
      { code: "noExamples", file, key: "dataset.csv.files", value: csv.files },
    );
}

function columnsOf(cells: readonly string[], csv: CsvConfig, file: string, line: number): Columns {
  const names = cells.map((cell, k) => (csv.header ? cell.trim() : String(k + 1)));
  if (csv.header && names.length > 1 && names.every((name) => name !== "" && Number.isFinite(Number(name))))
    throw recordError(
      "headerMissing",
      file,
      line,
      "The first line has only numbers, but dataset.csv.header is true. Set it to false, and dataset.csv.label to the number of the column, or add a line with the names of the columns.",
      { key: "dataset.csv.header", value: true },
    );
  const placeOf = (column: string | number, key: string): number => {
    const place =
      typeof column === "string" && csv.header
        ? names.indexOf(column)
        : Number(column) < 0
          ? names.length - 1
          : Number(column) - 1;
    if (place >= 0 && place < names.length) return place;
    const known = csv.header
      ? `it has ${names.slice(0, 20).map(shown).join(", ")}${names.length > 20 ? ", …" : ""}`
      : `they are numbered from 1 to ${names.length}, −1 is the last`;
    throw recordError(
      "columnMissing",
      file,
      line,
      `There is no column ${shown(column)}; ${known}. Set ${key}${names.length === 1 ? ", or dataset.csv.separator" : ""}.`,
      { key, value: column },
    );
  };
  const label = placeOf(csv.label, "dataset.csv.label");
  const ignored = new Set([label, ...(csv.ignore ?? []).map((column) => placeOf(column, "dataset.csv.ignore"))]);
  const inputs = names.map((_, k) => k).filter((k) => !ignored.has(k));
  if (inputs.length === 0)
    throw recordError(
      "columnMissing",
      file,
      line,
      `No column of inputs is left beside the label ${shown(names[label])}. Check dataset.csv.separator and dataset.csv.ignore.`,
      { key: "dataset.csv.separator", value: csv.separator },
    );
  return { names, label, inputs };
}

/** Rows that come one by one. */
class Growing {
  values = new Float32Array(1 << 12);
  private labels = new Uint8Array(1 << 8);
  width = 0;
  n = 0;

  /** @returns where the row's values go. @throws DataError tooManyValues */
  add(width: number, label: number, file: string, line: number): number {
    this.width = width;
    const at = this.n * width;
    if (at + width > maxValues)
      throw recordError(
        "tooManyValues",
        file,
        line,
        `Up to here there are ${maxValues} values; no more can be held. Use fewer lines.`,
      );
    while (this.values.length < at + width) this.values = grown(this.values, new Float32Array(2 * this.values.length));
    if (this.labels.length === this.n) this.labels = grown(this.labels, new Uint8Array(2 * this.labels.length));
    this.labels[this.n++] = label;
    return at;
  }

  part(classOf: Uint8Array): RawPart {
    const labels = this.labels.slice(0, this.n).map((number) => classOf[number] as number);
    return { n: this.n, values: this.values.subarray(0, this.n * this.width), labels };
  }
}

function grown<T extends Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>>(from: T, to: T): T {
  to.set(from);
  return to;
}
