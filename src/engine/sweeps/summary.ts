/** What a sweep came to: means over seeds and folds, and whether a difference is more than chance. */
import type { Params, SweepRecord, TrialRecord, TrialResult } from "../../common/sweepRecord.js";
import type { GroupFigure, SweepGroup, SweepSummary } from "../../common/sweepSummary.js";
import { comparePaired, meanAndSd } from "../statistics/statistics.js";
import { canonical } from "./canonical.js";
import { foldKey, seedKey } from "./expand.js";
import { groupsOf } from "./select.js";

const figures: Record<GroupFigure, (result: TrialResult) => number | null> = {
  testError: ({ test }) => test.error,
  validError: ({ valid }) => valid.error,
  testRmse: ({ test }) => test.rmse ?? null,
  validRmse: ({ valid }) => valid.rmse ?? null,
  sparsity: ({ sparsity }) => sparsity?.mean ?? null,
  dead: ({ dead }) => dead?.total ?? null,
  seconds: ({ seconds }) => seconds,
};

/** Groups of trials that differ in seed and fold alone; the best by validation error is what the others are compared with. */
export function summarise({ trials, selections }: Pick<SweepRecord, "trials" | "selections">): SweepSummary {
  const groups = groupsOf(trials).map(({ params, trials: members }): SweepGroup => {
    const finished = members.filter(({ state, result }) => state === "finished" && result);
    const numbers = members.map(({ number }) => number);
    return {
      stage: members[0]?.stage ?? "",
      params,
      trials: numbers,
      n: finished.length,
      figures: Object.fromEntries(
        Object.entries(figures).map(([name, of]) => [name, meanOf(finished, of)]),
      ) as SweepGroup["figures"],
      selected: selections.some((selection) => selection.trials.some((number) => numbers.includes(number))),
      best: false,
      againstBest: null,
    };
  });
  const best = groups.reduce<SweepGroup | null>((found, group) => (isBetter(group, found) ? group : found), null);
  if (best) best.best = true;
  for (const group of groups) if (best && group !== best) group.againstBest = compare(group, best, trials);
  return { groups };
}

/** As in a selection, a mean over fewer trials stands behind the others. */
function isBetter(group: SweepGroup, other: SweepGroup | null): boolean {
  const [here, there] = [group.figures.validError, other?.figures.validError];
  if (!here || !there || group.n !== other?.n) return here !== null && (!there || group.n > (other?.n ?? 0));
  return here.mean < there.mean;
}

function meanOf(trials: readonly TrialRecord[], of: (result: TrialResult) => number | null) {
  const values = trials.flatMap(({ result }) => (result ? (of(result) ?? []) : []));
  return values.length > 0 ? meanAndSd(values) : null;
}

/** On the validation error of the trials with the same seed and fold; null where there are fewer than two such pairs. */
function compare(group: SweepGroup, best: SweepGroup, trials: readonly TrialRecord[]): SweepGroup["againstBest"] {
  const errors = (numbers: readonly number[]) =>
    new Map(
      trials.flatMap(({ number, params, state, result }) =>
        numbers.includes(number) && state === "finished" && result
          ? [[repeatOf(params), result.valid.error] as const]
          : [],
      ),
    );
  const [here, there] = [errors(group.trials), errors(best.trials)];
  const shared = [...here.keys()].filter((repeat) => there.has(repeat));
  if (shared.length < 2) return null;
  const valuesOf = (of: Map<string, number>) => shared.map((repeat) => of.get(repeat) as number);
  return comparePaired(valuesOf(here), valuesOf(there));
}

function repeatOf(params: Params): string {
  return canonical([params[seedKey] ?? null, params[foldKey] ?? null]);
}
