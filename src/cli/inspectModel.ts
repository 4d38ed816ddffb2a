/** `rectiscope inspect FILE`: the tensors of a model file, and how sparse they are; with two files, what is different. */
import { compareModels, type ModelComparison } from "../common/compareModels.js";
import { integer, megabytes, percent, significant } from "../common/format.js";
import type { Layer, LayerStructure } from "../common/layers.js";
import { nearZeroEpsilon } from "../common/metrics.js";
import { printable } from "../common/printable.js";
import {
  groupShare,
  roleTexts,
  type TensorDescription,
  type TensorFigures,
  weightSparsity,
} from "../common/tensors.js";
import { formatNames, type ModelFormat } from "../engine/formats/modelFile.js";
import { figuresOf, overviewOf } from "../engine/models/inspectModel.js";
import { openModel, withFile } from "../engine/models/openModel.js";
import { structuresOf } from "../engine/models/structure.js";
import { exitCodes } from "./exitCodes.js";
import { table } from "./tables.js";

type Row = TensorDescription & { figures: TensorFigures };

/** A model with everything that is said about it. */
interface Inspected {
  file: string;
  format: ModelFormat;
  tensors: Row[];
  layers: (Layer & { structure: LayerStructure | null })[];
}

/** Prints tables, or with `json` one line with format, names, shapes, types and counts. @throws FormatError */
export async function inspectModelFile(file: string, json: boolean): Promise<number> {
  const model = await inspected(file, !json);
  print(json ? JSON.stringify(jsonOf(model)) : modelLines(model).join("\n"));
  return exitCodes.done;
}

/** Prints what is different in the second file: tensors, and units that died or came back. @throws FormatError */
export async function compareModelFiles(before: string, after: string, json: boolean): Promise<number> {
  const [first, second] = [await inspected(before, true), await inspected(after, true)];
  const comparison = compareModels(first, second);
  print(json ? JSON.stringify(comparisonJson(comparison)) : comparisonLines(first, second, comparison).join("\n"));
  return exitCodes.done;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @param structure whether layers' dead units are looked for as well: that reads their weights once more */
async function inspected(file: string, structure: boolean): Promise<Inspected> {
  const model = await openModel(file);
  try {
    const { tensors, layers } = overviewOf(model);
    const rows: Row[] = [];
    for await (const figures of figuresOf(model.tensors, tensors)) rows.push({ ...tensors[rows.length]!, figures });
    const structures = structure ? await structuresOf(model, layers) : [];
    return {
      file,
      format: model.format,
      tensors: rows,
      layers: layers.map((layer, l) => ({ ...layer, structure: structures[l] ?? null })),
    };
  } catch (error) {
    throw withFile(error, file);
  } finally {
    await model.close();
  }
}

/** `zeros` is null only of elements that cannot be read as numbers, such as records; texts have none. */
function jsonOf({ format, tensors }: Inspected) {
  return {
    format,
    tensors: tensors.map(({ name, shape, dtype, elements, figures: { counted, zeros, deadRows, deadColumns } }) => ({
      name,
      shape,
      dtype,
      elements,
      zeros: counted || dtype === "string" ? zeros : null,
      deadRows,
      deadColumns,
    })),
  };
}

function modelLines({ format, tensors: rows, layers }: Inspected): string[] {
  const total = weightSparsity(rows);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const head = `${formatNames[format]}, ${tensorCount(rows.length)}, ${megabytes(bytes)}`;
  const sparsity =
    total.share === null
      ? "No tensor is recognised as weights, so there is no weight sparsity."
      : `Weight sparsity ${percent(total.share, 2)}: ${integer(total.zeros)} zeros of ${integer(total.elements)} elements in ${tensorCount(total.tensors)}; biases, normalisations, embeddings and all else do not count.`;
  const columns = [
    "Tensor",
    "Shape",
    "Type",
    "Role",
    "MB",
    "Zeros",
    `|w| < ${nearZeroEpsilon}`,
    "Norm",
    "Dead rows",
    "Dead columns",
    "2:4",
  ];
  const lines = [head, sparsity, "", ...table(columns, rows.map(cellsOf))];
  if (layers.length > 0) lines.push("", ...layerLines(layers));
  return lines;
}

/** Dead by the weights alone; "–" where the units are no rectifiers, or not known to be. */
function layerLines(layers: Inspected["layers"]): string[] {
  const columns = ["Layer", "Kind", "Inputs", "Units", "Activation", "Structurally dead"];
  return table(
    columns,
    layers.map(({ name, kind, inputs, units, activation, structure }) => [
      printable(name),
      kind,
      integer(inputs),
      integer(units),
      printable(activation ?? "not known"),
      structure ? integer(structure.filter((reasons) => reasons > 0).length) : "–",
    ]),
  );
}

/** What is the same on both sides is left out. */
function comparisonLines(before: Inspected, after: Inspected, { tensors, layers }: ModelComparison): string[] {
  const lines = [`before  ${printable(before.file)}`, `after   ${printable(after.file)}`, ""];
  const different = tensors.filter(({ change, zeros, norm }) => change !== "same kind" || zeros !== 0 || norm !== 0);
  const rows = different.map(({ name, change, zeros, norm }) => [
    printable(name),
    change === "same kind" ? "values" : change,
    zeros === null ? "–" : signed(zeros),
    norm === null ? "–" : signed(norm),
  ]);
  if (rows.length > 0) lines.push(...table(["Tensor", "Change", "Zeros", "Norm"], rows));
  else lines.push("No tensor differs in shape, type, zeros or norm.");
  if (layers.length > 0) {
    const units = (numbers: readonly number[]) => integer(numbers.length);
    lines.push(
      "",
      ...table(
        ["Layer", "Units died", "Came back", "Dead in both"],
        layers.map(({ name, died, revived, deadInBoth }) => [
          printable(name),
          ...[died, revived, deadInBoth].map(units),
        ]),
      ),
    );
  }
  return lines;
}

function comparisonJson({ tensors, layers }: ModelComparison) {
  return { tensors: tensors.map(({ name, change, zeros, norm }) => ({ name, change, zeros, norm })), layers };
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${significant(value)}`;
}

function tensorCount(count: number): string {
  return `${integer(count)} ${count === 1 ? "tensor" : "tensors"}`;
}

function cellsOf({ name, shape, storedAs, role, bytes, elements, figures }: Row): string[] {
  const { counted, zeros, nearZero, norm, deadRows, deadColumns, groupsOfFour } = figures;
  const pairs = groupShare(groupsOfFour, 2);
  const share = (count: number) => (counted && elements > 0 ? percent(count / elements, 1) : "–");
  return [
    printable(name),
    shape.length === 0 ? "scalar" : shape.join("×"),
    printable(storedAs),
    roleTexts[role].label,
    (bytes / 1e6).toFixed(2),
    counted ? share(zeros) : "not counted",
    share(nearZero),
    counted ? significant(norm) : "–",
    deadRows === null ? "–" : integer(deadRows),
    deadColumns === null ? "–" : integer(deadColumns),
    pairs === null ? "–" : percent(pairs, 1),
  ];
}
