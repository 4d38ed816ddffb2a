/** `rectiscope inspect`: the tables of a run, or of a sweep, that its folder holds, whoever wrote it; or of a model file. */
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { duration, integer, percent, recipeOf, stars } from "../common/format.js";
import type { EvalLine, RunRecord } from "../common/run.js";
import { readRun } from "../engine/runs/readRun.js";
import { readSweepRecord, sweepFiles } from "../engine/sweeps/sweepFolder.js";
import { exitCodes } from "./exitCodes.js";
import { compareModelFiles, inspectModelFile } from "./inspectModel.js";
import { sweepLines } from "./sweepTables.js";
import { epochName, examplesOf, layersTable, summaryLines } from "./tables.js";

/**
 * Prints a run's recipe, state, summary and figures per layer; with `json` one line with its record and evaluations.
 * @param other a second model file: what is different in it
 * @throws RunFolderError; FormatError of a model file
 */
export async function inspectCommand(folder: string, json: boolean, other?: string): Promise<number> {
  if (other !== undefined) return compareModelFiles(folder, other, json);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) return inspectModelFile(folder, json);
  if (existsSync(path.join(folder, sweepFiles.record))) return inspectSweep(path.resolve(folder), json);
  const { run, evaluations, pretraining, skippedLines } = await readRun(path.resolve(folder));
  if (json)
    process.stdout.write(`${JSON.stringify({ run, evaluations, ...(pretraining.length > 0 && { pretraining }) })}\n`);
  else process.stdout.write(`${runLines(run, evaluations).join("\n")}\n`);
  if (skippedLines > 0) process.stderr.write(`${skippedLines} damaged lines of metrics.jsonl were left out.\n`);
  return exitCodes.done;
}

async function inspectSweep(folder: string, json: boolean): Promise<number> {
  const sweep = await readSweepRecord(folder);
  process.stdout.write(json ? `${JSON.stringify(sweep)}\n` : `${sweepLines(sweep).join("\n")}\n`);
  return exitCodes.done;
}

/** Everything that `inspect` says about a run, as lines. */
export function runLines(run: RunRecord, evaluations: readonly EvalLine[]): string[] {
  const lines = [run.name, recipeOf(run), "", stateLine(run)];
  lines.push(`Created           ${run.created}  (${run.source}, seed ${run.seed ?? "unknown"})`);
  if (run.dataset) {
    const { name, origin, train, valid, test } = run.dataset;
    lines.push(
      `Data              ${name}: ${integer(train)} training, ${integer(valid)} validation, ${integer(test)} test examples`,
      `                  from ${origin}`,
    );
  }
  if (run.summary) {
    lines.push(...summaryLines(run.summary));
    lines.push(
      `Speed             ${integer(run.summary.samplesPerSecond)} examples/s, ${duration(run.summary.seconds)} in all`,
    );
  }
  const measured = evaluations.filter((line) => line.set === "valid");
  const last = measured.at(-1);
  const best = bestOf(run, measured);
  if (best) lines.push("", ...layerSection(run, best, best === last ? "Best and last evaluation" : "Best evaluation"));
  if (last && last !== best) lines.push("", ...layerSection(run, last, "Last evaluation"));
  if (!best) lines.push("", "There is no evaluation yet.");
  return lines;
}

function stateLine(run: RunRecord): string {
  const { epoch, epochs } = run.progress;
  const state = `State             ${run.state}, ${epochName(epoch)} of ${epochs}`;
  return run.error ? `${state}: ${run.error.message}` : state;
}

function layerSection(run: RunRecord, line: EvalLine, title: string): string[] {
  const place = `${epochName(line.epoch)}, step ${integer(line.step)}`;
  return [
    `${title}: ${place}, error ${percent(line.error, 2)}${line.rmse === undefined ? "" : `, RMSE ${stars(line.rmse)} stars`} on ${examplesOf(line)}`,
    ...(line.layers.length > 0 ? ["", ...layersTable(run.layers, line)] : []),
  ];
}

/** As the summary has it; of a run without one the first with the lowest validation error. */
function bestOf(run: RunRecord, measured: readonly EvalLine[]): EvalLine | undefined {
  const { summary } = run;
  if (summary) return measured.find((line) => line.step === summary.bestStep);
  const [first, ...rest] = measured;
  return rest.reduce((best, line) => (best && line.error < best.error ? line : best), first);
}
