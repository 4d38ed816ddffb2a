/** Groups trials, and chooses the best of each: the paper's selection of learning rates, and any other. Pure. */
import type { Select } from "../../common/sweep.js";
import type { Params, Selection, TrialRecord, TrialResult } from "../../common/sweepRecord.js";
import { meanAndSd } from "../statistics/statistics.js";
import { canonical } from "./canonical.js";
import { foldKey, seedKey, without } from "./expand.js";

/** The figure that a selection goes by; null where a trial does not have it. */
export function figureOf(result: TrialResult, by: Select["by"]): number | null {
  return by === "validationError" ? result.valid.error : (result.reconstruction?.mean ?? null);
}

export interface TrialGroup {
  /** What its trials share: everything but seed and fold. */
  params: Params;
  trials: TrialRecord[];
}

/** Trials that differ in seed and fold alone, in the order in which they first appear. */
export function groupsOf(trials: readonly TrialRecord[]): TrialGroup[] {
  const groups = new Map<string, TrialGroup>();
  for (const trial of trials) {
    const params = without(trial.params, [seedKey, foldKey]);
    const key = `${trial.stage}\n${canonical(params)}`;
    const group = groups.get(key);
    if (group) group.trials.push(trial);
    else groups.set(key, { params, trials: [trial] });
  }
  return [...groups.values()];
}

/**
 * Of every group of trials that differ only in `over` (and seed and fold) the values with the lowest mean figure; the first of equals.
 * Only finished trials count, and a mean over fewer of them stands behind the others.
 */
export function select(trials: readonly TrialRecord[], { over, by }: Select, stage: string): Selection[] {
  const best = new Map<string, Selection>();
  for (const { params, trials: group } of groupsOf(trials)) {
    const figures = group.flatMap(({ result, state }) => {
      const figure = state === "finished" && result ? figureOf(result, by) : null;
      return figure === null ? [] : [figure];
    });
    if (figures.length === 0) continue;
    const shared = without(params, over);
    const chosen = Object.fromEntries(Object.entries(params).filter(([key]) => over.includes(key)));
    const { mean, sd } = meanAndSd(figures);
    const found: Selection = {
      stage,
      by,
      group: shared,
      chosen,
      mean,
      sd,
      n: figures.length,
      trials: group.filter(({ state }) => state === "finished").map(({ number }) => number),
    };
    const key = canonical(shared);
    const before = best.get(key);
    if (!before || isBetter(found, before)) best.set(key, found);
  }
  return [...best.values()];
}

export function isBetter(a: Selection, b: Selection): boolean {
  return a.n === b.n ? a.mean < b.mean : a.n > b.n;
}

/** The trial of a selection with the lowest figure: the one whose parameters are taken. */
export function bestTrial(selection: Selection, trials: readonly TrialRecord[]): TrialRecord | undefined {
  const candidates = trials.filter(({ number, result }) => selection.trials.includes(number) && result);
  const figure = ({ result }: TrialRecord) =>
    result ? (figureOf(result, selection.by as Select["by"]) ?? Infinity) : Infinity;
  return candidates.reduce<TrialRecord | undefined>(
    (best, trial) => (best === undefined || figure(trial) < figure(best) ? trial : best),
    undefined,
  );
}
