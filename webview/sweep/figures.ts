/** What can be drawn and sorted by: a trial's figures, and the values of the axes. */
import type { SweepRecord, TrialRecord, TrialResult } from "../../src/common/sweepRecord.js";
import type { GroupFigure, SweepGroup } from "../../src/common/sweepSummary.js";
import { t } from "../shared/l10n.js";
import { compact, duration, integer, percent, stars } from "../shared/numbers.js";

export interface Figure {
  /** Of the view state: a figure's name, or `axis:` and a key. */
  id: string;
  label: string;
  /** Null where the trial has none. */
  of(trial: TrialRecord): number | null;
  /** Mean and standard deviation over the trials of a group; null where it has none. */
  ofGroup(group: SweepGroup): { mean: number; sd: number | null } | null;
  show(value: number): string;
  /** For axes: with as many digits as tell ticks apart that are `step` from each other; null where they are powers of ten. */
  tick(value: number, step: number | null): string;
  isAxis: boolean;
}

const ofResult =
  (take: (result: TrialResult) => number | null) =>
  ({ result }: TrialRecord) =>
    result ? take(result) : null;

const figure = (
  id: GroupFigure,
  label: string,
  of: (result: TrialResult) => number | null,
  show: Figure["show"],
  tick: Figure["tick"] = show,
): Figure => ({
  id,
  label,
  of: ofResult(of),
  ofGroup: ({ figures }) => figures[id],
  show,
  tick,
  isAxis: false,
});

const share = (digits: number) => (value: number) => percent(value, digits);
const shortShare = (value: number, step: number | null) => percent(value, digitsOf(step === null ? null : step * 100));

export const results: readonly Figure[] = [
  figure("validError", t("Validation error"), ({ valid }) => valid.error, share(2), shortShare),
  figure("testError", t("Test error"), ({ test }) => test.error, share(2), shortShare),
  figure(
    "validRmse",
    t("Validation RMSE"),
    ({ valid }) => valid.rmse ?? null,
    (value) => stars(value),
  ),
  figure(
    "testRmse",
    t("Test RMSE"),
    ({ test }) => test.rmse ?? null,
    (value) => stars(value),
  ),
  figure("sparsity", t("Sparsity"), ({ sparsity }) => sparsity?.mean ?? null, share(1), shortShare),
  figure("dead", t("Dead units"), ({ dead }) => dead?.total ?? null, integer),
  figure("seconds", t("Time"), ({ seconds }) => seconds, duration),
];

/** After the decimal point. */
function digitsOf(step: number | null): number {
  return step === null ? 0 : Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

/** The keys that the trials differ in, in the order of the file. */
export function axesOf({ trials }: Pick<SweepRecord, "trials">): string[] {
  return [...new Set(trials.flatMap(({ params }) => Object.keys(params)))];
}

/** "training.l1" → "l1" */
export function axisLabel(key: string): string {
  if (key === "dataset.fold") return t("fold");
  return key.split(".").at(-1) ?? key;
}

/** A value as the file has it; of a fold its number. */
export function axisText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "object" && value !== null && "index" in value && "of" in value)
    return `${value.index}/${value.of}`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function axisNumber(value: unknown): number | null {
  if (typeof value === "object" && value !== null && "index" in value) return axisNumber(value.index);
  return typeof value === "number" ? value : null;
}

/** Those axes that are numbers. */
export function axisFigures(record: Pick<SweepRecord, "trials">): Figure[] {
  const numeric = axesOf(record).filter((key) =>
    record.trials.every(({ params }) => params[key] === undefined || axisNumber(params[key]) !== null),
  );
  return numeric.map((key) => ({
    id: `axis:${key}`,
    label: axisLabel(key),
    of: ({ params }) => axisNumber(params[key]),
    ofGroup: ({ params }) => {
      const mean = axisNumber(params[key]);
      return mean === null ? null : { mean, sd: null };
    },
    show: compact,
    tick: compact,
    isAxis: true,
  }));
}

/** Those that few sweeps have: of labels that are stars. */
const rare: readonly string[] = ["validRmse", "testRmse"] satisfies GroupFigure[];

/** The results that a sweep's trials have, or will have. */
export function resultsOf({ trials }: Pick<SweepRecord, "trials">): readonly Figure[] {
  return results.filter(({ of, id }) => !rare.includes(id) || trials.some((trial) => of(trial) !== null));
}

/** The figures that a sweep has something to show of. */
export function figuresOf(record: Pick<SweepRecord, "trials">): Figure[] {
  const found = results.filter(
    ({ of, id }) => id === "validError" || record.trials.some((trial) => of(trial) !== null),
  );
  return [...found, ...axisFigures(record)];
}

/** The axis that tells series apart by colour and shape: the first of few values that are not numbers. */
export function seriesAxis(record: Pick<SweepRecord, "trials">): string | null {
  const found = axesOf(record).find((key) => {
    const values = new Set(record.trials.map(({ params }) => axisText(params[key])));
    return (
      values.size > 1 &&
      values.size <= 5 &&
      record.trials.some(({ params }) => params[key] !== undefined && axisNumber(params[key]) === null)
    );
  });
  return found ?? null;
}
