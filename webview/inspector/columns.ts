/** The columns of the table of tensors, and of the table of differences. */
import type { TensorChange } from "../../src/common/compareModels.js";
import { nearZeroEpsilon } from "../../src/common/metrics.js";
import { printable } from "../../src/common/printable.js";
import { groupShare, roleTexts, type TensorFigures } from "../../src/common/tensors.js";
import { t } from "../shared/l10n.js";
import { compact, integer, noFigure, percent } from "../shared/numbers.js";
import { drawHistogram, drawName, drawShare } from "./cells.js";
import type { Column } from "./grid.js";
import type { ComparedRow, TensorRow } from "./model.js";
import { bytesText, notYet, shapeText } from "./wording.js";

/** In the order in which roles are listed. */
const roles = Object.keys(roleTexts) as (keyof typeof roleTexts)[];

type Figure = (figures: TensorFigures, row: TensorRow) => number | null;

const zeroShare: Figure = ({ zeros }, { elements }) => (elements > 0 ? zeros / elements : null);

/** Undefined where figures are still to come; null where there is none. */
export function figureOf(row: TensorRow | null, of: Figure): number | null | undefined {
  if (!row?.figures) return row ? undefined : null;
  return row.figures.counted ? of(row.figures, row) : null;
}

function shown(row: TensorRow | null, of: Figure, show: (value: number) => string): string {
  const value = figureOf(row, of);
  if (value === undefined) return notYet;
  return value === null ? noFigure : show(value);
}

/** A column of numbers. */
function numbers(
  id: string,
  width: number,
  [label, title]: [string, string],
  of: Figure,
  show: (value: number) => string,
): Column<TensorRow> {
  return {
    id,
    label,
    title,
    width: `${width}px`,
    least: width,
    align: "right",
    value: (row) => figureOf(row, of) ?? null,
    text: (row) => shown(row, of, show),
  };
}

export function tensorColumns(): Column<TensorRow>[] {
  const share = numbers(
    "share",
    118,
    [t("Zeros"), t("Share of elements whose decoded value is exactly 0")],
    zeroShare,
    (value) => percent(value, 1),
  );
  return [
    {
      id: "name",
      label: t("Name"),
      title: t("As the file calls it"),
      width: "3fr",
      least: 210,
      align: "left",
      value: ({ name }) => name,
      text: ({ name }) => printable(name),
      draw: (cell, { name }) => drawName(cell, name),
    },
    {
      id: "role",
      label: t("Role"),
      title: t("What the tensor is to the network. Only weights count towards sparsity."),
      width: "118px",
      least: 118,
      align: "left",
      value: ({ role }) => roles.indexOf(role),
      text: ({ role }) => t(roleTexts[role].label),
      draw: (cell, { role }) => {
        const { label, text } = roleTexts[role];
        const title = t(text);
        if (cell.title === title) return;
        cell.title = title;
        cell.textContent = t(label);
      },
    },
    {
      id: "shape",
      label: t("Shape"),
      title: t("Sizes of the axes; sorted by the number of elements"),
      width: "1fr",
      least: 108,
      align: "left",
      value: ({ elements }) => elements,
      text: ({ shape }) => shapeText(shape),
    },
    {
      id: "type",
      label: t("Type"),
      title: t("Of the elements as they are stored, and what they stand for"),
      width: "minmax(78px, 0.6fr)",
      least: 78,
      align: "left",
      value: ({ storedAs }) => storedAs,
      text: ({ storedAs }) => printable(storedAs),
    },
    {
      id: "bytes",
      label: t("Size"),
      title: t("As stored, without compression"),
      width: "84px",
      least: 84,
      align: "right",
      value: ({ bytes }) => bytes,
      text: ({ bytes }) => bytesText(bytes),
    },
    {
      ...share,
      draw: (cell, row) => drawShare(cell, figureOf(row, zeroShare) ?? null, share.text(row)),
    },
    numbers("zeros", 84, [t("Count"), t("Elements whose decoded value is exactly 0")], ({ zeros }) => zeros, integer),
    {
      id: "histogram",
      label: t("Values"),
      title: t(
        "How values are spread, a bar for each power of two: negative ones left, zeros in the middle, positive ones right; heights go with the square root. Sorted by the largest magnitude.",
      ),
      width: "104px",
      least: 104,
      align: "left",
      value: (row) =>
        figureOf(row, ({ min, max }) => (min === null || max === null ? null : Math.max(-min, max))) ?? null,
      text: () => "",
      draw: (cell, { figures }) => drawHistogram(cell, figures),
    },
    numbers(
      "deadRows",
      82,
      [t("Dead rows"), t("Rows, along the first axis, that hold nothing but zeros; of matrices only")],
      ({ deadRows }) => deadRows,
      integer,
    ),
    numbers(
      "deadColumns",
      80,
      [t("Dead cols"), t("Columns that hold nothing but zeros; of matrices only")],
      ({ deadColumns }) => deadColumns,
      integer,
    ),
    numbers(
      "pairs",
      68,
      [
        "2:4",
        t(
          "Share of groups of four weights along the input axis with at least two zeros; only where the input axis is known",
        ),
      ],
      ({ groupsOfFour }) => groupShare(groupsOfFour, 2),
      (value) => percent(value, 1),
    ),
    numbers(
      "nearZero",
      86,
      [`|w| < ${nearZeroEpsilon}`, t("Near zero, zeros included; never called sparsity")],
      ({ nearZero }, { elements }) => (elements > 0 ? nearZero / elements : null),
      (value) => percent(value, 1),
    ),
    numbers("norm", 68, [t("Norm"), t("‖w‖₂ of the finite elements")], ({ norm }) => norm, compact),
  ];
}

