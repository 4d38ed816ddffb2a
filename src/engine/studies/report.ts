/** What a sweep came to beside what the paper reports: which trials make a row, and which of them was chosen. Pure. */
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import { pretrainedLayers } from "../../common/layerValue.js";
import { fitsRow, type PublishedRow, type Study, studies } from "../../common/studies.js";
import { hasBands, type StudyReport, type StudyRow } from "../../common/studyReport.js";
import { type StagePlan, stagesOf } from "../../common/sweep.js";
import type { Params, SweepRecord, TrialRecord, TrialResult } from "../../common/sweepRecord.js";
import type { MeanFigure } from "../../common/sweepSummary.js";
import { meanAndSd } from "../statistics/statistics.js";
import { canonical } from "../sweeps/canonical.js";
import { configOfTrial, expandStage, foldKey, lineageOf, seedKey, without } from "../sweeps/expand.js";
import { groupsOf, type TrialGroup } from "../sweeps/select.js";
import { deviationsOf } from "./deviations.js";

export type StudiedSweep = Pick<SweepRecord, "sweep" | "base" | "trials">;

/** Trials that differ in seed and fold alone, with what they are networks of. */
interface Group extends TrialGroup {
  config: Experiment;
}

/** Null for a sweep that names no study. */
export function studyReport({ sweep, base, trials }: StudiedSweep): StudyReport | null {
  if (!sweep.study) return null;
  const study = studies[sweep.study];
  const stages = stagesOf(sweep);
  const last = stages.at(-1) as StagePlan;
  const withConfig = (of: readonly TrialRecord[]): Group[] =>
    groupsOf(of).flatMap((group) => {
      const lineage = lineageOf(stages, group.trials[0]?.stage ?? "");
      const config = experimentSchema.safeParse(configOfTrial(base, sweep.set, lineage, group.params)).data;
      return config ? [{ ...group, config }] : [];
    });
  const before = trials.filter(({ stage }) => stage !== last.name);
  const own = trials.filter(({ stage }) => stage === last.name);
  const finals = withConfig(own.length > 0 ? own : expectedOf(last, sweep, before));
  const perGroup = finals.map((group) => new Set(group.trials.map(({ params }) => params[seedKey] ?? base.seed)).size);
  const deviations = deviationsOf(study, {
    finals: finals.map(({ config }) => config),
    search: withConfig(before).map(({ config }) => config),
    seeds: Math.max(1, ...perGroup),
    folds: last.folds ?? null,
    networks: finals.reduce((sum, group) => sum + group.trials.length, 0),
  });
  const unlearnt = hasBands(study.rows) ? finishedOf(own).filter(({ result }) => result && hasNotLearnt(result)) : [];
  if (unlearnt.length > 0) deviations.push({ kind: "notLearnt", trials: unlearnt.map(({ number }) => number) });
  const selected = stages.flatMap(({ select }) => select?.over ?? []);
  const { id, source, figure } = study;
  return { id, source, figure, rows: study.rows.map((row) => rowOf(row, study, finals, selected)), deviations };
}

/** The trials of a stage that has not begun, one for each thing that may be chosen before it. */
function expectedOf(plan: StagePlan, sweep: StudiedSweep["sweep"], before: readonly TrialRecord[]): TrialRecord[] {
  const chosen = stagesOf(sweep).find(({ name }) => name === plan.from?.stage)?.select?.over ?? [];
  const parents = new Map(
    groupsOf(before.filter(({ stage }) => !plan.from || stage === plan.from.stage)).map(
      ({ params }) => [canonical(without(params, chosen)), params] as const,
    ),
  ).values();
  return expandStage(
    plan,
    sweep,
    [...parents].map((params) => ({ number: null, params: without(params, [seedKey, foldKey]), seed: 1 })),
  ).map(({ params }) => ({
    number: 0,
    stage: plan.name,
    key: "",
    params,
    parent: null,
    run: "",
    reused: false,
    state: "pending",
    result: null,
    error: null,
  }));
}

/** @param selected keys whose values an earlier stage, or this one, chose */
function rowOf(row: PublishedRow, { figure }: Study, groups: readonly Group[], selected: readonly string[]): StudyRow {
  const fitting = groups.filter(({ config }) => fitsRow(row, config));
  const members = fitting.flatMap(({ trials }) => trials);
  const empty = { ours: null, zeros: null, chosen: {}, trials: [] };
  if (row.band) return { ...row, ...empty, ...inBand(row.band, members) };
  const counts = { done: finishedOf(members).length, of: members.length };
  if (figure === "gain") return { ...row, ...empty, ...gainOf(fitting), ...counts };
  return { ...row, ...empty, ...bestOf(fitting, figure, selected), ...counts };
}

