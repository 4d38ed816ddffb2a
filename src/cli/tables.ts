/** Plain-text tables of a run, for terminals. Every number stands with the set and the size that it was measured on. */
import { integer, percent, significant, stars } from "../common/format.js";
import type { ActivationFigures } from "../common/metrics.js";
import { nearZeroEpsilon } from "../common/metrics.js";
import type { EvalLine, LayerShape, RunSummary, SetName, SetResult } from "../common/run.js";

const setNames: Record<SetName, string> = { train: "training", valid: "validation", test: "test" };

/** "10,000 validation examples" */
export function examplesOf({ set, n }: { set: SetName; n: number }): string {
  return `${integer(n)} ${setNames[set]} examples`;
}

/** The lines of a table: the first column is aligned left, the others right, two spaces between. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) => (column === 0 ? (row[0] ?? "").padEnd(width) : (row[column] ?? "").padStart(width)))
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((width) => "─".repeat(width)).join("──"), ...rows.map(line)];
}

/**
 * Figures of the hidden layers at one evaluation. Columns that do not exist for the units are left out; a figure that is
 * not known is "–".
 */
export function layersTable(shapes: readonly LayerShape[], evaluation: EvalLine): string[] {
  const hidden = shapes.filter((shape) => shape.activation !== "softmax");
  const rows = evaluation.layers.map((_, index) => {
    const shape = hidden[index];
    return { name: shape ? `${shape.layer} ${shape.activation}` : String(index + 1), units: shape?.units ?? null };
  });
  return activationTable(rows, evaluation.layers);
}

/** The same of any layers. */
export function activationTable(
  names: readonly { name: string; units: number | null }[],
  layers: readonly ActivationFigures[],
): string[] {
  const exact = layers.some((layer) => layer.sparsity !== null);
  const other = layers.some((layer) => layer.nearZero !== null);
  const columns = exact && other ? allColumns : exact ? exactColumns : otherColumns;
  const rows = layers.map((layer, index) => [
    names[index]!.name,
    counted(names[index]!.units),
    ...columns.map(({ value }) => value(layer)),
  ]);
  return table(["Layer", "Units", ...columns.map(({ label }) => label)], rows);
}

interface Column {
  label: string;
  value(layer: ActivationFigures): string;
}

const counted = (value: number | null) => (value === null ? "–" : integer(value));
const shared = (value: number | null) => (value === null ? "–" : percent(value, 1));

const meanActivation: Column = { label: "Mean activation", value: (layer) => significant(layer.meanActivation) };
const dormant: Column = { label: "Dormant", value: (layer) => counted(layer.dormant) };
const nearZero: Column = { label: `|h| < ${nearZeroEpsilon}`, value: (layer) => shared(layer.nearZero) };

const exactColumns: Column[] = [
  { label: "Zeros", value: (layer) => shared(layer.sparsity) },
  { label: "Dead", value: (layer) => counted(layer.dead) },
  { label: "Dying", value: (layer) => counted(layer.dying) },
  dormant,
  { label: "Rare", value: (layer) => counted(layer.rare) },
  { label: "Always on", value: (layer) => counted(layer.alwaysOn) },
  { label: "Active/example", value: (layer) => (layer.activeUnits ? significant(layer.activeUnits.mean) : "–") },
  meanActivation,
];

const otherColumns: Column[] = [nearZero, dormant, meanActivation];

/** Of networks that have units of both kinds. */
const [zeros, ...countsOfExact] = exactColumns;
const allColumns: Column[] = [zeros as Column, nearZero, ...countsOfExact];

/** Errors, losses, zeros and dead units at the best checkpoint. */
export function summaryLines(summary: RunSummary): string[] {
  const { test, valid, sparsity, dead, reconstruction } = summary;
  const errorLine = (name: string, result: SetResult) => {
    const rmse = result.rmse === undefined ? "" : `RMSE ${stars(result.rmse)} stars, `;
    return `${name}${percent(result.error, 2)}  (${rmse}loss ${significant(result.loss)}, ${examplesOf(result)})`;
  };
  const lines = [errorLine("Test error        ", test), errorLine("Validation error  ", valid)];
  if (sparsity)
    lines.push(
      `Zeros             ${percent(sparsity.mean, 1)}  (mean over the hidden layers, ${examplesOf(sparsity)})`,
    );
  if (dead) lines.push(`Dead units        ${integer(dead.total)}  (fired on none of ${examplesOf(dead)})`);
  if (reconstruction)
    lines.push(
      `Reconstruction    ${reconstruction.layers.map((loss) => significant(loss)).join(" / ")}  (error of each layer when its pre-training ended, ${examplesOf(reconstruction)})`,
    );
  return lines;
}

/** "epoch 3" or "epoch 2.5" */
export function epochName(epoch: number): string {
  return `epoch ${Number.isInteger(epoch) ? epoch : epoch.toFixed(2)}`;
}
