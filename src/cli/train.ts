/** `rectiscope train`: one run from a config to a run folder, with the same engine as in the editor. */
import path from "node:path";
import type { BackendName } from "../common/backends.js";
import { recipeOf } from "../common/format.js";
import { stopSignals, type WorkerInput } from "../common/messages.js";
import { type EvalLine, isResumable, type RunRecord } from "../common/run.js";
import { sweepSuffix } from "../common/sweep.js";
import { readConfigText } from "../engine/experiment/configText.js";
import { experimentName, readExperiment } from "../engine/experiment/experimentFile.js";
import { formatProblem } from "../engine/experiment/problem.js";
import { readRun, readRunRecord } from "../engine/runs/readRun.js";
import { runExperiment } from "../engine/runs/runExperiment.js";
import { newRunFolder } from "../engine/runs/runFolder.js";
import { exitCodes, type Failure, failureOf, InputError } from "./exitCodes.js";
import { checkOut, fromHere, shellQuoted, watchSignals } from "./longWork.js";
import { progressDisplay } from "./progress.js";
import { epochName, examplesOf, layersTable, summaryLines } from "./tables.js";

/** A config to train, or a run that is to go on. */
export type TrainTask =
  | { config: string; settings: string[]; out: string | null }
  /** `backend`: another than it began with; `revive`: dead units are revived before it goes on. */
  | { resume: string; backend: BackendName | undefined; revive: boolean };

export interface TrainOptions {
  task: TrainTask;
  dataFolders: string[];
  /** Where tfjs-node is installed; the usual folder where nobody says. */
  tensorflowFolder: string | undefined;
  json: boolean;
  /** Folder with kernels.wasm, team.js and the packed sample. */
  assets: string;
  version: string;
  /** How this program is called, for the hints at the end. */
  program: string;
}

/**
 * Trains; says on stderr what happens, and with `json` the result in one line on stdout.
 * @returns the exit code of a run that began
 * @throws InputError, DataError, RunFolderError when it could not begin, or its folder cannot be written any more
 */
export async function trainCommand(options: TrainOptions): Promise<number> {
  const say = (line = "") => process.stderr.write(`${line}\n`);
  const tell = (line = "") => process.stdout.write(`${line}\n`);
  const input = "resume" in options.task ? await toResume(options.task) : await toStart(options.task, say);
  const { runFolder } = input;

  const stop = new SharedArrayBuffer(4);
  const signals = watchSignals(
    () => Atomics.store(new Int32Array(stop), 0, stopSignals.stop),
    () => say("\nStopping, after a checkpoint; once more to end at once."),
  );
  const display = progressDisplay(process.stderr);
  const evaluations: EvalLine[] = [];
  let run: RunRecord;
  try {
    run = await runExperiment(
      {
        ...input,
        dataFolders: options.dataFolders.map((folder) => path.resolve(folder)),
        assets: options.assets,
        version: options.version,
        tensorflowFolder: options.tensorflowFolder,
        stop,
      },
      {
        started(record) {
          say(recipeOf(record));
          if (record.dataset) say(`${record.dataset.name} from ${record.dataset.origin}`);
          say();
          display.update(record.progress);
        },
        frame: (_, progress) => display.update(progress),
        evaluation(line) {
          evaluations.push(line);
          display.evaluation(line);
        },
        revival: (line) => display.revival(line),
        pretraining(lines, progress) {
          display.update(progress);
          for (const line of lines) if (line.kind === "reconstruction") display.reconstruction(line);
        },
      },
    );
  } finally {
    display.end();
    signals.end();
  }
  if (options.json) process.stdout.write(`${JSON.stringify(resultOf(run, runFolder))}\n`);
  // without --json the result is what the command prints; with it, stdout has one line
  // of a run that went on, the best evaluation may be one of the times before
  if (input.resume) evaluations.unshift(...(await readRun(runFolder)).evaluations);
  report(run, runFolder, evaluations, options, options.json ? say : tell);
  if (run.error) return exitCodes.runFailed;
  return run.state === "stopped" ? (signals.exitCode() ?? exitCodes.done) : exitCodes.done;
}

type Begun = Pick<WorkerInput, "configFile" | "experiment" | "runFolder" | "resume" | "revive" | "backend">;

