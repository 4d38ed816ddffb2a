/**
 * Trains the trials of a study one after the other and keeps each as a file: what is kept already is not trained again, on whatever machine
 * it was trained, and what an earlier time left half done goes on. So a study of many hours can be done in parts.
 */
import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import { stopSignals } from "../../common/messages.js";
import type { RunError, RunRecord, RunSummary } from "../../common/run.js";
import { type StagePlan, stagesOf } from "../../common/sweep.js";
import type { SweepRecord, TrialRecord } from "../../common/sweepRecord.js";
import { writeAtomically } from "../runs/atomicFile.js";
import { readRun } from "../runs/readRun.js";
import { runExperiment } from "../runs/runExperiment.js";
import { configOfTrial, expandStage, foldKey, lineageOf, type Parent, seedKey, without } from "../sweeps/expand.js";
import { bestTrial, select } from "../sweeps/select.js";
import type { SweepPlan } from "../sweeps/sweepFile.js";
import { placeOf, readTrialRun } from "../sweeps/trialOutcome.js";
import { configIdentity, keptTrial, type ReadTrial, readKeptTrials } from "./keptTrial.js";

export interface ReproduceInput {
  /** Of the study, as its folder in docs/results is called. */
  name: string;
  /** Absolute path of its sweep. */
  file: string;
  plan: Pick<SweepPlan, "sweep" | "base">;
  /** Folder of the files that are kept. */
  results: string;
  /** Folder of the runs, one a trial by its identity. */
  runs: string;
  commit: string;
  dataFolders: string[];
  assets: string;
  version: string;
  threads: number;
  /** What it is asked at the next step of a run: see `stopSignals`. */
  stop: SharedArrayBuffer;
}

export interface ReproduceListeners {
  /** Before a trial is trained. */
  begins?(number: number, of: number, identity: string, trial: TrialRecord): void;
  /** Of a trial that is kept now, or was. */
  done?(number: number, of: number, trial: TrialRecord, again: boolean): void;
}

/** A study as far as it is done: as the tables take it. */
export type Reproduced = Pick<SweepRecord, "sweep" | "base" | "trials">;

/**
 * @returns every trial of the stages that could begin; those that were not trained are `pending`, one that failed is `failed`
 * @throws DataError, Error where a kept file is damaged
 */
export async function reproduce(input: ReproduceInput, listeners: ReproduceListeners = {}): Promise<Reproduced> {
  const { file, results, runs, commit, dataFolders, assets, version, threads, stop, name } = input;
  const asked = new Int32Array(stop);
  const keep = async (trial: TrialRecord, config: Experiment, identity: string, folder: string, run: FinishedRun) => {
    const { evaluations } = await readRun(folder);
    const { stage, params } = trial;
    const machine = { cpu: os.cpus()[0]?.model ?? "", cores: os.cpus().length };
    const kept = keptTrial({ study: name, stage, params, config, commit }, run, evaluations, machine);
    mkdirSync(results, { recursive: true });
    writeAtomically(path.join(results, `${fileName(trial)}-${identity}.json`), `${JSON.stringify(kept, null, 1)}\n`);
    return kept;
  };
  const outcomeOf: Train = async (trial, experiment, identity, of) => {
    const place = path.join(runs, identity);
    // it may have been ended just before its figures were kept
    const before = await readTrialRun(place);
    if (before && isFinished(before)) return keep(trial, experiment, identity, place, before);
    if (asked[0] !== stopSignals.goOn) return null;
    listeners.begins?.(trial.number, of, identity, trial);
    const { folder, resume } = await placeOf(place);
    const environment = { dataFolders, assets, version, threads, stop };
    const run = await runExperiment({ configFile: file, experiment, runFolder: folder, resume, ...environment }, {});
    return isFinished(run) ? keep(trial, experiment, identity, folder, run) : run.error;
  };
  return walk(input.plan, await readKeptTrials(results), outcomeOf, listeners);
}

/** The same from what is kept alone: trains nothing, and needs no data. */
export async function reproducedSoFar(plan: ReproduceInput["plan"], results: string): Promise<Reproduced> {
  return walk(plan, await readKeptTrials(results), async () => null, {});
}

type FinishedRun = RunRecord & { summary: RunSummary };

/** @returns null for a trial that was not trained, or not to its end */
type Train = (
  trial: TrialRecord,
  experiment: Experiment,
  identity: string,
  of: number,
) => Promise<Pick<ReadTrial, "result"> | RunError | null>;

async function walk(
  { sweep, base }: ReproduceInput["plan"],
  kept: Map<string, ReadTrial>,
  train: Train,
  { done }: ReproduceListeners,
): Promise<Reproduced> {
  const stages = stagesOf(sweep);
  const trials: TrialRecord[] = [];
  for (const plan of stages) {
    const parents = parentsOf(plan, stages, trials, base.seed);
    const begun = trials.length;
    const planned = expandStage(plan, sweep, parents);
    for (const { params } of planned) {
      const experiment = experimentSchema.parse(configOfTrial(base, sweep.set, lineageOf(stages, plan.name), params));
      const identity = configIdentity(experiment);
      const trial = newTrial(trials.length + 1, plan.name, identity, params);
      const before = kept.get(identity);
      const outcome = before ?? (await train(trial, experiment, identity, begun + planned.length));
      if (outcome && "result" in outcome) {
        trials.push({ ...trial, state: "finished", result: outcome.result, reused: before !== undefined });
        done?.(trial.number, begun + planned.length, trials.at(-1) as TrialRecord, before !== undefined);
      } else trials.push({ ...trial, ...(outcome && { state: "failed", error: outcome }) });
    }
    // what comes after would be chosen from a part
    if (trials.some(({ state }) => state !== "finished")) break;
  }
  return { sweep, base, trials };
}

/** @throws Error for a stage that goes on from another's network: what is kept are figures, not networks */
function parentsOf(
  plan: StagePlan,
  stages: readonly StagePlan[],
  trials: readonly TrialRecord[],
  seed: number,
): Parent[] {
  if (!plan.from) return [{ number: null, params: {}, seed }];
  const before = stages.find(({ name }) => name === plan.from?.stage) as StagePlan;
  if (plan.from.start !== "anew" || plan.from.take !== "selected" || !before.select)
    throw new Error(
      `The stage "${plan.name}" cannot be reproduced from what is kept: it has to take "selected" trials and to start "anew".`,
    );
  const own = trials.filter(({ stage }) => stage === before.name);
  return select(own, before.select, before.name).map((selection) => {
    const params = without(bestTrial(selection, own)?.params ?? {}, [seedKey, foldKey]);
    return { number: null, params, seed };
  });
}

function newTrial(number: number, stage: string, key: string, params: TrialRecord["params"]): TrialRecord {
  return {
    number,
    stage,
    key,
    params,
    parent: null,
    run: "",
    reused: false,
    state: "pending",
    result: null,
    error: null,
  };
}

function isFinished(run: RunRecord): run is FinishedRun {
  return run.state === "finished" && run.summary !== null;
}

/** "trained-rectifier": the stage and the units, for people who look through the folder. */
function fileName({ stage, params, number }: TrialRecord): string {
  const unit = params["network.activation"];
  return [String(number).padStart(3, "0"), stage, typeof unit === "string" ? unit : ""].filter(Boolean).join("-");
}