export function changeText(change: TensorChange, different: boolean): string {
  switch (change) {
    case "added":
      return t("added");
    case "removed":
      return t("removed");
    case "reshaped":
      return t("other shape");
    case "retyped":
      return t("other type");
    case "same kind":
      return different ? t("values") : t("the same figures");
  }
}

const changes: TensorChange[] = ["removed", "added", "reshaped", "retyped", "same kind"];

/** Of what both files have, only figures can differ. */
export function isDifferent({ change, zeros, norm }: ComparedRow): boolean {
  return change !== "same kind" || (zeros ?? 0) !== 0 || (norm ?? 0) !== 0;
}

export function comparedColumns(): Column<ComparedRow>[] {
  return [
    {
      id: "name",
      label: t("Name"),
      title: t("As the files call it"),
      width: "3fr",
      least: 210,
      align: "left",
      value: ({ name }) => name,
      text: ({ name }) => printable(name),
      draw: (cell, { name }) => drawName(cell, name),
    },
    {
      id: "change",
      label: t("Change"),
      title: t("What is different in the later file"),
      width: "124px",
      least: 124,
      align: "left",
      value: (row) => changes.indexOf(row.change) + (isDifferent(row) ? 0 : 1),
      text: (row) => changeText(row.change, isDifferent(row)),
    },
    {
      id: "shape",
      label: t("Shape"),
      title: t("Sizes of the axes; sorted by the number of elements"),
      width: "1fr",
      least: 150,
      align: "left",
      value: ({ earlier, later }) => (later ?? earlier)?.elements ?? null,
      text: ({ earlier, later }) => both(earlier && shapeText(earlier.shape), later && shapeText(later.shape)),
    },
    {
      id: "type",
      label: t("Type"),
      title: t("Of the elements as they are stored, and what they stand for"),
      width: "130px",
      least: 130,
      align: "left",
      value: ({ earlier, later }) => (later ?? earlier)?.storedAs ?? null,
      text: ({ earlier, later }) => both(earlier && printable(earlier.storedAs), later && printable(later.storedAs)),
    },
    comparedShare("shareBefore", t("Zeros before"), ({ earlier }) => earlier),
    comparedShare("shareAfter", t("Zeros after"), ({ later }) => later),
    difference(
      "zeros",
      t("Δ zeros"),
      t("Zeros of the later file minus those of the earlier one"),
      ({ zeros }) => zeros,
      integer,
    ),
    difference(
      "norm",
      t("Δ norm"),
      t("‖w‖₂ in the later file minus that in the earlier one"),
      ({ norm }) => norm,
      compact,
    ),
  ];
}

function comparedShare(id: string, label: string, side: (row: ComparedRow) => TensorRow | null): Column<ComparedRow> {
  const text = (row: ComparedRow) => shown(side(row), zeroShare, (value) => percent(value, 1));
  const value = (row: ComparedRow) => figureOf(side(row), zeroShare) ?? null;
  return {
    id,
    label,
    title: t("Share of elements whose decoded value is exactly 0"),
    width: "132px",
    least: 132,
    align: "right",
    value,
    text,
    draw: (cell, row) => drawShare(cell, value(row), text(row)),
  };
}

function difference(
  id: string,
  label: string,
  title: string,
  value: (row: ComparedRow) => number | null,
  show: (value: number) => string,
): Column<ComparedRow> {
  return {
    id,
    label,
    title,
    width: "96px",
    least: 96,
    align: "right",
    value,
    text: (row) => {
      const changed = value(row);
      if (changed === null) return awaited(row) ? notYet : noFigure;
      return `${changed > 0 ? "+" : ""}${show(changed)}`;
    },
  };
}

function awaited({ earlier, later }: ComparedRow): boolean {
  return [earlier, later].some((row) => row && !row.figures);
}

/** Once where it is the same on both sides. */
function both(before: string | null, after: string | null): string {
  if (before === null || after === null || before === after) return after ?? before ?? noFigure;
  return `${before} → ${after}`;
}