/** All networks with so many zeros that learnt anything: nothing is chosen. */
function inBand([from, to]: readonly [number, number], members: readonly TrialRecord[]) {
  const within = finishedOf(members).filter(({ result }) => {
    if (result && hasNotLearnt(result)) return false;
    const zeros = result?.sparsity?.mean;
    return zeros !== undefined && zeros >= from && (zeros < to || (to === 1 && zeros === 1));
  });
  return {
    ours: within.length > 0 ? meanOf(within, ({ test }) => test.error) : null,
    zeros: zerosOf(within),
    trials: within.map(({ number }) => number),
    done: within.length,
    of: members.length,
  };
}

/** Never better on the validation set than before training: what zeros and error it has are those of chance. */
function hasNotLearnt({ bestEpoch, epochs }: TrialResult): boolean {
  return bestEpoch === 0 && epochs > 0;
}

/**
 * The group with the lowest mean validation figure; where groups differ in their data, one for each, and the mean over these: alternatives
 * are chosen among, data are averaged over.
 */
function bestOf(groups: readonly Group[], figure: Exclude<Study["figure"], "gain">, selected: readonly string[]) {
  const chosen = chooseByData(groups, figure);
  const trials = chosen.flatMap((group) => finishedOf(group.trials));
  const values = trials.flatMap(({ result }) => testOf(result as TrialResult, figure) ?? []);
  if (values.length === 0) return null;
  const [first] = chosen;
  const among = groups.length > 1 ? Object.keys(first?.params ?? {}) : selected;
  return {
    ours: meanAndSd(values),
    zeros: zerosOf(trials),
    chosen: chosen.length === 1 && first ? only(first.params, among) : {},
    trials: trials.map(({ number }) => number),
  };
}

/** Of the chosen networks without pre-training less of those with it. */
function gainOf(groups: readonly Group[]) {
  const side = (pretrained: boolean) =>
    chooseByData(groups.filter(({ config }) => pretrainedLayers(config) > 0 === pretrained));
  const [plain, pretrained] = [side(false), side(true)].map((chosen) =>
    chosen.flatMap((group) => finishedOf(group.trials)),
  ) as [TrialRecord[], TrialRecord[]];
  if (plain.length === 0 || pretrained.length === 0) return null;
  const errorOf = (trials: readonly TrialRecord[]) => meanOf(trials, ({ test }) => test.error).mean;
  const trials = [...plain, ...pretrained];
  return {
    ours: { mean: errorOf(plain) - errorOf(pretrained), sd: null },
    zeros: zerosOf(pretrained),
    trials: trials.map(({ number }) => number),
  };
}

function only(params: Params, keys: readonly string[]): Params {
  return Object.fromEntries(Object.entries(params).filter(([key]) => keys.includes(key)));
}

function chooseByData(groups: readonly Group[], figure: Study["figure"] = "testError"): Group[] {
  const best = new Map<string, { group: Group; n: number; mean: number }>();
  for (const group of groups) {
    const finished = finishedOf(group.trials);
    if (finished.length === 0) continue;
    const { mean } = meanOf(finished, ({ valid }) =>
      figure === "testRmse" ? (valid.rmse ?? valid.error) : valid.error,
    );
    const data = canonical(Object.entries(group.params).filter(([key]) => key.startsWith("dataset.")));
    const before = best.get(data);
    const n = finished.length;
    if (!before || n > before.n || (n === before.n && mean < before.mean)) best.set(data, { group, n, mean });
  }
  return [...best.values()].map(({ group }) => group);
}

/** Null where labels are no stars. */
function testOf({ test }: TrialResult, figure: Exclude<Study["figure"], "gain">): number | null {
  if (figure === "testRmse") return test.rmse ?? null;
  return figure === "testAccuracy" ? 1 - test.error : test.error;
}

function finishedOf(trials: readonly TrialRecord[]): TrialRecord[] {
  return trials.filter(({ state, result }) => state === "finished" && result);
}

function meanOf(trials: readonly TrialRecord[], of: (result: TrialResult) => number): MeanFigure {
  return meanAndSd(trials.map(({ result }) => of(result as TrialResult)));
}

function zerosOf(trials: readonly TrialRecord[]): number | null {
  const zeros = trials.flatMap(({ result }) => result?.sparsity?.mean ?? []);
  return zeros.length > 0 ? meanAndSd(zeros).mean : null;
}