async function toStart(
  { config, settings, out }: Extract<TrainTask, { config: string }>,
  say: (line: string) => void,
): Promise<Begun> {
  const configFile = path.resolve(config);
  if (config.endsWith(sweepSuffix))
    throw new InputError("sweep", `${config} is a sweep, not an experiment. Run it with 'rectiscope sweep'.`, {
      file: configFile,
    });
  const experiment = await readConfig(configFile, config, settings, say);
  if (out === null)
    return { configFile, experiment, runFolder: newRunFolder(configFile, experimentName(experiment, configFile)) };
  const runFolder = path.resolve(out);
  await checkOut(runFolder);
  return { configFile, experiment, runFolder };
}

/** @throws RunFolderError when there is no such run */
async function toResume({ resume: run, backend, revive }: Extract<TrainTask, { resume: string }>): Promise<Begun> {
  const runFolder = path.resolve(run);
  const { config, configFile } = await readRunRecord(runFolder);
  if (!config)
    throw new InputError("noConfig", `The run ${runFolder} was made by another program and cannot be resumed.`, {
      file: runFolder,
      key: "--resume",
      value: run,
    });
  return {
    configFile: path.resolve(runFolder, configFile ?? ""),
    experiment: config,
    runFolder,
    resume: true,
    ...(revive && { revive: requested() }),
    backend,
  };
}

/** What asks a run to revive units once. */
function requested(): SharedArrayBuffer {
  const asked = new SharedArrayBuffer(4);
  Atomics.store(new Int32Array(asked), 0, 1);
  return asked;
}

/** @throws InputError for the first problem; all of them are said before */
async function readConfig(file: string, config: string, settings: string[], say: (line: string) => void) {
  const { experiment, problems } = readExperiment(await readConfigText(file), config, settings);
  if (experiment) return experiment;
  for (const problem of problems.slice(1)) say(formatProblem(problem));
  const [first] = problems;
  throw new InputError(first?.code ?? "config", first ? formatProblem(first) : `${file} is not an experiment.`, {
    file: first?.file === config ? file : first?.file,
    key: first?.key,
    value: first?.value,
  });
}

/** The line that `--json` prints. */
function resultOf(run: RunRecord, runFolder: string): Failure | Record<string, unknown> {
  if (run.error) return failureOf(run.error);
  const { summary, state } = run;
  return {
    run: runFolder,
    state,
    epochs: summary?.epochs ?? run.progress.epoch,
    bestEpoch: summary?.bestEpoch ?? null,
    test: summary?.test ?? null,
    valid: summary?.valid ?? null,
    sparsity: summary?.sparsity ?? null,
    dead: summary?.dead ?? null,
    ...(summary?.reconstruction && { reconstruction: summary.reconstruction }),
    samplesPerSecond: summary?.samplesPerSecond ?? run.progress.samplesPerSecond,
    seconds: summary?.seconds ?? null,
  };
}

function report(
  run: RunRecord,
  runFolder: string,
  evaluations: EvalLine[],
  { task, program }: TrainOptions,
  say: (line?: string) => void,
): void {
  const { summary } = run;
  const best = evaluations.findLast((line) => line.set === "valid" && line.step === summary?.bestStep);
  say();
  if (summary && best) {
    say(`Best validation error after ${epochName(summary.bestEpoch)}; measured there on ${examplesOf(best)}:`);
    say();
    for (const line of layersTable(run.layers, best)) say(line);
    say();
    for (const line of summaryLines(summary)) say(line);
    say();
  }
  if (run.error) say(`The run ${run.state === "failed" ? "failed" : "could not go on"}: ${run.error.message}`);
  if (run.state === "stopped") say(`Stopped in ${epochName(run.progress.epoch)}, with a checkpoint.`);
  say(`Run folder: ${runFolder}`);
  say();
  say("How to go on:");
  say(`  see it again        ${program} inspect ${shellQuoted(fromHere(runFolder))}`);
  if (isResumable(run)) say(`  let it go on        ${program} train --resume ${shellQuoted(fromHere(runFolder))}`);
  if ("resume" in task) return;
  if (task.out === null)
    say(`  see it in VS Code   open ${path.dirname(path.resolve(task.config))} and run 'Rectiscope: Open Dashboard'`);
  say(`  change something    ${program} train ${shellQuoted(task.config)} --set training.l1=0.01`);
}
