/** `rectiscope inspect FILE`: the tensors of a model file, and how sparse they are. */
import { integer, megabytes, percent, significant } from "../common/format.js";
import { nearZeroEpsilon } from "../common/metrics.js";
import {
  groupShare,
  roleTexts,
  type TensorDescription,
  type TensorFigures,
  weightSparsity,
} from "../common/tensors.js";
import { formatNames } from "../engine/formats/modelFile.js";
import { figuresOf, overviewOf } from "../engine/models/inspectModel.js";
import { type OpenModel, openModel, withFile } from "../engine/models/openModel.js";
import { exitCodes } from "./exitCodes.js";
import { table } from "./tables.js";

type Row = TensorDescription & { figures: TensorFigures };

/** Prints a table, or with `json` one line with format, names, shapes, types and counts. @throws FormatError */
export async function inspectModelFile(file: string, json: boolean): Promise<number> {
  const model = await openModel(file);
  try {
    const rows = await rowsOf(model);
    process.stdout.write(`${json ? JSON.stringify(jsonOf(model, rows)) : tableLines(model, rows).join("\n")}\n`);
    return exitCodes.done;
  } catch (error) {
    throw withFile(error, file);
  } finally {
    await model.close();
  }
}

async function rowsOf(model: OpenModel): Promise<Row[]> {
  const { tensors } = overviewOf(model);
  const rows: Row[] = [];
  for await (const figures of figuresOf(model.tensors, tensors)) rows.push({ ...tensors[rows.length]!, figures });
  return rows;
}

/** `zeros` is null only of elements that cannot be read as numbers, such as records; texts have none. */
function jsonOf({ format }: OpenModel, rows: readonly Row[]) {
  return {
    format,
    tensors: rows.map(({ name, shape, dtype, elements, figures: { counted, zeros, deadRows, deadColumns } }) => ({
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

function tableLines(model: OpenModel, rows: readonly Row[]): string[] {
  const total = weightSparsity(rows);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const head = `${formatNames[model.format]}, ${tensorCount(rows.length)}, ${megabytes(bytes)}`;
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
  return [head, sparsity, "", ...table(columns, rows.map(cellsOf))];
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

/** Names come from a file: nothing in them may command the terminal. */
function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
}
