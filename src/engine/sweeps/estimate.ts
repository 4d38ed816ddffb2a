/** About how long a sweep will take, before it begins: from what earlier runs took, or from how fast this machine was measured to be. Pure. */
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import type { RunRecord } from "../../common/run.js";
import { networkShape, parameterCount } from "../network/network.js";
import { configOfTrial, countTrialsOf, expandStage, lineageOf } from "./expand.js";
import type { SweepPlan } from "./sweepFile.js";
import { type DataSize, workOf } from "./work.js";

/** What one run took, on one core or as many as it had. */
export interface PastRun {
  config: Experiment;
  data: DataSize;
  seconds: number;
}

/** Earlier runs say little about networks that are much larger or smaller than theirs. */
const farRatio = 8;
/** Of a stage with more trials so many are looked at. */
const mostLookedAt = 100;
/** To start a trial's process and read its data. */
const launchSeconds = 0.3;
const pixels = 784;
const known: Partial<Record<Experiment["dataset"]["name"], Pick<DataSize, "train" | "valid" | "test">>> = {
  mnist: { train: 50_000, valid: 10_000, test: 10_000 },
  "fashion-mnist": { train: 50_000, valid: 10_000, test: 10_000 },
  "mnist-sample": { train: 8_000, valid: 2_000, test: 2_000 },
};

/** Null for runs that were not trained to their end. */
export function pastRunOf({ state, config, summary, dataset, layers }: RunRecord): PastRun | null {
  const dimension = layers[0]?.inputs;
  if (state !== "finished" || !config || !summary || !dataset || dimension === undefined) return null;
  const { train, valid, test } = dataset;
  // a run that ended early did less
  const epochs = Math.max(Math.min(1, config.training.epochs), Math.round(summary.epochs));
  const trained = { ...config, training: { ...config.training, epochs } };
  return {
    config: trained,
    data: { dimension, classes: config.dataset.classes, train, valid, test },
    seconds: summary.seconds,
  };
}

export interface Estimate {
  seconds: number;
  /** Whether earlier runs of about that size tell it. */
  fromRuns: boolean;
}

/**
 * @param jobs trials at once
 * @param past the newest first
 * @param secondsPerWork as calibrate.ts measures it, if that has been done
 * @returns null where neither tells
 */
export function estimate(
  plan: SweepPlan,
  jobs: number,
  past: readonly PastRun[],
  secondsPerWork: number | null,
): Estimate | null {
  const data = dataSizeOf(plan.base, past);
  if (!data) return null;
  const size = parameterCount(networkShape(plan.base.network, data.dimension, data.classes));
  const near = nearest(past, size);
  const rate = near ? near.seconds / workOf(near.config, near.data) : secondsPerWork;
  if (rate === null) return null;
  const counts = countTrialsOf(plan.stages);
  const work = plan.stages.reduce((sum, _, index) => sum + meanWork(plan, index, data) * (counts[index] as number), 0);
  const trials = counts.reduce((sum, count) => sum + count, 0);
  return {
    seconds: (work * rate + trials * launchSeconds) / Math.min(jobs, Math.max(...counts)),
    fromRuns: near !== null,
  };
}

function nearest(past: readonly PastRun[], size: number): PastRun | null {
  const distance = ({ config, data }: PastRun) =>
    Math.abs(Math.log(parameterCount(networkShape(config.network, data.dimension, data.classes)) / size));
  const best = past.reduce<PastRun | null>(
    (found, run) => (!found || distance(run) < distance(found) ? run : found),
    null,
  );
  return best && distance(best) < Math.log(farRatio) ? best : null;
}

/** Of the trials of a stage; what it takes over from an earlier stage is not known yet. */
function meanWork({ sweep, base, stages }: SweepPlan, index: number, data: DataSize): number {
  const plan = stages[index]!;
  const trials = expandStage(plan, sweep, [{ number: null, params: {}, seed: base.seed }]);
  const step = Math.max(1, Math.floor(trials.length / mostLookedAt));
  const looked = trials.filter((_, i) => i % step === 0);
  const works = looked.map(({ params }) => {
    const config = experimentSchema.safeParse(configOfTrial(base, sweep.set, lineageOf(stages, plan.name), params));
    return config.success ? workOf(config.data, data) : 0;
  });
  return works.reduce((sum, work) => sum + work, 0) / works.length;
}

function dataSizeOf({ dataset }: Experiment, past: readonly PastRun[]): DataSize | null {
  const same = past.find(
    ({ config }) => config.dataset.name === dataset.name && config.dataset.folder === dataset.folder,
  );
  if (same) return same.data;
  const sizes = known[dataset.name];
  return sizes ? { ...sizes, dimension: pixels, classes: dataset.classes } : null;
}
