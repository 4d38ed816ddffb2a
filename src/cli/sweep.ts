/** `rectiscope sweep`: every trial of a sweep, several at once, with the same engine as in the editor. */
import path from "node:path";
import { experimentSuffix } from "../common/experiment.js";
import { sweepLimits } from "../common/sweep.js";
import { isSweepResumable, type SweepRecord, type TrialResult } from "../common/sweepRecord.js";
import { readConfigText } from "../engine/experiment/configText.js";
import { formatProblem } from "../engine/experiment/problem.js";
import { LocalLauncher } from "../engine/sweeps/localLauncher.js";
import { runSweep, type SweepTask } from "../engine/sweeps/runSweep.js";
import { SweepControl } from "../engine/sweeps/sweepControl.js";
import { isSweepFile, readSweep, sweepName } from "../engine/sweeps/sweepFile.js";
import { newSweepFolder, readSweepRecord } from "../engine/sweeps/sweepFolder.js";
import { exitCodes, type Failure, failureOf, InputError } from "./exitCodes.js";
import { checkOut, fromHere, shellQuoted, watchSignals } from "./longWork.js";
import { sweepDisplay } from "./sweepProgress.js";
import { sweepLines } from "./sweepTables.js";

export interface SweepCommandOptions {
  task: { config: string; out: string | null } | { resume: string; retry: boolean };
  /** As it was given; null for what the sweep says. */
  jobs: string | null;
  dataFolders: string[];
  /** Where tfjs-node is installed; the usual folder where nobody says. */
  tensorflowFolder: string | undefined;
  json: boolean;
  /** Folder with kernels.wasm, trial.js and the packed sample. */
  assets: string;
  version: string;
  /** How this program is called, for the hints at the end. */
  program: string;
}

/**
 * Runs or resumes a sweep; says on stderr what happens, and with `json` the result in one line on stdout.
 * @returns the exit code of a sweep that began
 * @throws InputError, ConfigReadError, DataError, RunFolderError when it could not begin
 */
export async function sweepCommand(options: SweepCommandOptions): Promise<number> {
  const say = (line = "") => process.stderr.write(`${line}\n`);
  const tell = (line = "") => process.stdout.write(`${line}\n`);
  const wanted = wantedJobs(options.jobs);
  const { task, jobs } = "resume" in options.task ? await toResume(options.task) : await toStart(options.task, say);
  const control = new SweepControl();
  const signals = watchSignals(
    () => control.ask("stop"),
    () => say("\nStopping: trials in progress end with a checkpoint; once more to end at once."),
  );
  const display = sweepDisplay(process.stderr);
  const environment = {
    dataFolders: options.dataFolders.map((folder) => path.resolve(folder)),
    assets: options.assets,
    version: options.version,
    tensorflowFolder: options.tensorflowFolder,
  };
  let record: SweepRecord;
  try {
    const launcher = new LocalLauncher(options.assets, wanted ?? jobs);
    record = await runSweep(task, launcher, control, environment, {
      changed: (now, progress) => display.update(now, progress),
    });
  } finally {
    display.end();
    signals.end();
  }
  if (options.json) process.stdout.write(`${JSON.stringify(resultOf(record, task.folder))}\n`);
  report(record, task.folder, options, options.json ? say : tell);
  if (record.error || record.trials.some(({ state }) => state === "failed")) return exitCodes.runFailed;
  return record.state === "finished" ? exitCodes.done : (signals.exitCode() ?? exitCodes.done);
}

type Begun = { task: SweepTask; jobs: number | null };

async function toStart(
  { config, out }: { config: string; out: string | null },
  say: (line: string) => void,
): Promise<Begun> {
  const configFile = path.resolve(config);
  if (config.endsWith(experimentSuffix) && !isSweepFile(config))
    throw new InputError("experiment", `${config} is an experiment, not a sweep. Run it with 'rectiscope train'.`, {
      file: configFile,
    });
  const { plan, problems } = await readSweep(await readConfigText(configFile), config, readConfigText);
  if (!plan) {
    for (const problem of problems.slice(1)) say(formatProblem(problem));
    const [first] = problems;
    throw new InputError(first?.code ?? "config", first ? formatProblem(first) : `${config} is not a sweep.`, {
      file: configFile,
      key: first?.key,
      value: first?.value,
    });
  }
  const { sweep, base } = plan;
  const name = sweepName(sweep, configFile);
  const folder = out === null ? newSweepFolder(configFile, name) : path.resolve(out);
  if (out !== null) await checkOut(folder);
  return { task: { folder, configFile, name, sweep, base }, jobs: jobsOf(sweep.jobs) };
}

async function toResume({ resume, retry }: { resume: string; retry: boolean }): Promise<Begun> {
  const folder = path.resolve(resume);
  const { sweep } = await readSweepRecord(folder);
  return { task: { folder, resume: true, retry }, jobs: jobsOf(sweep.jobs) };
}

/** @throws InputError */
function wantedJobs(text: string | null): number | null {
  if (text === null) return null;
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= sweepLimits.jobs) return jobs;
  throw new InputError(
    "jobs",
    `--jobs is ${JSON.stringify(text)}; it has to be a whole number from 1 to ${sweepLimits.jobs}.`,
    {
      key: "--jobs",
      value: text,
    },
  );
}

function jobsOf(jobs: number | "auto"): number | null {
  return jobs === "auto" ? null : jobs;
}

/** The line that `--json` prints. */
function resultOf(record: SweepRecord, folder: string): Failure | Record<string, unknown> {
  if (record.error) return failureOf(record.error);
  return {
    sweep: folder,
    trials: record.trials.map(({ run, state, params, result }) => ({
      run: path.resolve(folder, run),
      state,
      params,
      test: result && figuresOf(result.test),
      valid: result && figuresOf(result.valid),
      sparsity: result?.sparsity ?? null,
    })),
  };
}

function figuresOf({ error, rmse }: TrialResult["test"]) {
  return { error, ...(rmse !== undefined && { rmse }) };
}

function report(
  record: SweepRecord,
  folder: string,
  { program }: SweepCommandOptions,
  say: (line?: string) => void,
): void {
  say();
  for (const line of sweepLines(record)) say(line);
  say(`Sweep folder: ${folder}`);
  const here = shellQuoted(fromHere(folder));
  const failed = record.trials.some(({ state }) => state === "failed");
  say();
  say("How to go on:");
  say(`  see it again        ${program} inspect ${here}`);
  if (isSweepResumable(record)) say(`  let it go on        ${program} sweep --resume ${here}`);
  if (failed) say(`  failed trials again ${program} sweep --resume ${here} --retry`);
}
