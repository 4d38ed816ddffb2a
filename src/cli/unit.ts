/** `rectiscope unit`: what can be said of one hidden unit of a run. */
import path from "node:path";
import { deathWords, momentWords } from "../common/deathWords.js";
import { integer, percent, significant } from "../common/format.js";
import {
  type Connection,
  type Connections,
  isMissing,
  type UnitActivity,
  type UnitProgress,
  type UnitReport,
  type UnitState,
  type UnitWeightsReport,
} from "../common/unitReport.js";
import { UnitReports } from "../engine/units/unitReports.js";
import { exitCodes, failureOf } from "./exitCodes.js";
import { watchSignals } from "./longWork.js";
import { epochName, examplesOf, table } from "./tables.js";

export interface UnitOptions {
  folder: string;
  /** From 1. */
  layer: number;
  /** From 0. */
  unit: number;
  dataFolders: string[];
  json: boolean;
  /** Folder with kernels.wasm and the packed sample. */
  assets: string;
}

/**
 * Prints the report as text; with `json` one line.
 * @returns the code of a signal where it was cancelled
 * @throws RunFolderError
 */
export async function unitCommand({ folder, layer, unit, json, ...options }: UnitOptions): Promise<number> {
  const dataFolders = options.dataFolders.map((one) => path.resolve(one));
  const reports = new UnitReports({ folder: path.resolve(folder), dataFolders, assets: options.assets });
  const controller = new AbortController();
  const cancelled = Object.assign(new Error("The report was cancelled."), { code: "cancelled" });
  const signals = watchSignals(
    () => controller.abort(cancelled),
    () => process.stderr.write("\nCancelling.\n"),
  );
  try {
    const report = await reports.report(layer, unit, { progress: tell(process.stderr), signal: controller.signal });
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${unitLines(report).join("\n")}\n`);
    return exitCodes.done;
  } catch (error) {
    if (error !== cancelled) throw error;
    if (json) process.stdout.write(`${JSON.stringify(failureOf(error))}\n`);
    return signals.exitCode() ?? exitCodes.interrupted;
  } finally {
    signals.end();
  }
}

/** A line for each stage. */
function tell(stream: NodeJS.WriteStream): (progress: UnitProgress) => void {
  const names = { folder: "Reading the run folder", data: "Reading the data", network: "Running the validation set" };
  let told = "";
  return ({ stage }) => {
    if (stage !== told) stream.write(`${names[stage]}\n`);
    told = stage;
  };
}

export function unitLines(report: UnitReport): string[] {
  const { run, unit, now, death, weights, activity } = report;
  const signed = unit.sign === -1 ? ", sign −1" : "";
  const lines = [
    `Unit ${unit.unit} of layer ${unit.layer} (${unit.inputs} inputs, ${unit.units} units, ${unit.activation}${signed}) of ${run.name}, ${run.state}`,
  ];
  lines.push("", ...(now ? stateLines(now) : ["It has not been measured yet."]));
  if (death) {
    const { title, evidence, mend } = deathWords(death);
    lines.push("", `Why it is dead: ${title}`, `  ${evidence}`, ...mend.map((one) => `  ${one}`));
  }
  if (report.series.steps.length > 1) lines.push("", ...seriesLines(report));
  if (activity) lines.push("", ...(isMissing(activity) ? [activity.message] : activityLines(activity)));
  if (!isMissing(weights)) lines.push("", ...weightLines(weights));
  return lines;
}

const number = (value: number) => significant(value).replace("-", "−");

function stateLines(now: UnitState): string[] {
  const states = (["dead", "dying", "dormant", "rare", "alwaysOn"] as const).filter((state) => now[state]);
  const names = { dead: "dead", dying: "dying", dormant: "dormant", rare: "rare", alwaysOn: "always on" };
  const lines = [`At ${epochName(now.epoch)}, step ${integer(now.step)}, on ${examplesOf(now)}:`];
  const add = (label: string, text: string) => lines.push(`  ${label.padEnd(18)}${text}`);
  if (now.dead !== null) add("State", states.map((state) => names[state]).join(", ") || "alive");
  if (now.firingFrequency !== null) add("Fires on", percent(now.firingFrequency, 2));
  add("Mean, largest |h|", `${number(now.meanActivation)}, ${number(now.maximum)}`);
  add("Bias", number(now.bias));
  add("Weights", `‖incoming‖ ${number(now.incomingNorm)}, ‖outgoing‖ ${number(now.outgoingNorm)}`);
  if (now.dead !== null) add("Last fired", now.lastFired ? momentWords(now.lastFired) : "never in training");
  if (now.maxUpdate) add("Largest update", `${number(now.maxUpdate.size)} in ${momentWords(now.maxUpdate.at)}`);
  return lines;
}

/** As many evaluations as a screen has room for. */
const mostRows = 12;

function seriesLines({ series }: UnitReport): string[] {
  const last = series.steps.length - 1;
  const rows = Math.min(mostRows, series.steps.length);
  const shown = Array.from({ length: rows }, (_, k) => Math.round((k * last) / Math.max(1, rows - 1)));
  const columns: [string, number[] | null][] = [
    ["Fires on", series.firingFrequency],
    ["Mean", series.meanActivation],
    ["Largest |h|", series.maximum],
    ["Bias", series.bias],
    ["‖incoming‖", series.incomingNorm],
    ["‖outgoing‖", series.outgoingNorm],
  ];
  const defined = columns.filter((column): column is [string, number[]] => column[1] !== null);
  return table(
    ["Epoch", "Step", ...defined.map(([label]) => label)],
    shown.map((k) => [
      epochName(series.epochs[k]!).replace("epoch ", ""),
      integer(series.steps[k]!),
      ...defined.map(([label, values]) => (label === "Fires on" ? percent(values[k]!, 2) : number(values[k]!))),
    ]),
  );
}

function activityLines(activity: UnitActivity): string[] {
  const { checkpoint, fires, n, histogram, top, classes, similar } = activity;
  const lines = [
    `With the ${checkpoint.name} checkpoint (${epochName(checkpoint.epoch)}), on ${examplesOf(activity)}:`,
  ];
  if (fires !== null) lines.push(`  Fires on ${integer(fires)} of them (${percent(fires / n, 2)})`);
  lines.push(`  Mean output ${number(activity.mean)}, largest ${number(activity.maximum)}, before the sign mask`);
  if (histogram.counts.length > 0) lines.push("", ...histogramLines(activity));
  if (top.length > 0) {
    lines.push("", "Examples with the largest output (place in the set, class, output):");
    for (const { example, label, activation, terms } of top)
      lines.push(
        `  ${integer(example).padStart(7)}  ${classes[label]?.name ?? label}  ${number(activation)}${terms ? `  ${terms.slice(0, 12).join(" ")}` : ""}`,
      );
  }
  lines.push(
    "",
    ...table(
      ["Class", "Examples", ...(fires === null ? [] : ["Fires on"]), "Mean output"],
      classes.map(({ name, n: size, fires: on, mean }) => [
        name,
        integer(size),
        ...(on === null ? [] : [size > 0 ? percent(on / size, 1) : "–"]),
        number(mean),
      ]),
    ),
  );
  if (similar.units.length > 0) {
    const measure = similar.measure === "jaccard" ? "Jaccard index" : "correlation";
    const listed = similar.units.map(({ unit, similarity }) => `${unit} (${similarity.toFixed(2)})`);
    lines.push(
      "",
      `Most similar units of the layer, by ${measure} on ${integer(similar.n)} examples:`,
      `  ${listed.join(", ")}`,
    );
  }
  return lines;
}

const barWidth = 40;

function histogramLines({ histogram }: UnitActivity): string[] {
  const { zeros, from, width, counts } = histogram;
  const most = Math.max(...counts);
  const bars = counts.map((count, k) => {
    const low = number(from + k * width);
    return `  ${low.padStart(9)}  ${"█".repeat(Math.ceil((count / most) * barWidth))} ${integer(count)}`;
  });
  return [`Outputs, from … on, in steps of ${number(width)}; ${integer(zeros)} are exactly 0:`, ...bars];
}

function weightLines({ checkpoint, below, above, terms }: UnitWeightsReport): string[] {
  const lines = [`Weights in the ${checkpoint.name} checkpoint (${epochName(checkpoint.epoch)}):`];
  if (terms) {
    const named = (list: { term: string; weight: number }[]) =>
      list.map(({ term, weight }) => `${term} ${number(weight)}`).join(", ");
    lines.push(`  Terms for it      ${named(terms.positive)}`, `  Terms against it  ${named(terms.negative)}`);
  }
  lines.push(...connectionLines("From", below), ...connectionLines("To", above));
  return lines;
}

function connectionLines(way: string, { kind, layer, count, positive, negative }: Connections): string[] {
  const what = { inputs: "inputs", units: `units of layer ${layer}`, classes: "classes" }[kind];
  const named = ({ index, name, weight, dead }: Connection) =>
    `${name ?? index} ${number(weight)}${dead ? " (dead)" : ""}`;
  return [
    `  ${way} ${integer(count)} ${what}, the strongest:`,
    `    ${positive.map(named).join(", ") || "none above 0"}`,
    `    ${negative.map(named).join(", ") || "none below 0"}`,
  ];
}
