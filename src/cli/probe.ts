/** `rectiscope probe`: a data set runs through a model file, and the tables say what its units did. */

import { existsSync } from "node:fs";
import path from "node:path";
import { integer, percent, significant, stars } from "../common/format.js";
import { printable } from "../common/printable.js";
import type { ProbeProgress, ProbeReport } from "../common/probe.js";
import type { SetName } from "../common/run.js";
import { formatNames, type ModelFormat } from "../engine/formats/modelFile.js";
import { ProbeError } from "../engine/probe/probeError.js";
import { startProbe } from "../engine/probe/startProbe.js";
import { exitCodes, failureOf, InputError } from "./exitCodes.js";
import { watchSignals } from "./longWork.js";
import { activationTable, examplesOf } from "./tables.js";
import { terminalBar } from "./terminalBar.js";

export interface ProbeOptions {
  model: string;
  /** A config, or the name of an example. */
  data: string | undefined;
  /** As the command line says it. */
  set: string;
  n: string | undefined;
  dataFolders: string[];
  json: boolean;
  /** Folder with the packed files; the examples lie beside it. */
  assets: string;
}

const sets: Record<string, SetName> = { training: "train", validation: "valid", test: "test" };

/** Says on stderr how far it is, and prints the report: tables, or with `json` one line. @throws InputError, ProbeError */
export async function probeCommand(options: ProbeOptions): Promise<number> {
  const { model, assets, json } = options;
  const task = {
    model: path.resolve(model),
    config: configOf(options.data, assets),
    set: setOf(options.set),
    n: countOf(options.n),
    dataFolders: options.dataFolders.map((folder) => path.resolve(folder)),
    assets,
  };
  const display = progressDisplay(process.stderr);
  const probe = startProbe(task, (progress) => display.update(progress));
  const signals = watchSignals(probe.cancel, () => {});
  try {
    const report = await probe.report;
    display.end();
    process.stdout.write(json ? `${JSON.stringify(jsonOf(report))}\n` : `${reportLines(report).join("\n")}\n`);
    return exitCodes.done;
  } catch (error) {
    display.end();
    const code = signals.exitCode();
    if (!(error instanceof ProbeError) || error.code !== "cancelled" || code === null) throw error;
    process.stderr.write("Cancelled. Nothing was written.\n");
    if (json) process.stdout.write(`${JSON.stringify(failureOf(error))}\n`);
    return code;
  } finally {
    signals.end();
  }
}

/** @throws InputError */
function configOf(data: string | undefined, assets: string): string {
  const key = "--data";
  if (data === undefined)
    throw new InputError(
      "usage",
      "probe needs --data CONFIG: the experiment whose data set runs through the model, or the name of an example such as quick.",
      { key },
    );
  const file = path.resolve(data);
  if (existsSync(file)) return file;
  const example = path.resolve(assets, "../examples", `${data}.rectiscope.json`);
  if (/^[\w-]+$/.test(data) && existsSync(example)) return example;
  throw new InputError(
    "configUnreadable",
    `There is no config ${data}, nor an example of that name. Name an experiment, *.rectiscope.json, or an example such as quick or mnist-rectifier.`,
    { file, key, value: data },
  );
}

function setOf(name: string): SetName {
  if (Object.hasOwn(sets, name)) return sets[name] as SetName;
  throw new InputError("usage", `--set is ${JSON.stringify(name)}; it has to be training, validation or test.`, {
    key: "--set",
    value: name,
  });
}

function countOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const n = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(n) && n > 0) return n;
  throw new InputError("usage", `--n is ${JSON.stringify(text)}; it has to be a whole number of at least 1.`, {
    key: "--n",
    value: text,
  });
}

/** As `inspect RUN --json` names things: evaluations with layers, and the units' columns of units/<step>.safetensors. */
function jsonOf({ evaluation, layers, ...probe }: ProbeReport) {
  return {
    probe: { ...probe, layers: layers.map(({ responses, ...layer }) => layer) },
    evaluations: [evaluation],
    units: layers.map(({ layer, responses }) => ({
      layer,
      ...Object.fromEntries(Object.entries(responses).map(([column, values]) => [column, [...values]])),
    })),
  };
}

function reportLines(report: ProbeReport): string[] {
  const { model, format, engine, inputShape, dataset, evaluation, layers, leftOut, unitsFrom } = report;
  const by = engine === "builtin" ? "Rectiscope's engine" : "ONNX Runtime";
  const { error, loss, rmse } = evaluation;
  const figures = [
    ...(error === null ? [] : [`error ${percent(error, 2)}`]),
    ...(loss === null ? [] : [`loss ${significant(loss)}`]),
    ...(rmse === undefined ? [] : [`RMSE ${stars(rmse)} stars`]),
  ];
  const lines = [
    printable(model),
    `${formatNames[format as ModelFormat]}, input ${inputShape.join(" × ")}, computed by ${by}`,
    `Data              ${dataset.name} from ${dataset.origin}`,
    `Measured          on ${examplesOf(evaluation)}${figures.length > 0 ? `: ${figures.join(", ")}` : "; the model has no output for each class, so there is no error"}`,
    "",
    ...activationTable(
      layers.map(({ layer, name, activation, units }) => ({
        // a checkpoint's layers have no names but their numbers
        name: [layer, ...(name === `layer${layer}` ? [] : [printable(name)]), activation].join(" "),
        units,
      })),
      evaluation.layers,
    ),
  ];
  if (layers.some(({ positions }) => positions)) {
    lines.push("", "Of layers whose units have positions, such as channels, every position of an example counts:");
    for (const { layer, observations, positions } of layers)
      if (positions) lines.push(`  ${layer}  ${integer(observations)} positions`);
  }
  if (unitsFrom === "config")
    lines.push("", `The file does not say which units it has: those of the config's network are taken.`);
  if (leftOut.length > 0) lines.push("", "Not counted:");
  for (const { name, reason } of leftOut) lines.push(`  ${printable(name)}: ${printable(reason)}`);
  return lines;
}

const stages = { model: "Reading the model", data: "Reading the data" } as const;

/** A bar on a terminal, a line for every stage anywhere else. */
function progressDisplay(stream: NodeJS.WriteStream) {
  const bar = stream.isTTY ? terminalBar(stream, "{share} · {done} of {total} examples") : null;
  let [stage, started] = ["", false];
  return {
    update(progress: ProbeProgress) {
      const { done, total } = progress;
      if (progress.stage === "examples" && bar) {
        const shown = { share: percent(done / total, 0).padStart(5), done: integer(done), total: integer(total) };
        if (started) bar.update(done, shown);
        else bar.start(total, done, shown);
        started = true;
      } else if (progress.stage !== stage)
        stream.write(
          `${progress.stage === "examples" ? `Running ${integer(total)} examples through the model` : stages[progress.stage]}…\n`,
        );
      stage = progress.stage;
    },
    end() {
      if (started) bar?.stop();
      started = false;
    },
  };
}
