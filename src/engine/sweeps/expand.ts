/** From what a stage varies to its trials, in order. Pure: the same sweep gives the same trials everywhere. */
import type { Experiment } from "../../common/experiment.js";
import { learningRateKeys, paperLearningRates, type StagePlan, type Sweep } from "../../common/sweep.js";
import type { Params } from "../../common/sweepRecord.js";
import { clone, parsePath, setAt } from "../experiment/settings.js";
import { Random } from "../network/random.js";
import { draw, isRandom, valuesOf } from "./axes.js";
import { canonical } from "./canonical.js";

export const foldKey = "dataset.fold";
export const seedKey = "seed";

/** Where a later stage's trial starts. */
export interface Parent {
  /** Trial number; null where only its values are taken over. */
  number: number | null;
  params: Params;
  seed: number;
}

/** A trial before it has a place to run. */
export interface PlannedTrial {
  parent: number | null;
  params: Params;
}

/** Without any, one that sets nothing. */
function casesOf({ cases }: StagePlan): Params[] {
  return cases ?? [{}];
}

/** The axes of a stage; a rate that is to be selected and that no axis names takes the paper's values. */
export function axesOf({ axes = {}, cases = [], select }: StagePlan): NonNullable<StagePlan["axes"]> {
  const named = [axes, ...cases].flatMap(Object.keys);
  const rates = Object.values(learningRateKeys).filter((key) => select?.over.includes(key) && !named.includes(key));
  return { ...axes, ...Object.fromEntries(rates.map((key) => [key, paperLearningRates])) };
}

/**
 * Of every case every combination of the axes' values, in the order of the file, the last axis fastest; within it the random draws, the
 * seeds and the folds. All combinations share the draws.
 * @param parents of a stage that goes on from an earlier one; else one with the base's seed
 */
export function expandStage(plan: StagePlan, sweep: Pick<Sweep, "seed">, parents: readonly Parent[]): PlannedTrial[] {
  const axes = Object.entries(axesOf(plan));
  const grid = axes.filter(([, axis]) => !isRandom(axis)).map(([key, axis]) => ({ key, values: valuesOf(axis) }));
  const points = grid.reduce<Params[]>(
    (before, { key, values }) => before.flatMap((point) => values.map((value) => ({ ...point, [key]: value }))),
    casesOf(plan),
  );
  const draws = drawsOf(plan, sweep.seed);
  const folds = plan.folds ?? 0;
  const parts: Params[] =
    folds > 0 ? Array.from({ length: folds }, (_, i) => ({ [foldKey]: { index: i + 1, of: folds, seed: 1 } })) : [{}];
  return parents.flatMap(({ number, params, seed }) => {
    const kept = without(params, [...Object.keys(plan.set ?? {}), ...(folds > 0 ? [foldKey] : [])]);
    const seeds = seedsOf(plan, seed);
    return points.flatMap((point) =>
      draws.flatMap((drawn) =>
        seeds.flatMap((seeded) =>
          parts.map((part) => ({ parent: number, params: { ...kept, ...point, ...drawn, ...seeded, ...part } })),
        ),
      ),
    );
  });
}

/** How many trials a stage makes, without making them. */
export function countStage(plan: StagePlan, parents: number): number {
  const axes = Object.values(axesOf(plan));
  const points = axes.reduce(
    (product, axis) => product * (isRandom(axis) ? 1 : valuesOf(axis).length),
    casesOf(plan).length,
  );
  const draws = axes.some(isRandom) ? (plan.samples ?? 1) : 1;
  const { seeds = 1, folds = 1 } = plan;
  return parents * points * draws * (Array.isArray(seeds) ? seeds.length : seeds) * folds;
}

/** How many groups the selection of a stage makes: what differs in the selected axes, seed and fold alone is one group. */
export function countGroups(plan: StagePlan, parents: number): number {
  const over = plan.select?.over ?? [];
  const axes = Object.entries(axesOf(plan)).filter(([key]) => !over.includes(key) && key !== seedKey);
  const groups = new Set(casesOf(plan).map((values) => canonical(without(values, [...over, seedKey]))));
  const points = axes.reduce(
    (product, [, axis]) => product * (isRandom(axis) ? 1 : valuesOf(axis).length),
    groups.size,
  );
  return parents * points * (axes.some(([, axis]) => isRandom(axis)) ? (plan.samples ?? 1) : 1);
}

/** How many trials a sweep makes, stage by stage, before any has been trained. */
export function countTrialsOf(plans: readonly StagePlan[]): number[] {
  const counts = new Map<string, { trials: number; groups: number }>();
  return plans.map((plan) => {
    const before = plan.from ? counts.get(plan.from.stage) : undefined;
    const parents =
      !plan.from || plan.from.take === "best" ? 1 : plan.from.take === "each" ? before?.trials : before?.groups;
    const trials = countStage(plan, parents ?? 1);
    counts.set(plan.name, { trials, groups: countGroups(plan, parents ?? 1) });
    return trials;
  });
}

/**
 * The config of a trial, unchecked: the base with everything that the sweep and its stages set, and the trial's own values on top.
 * @param plans from the first stage to the trial's own, along `from`
 */
export function configOfTrial(
  base: Experiment,
  set: Params | undefined,
  plans: readonly StagePlan[],
  params: Params,
): unknown {
  const config = clone(base) as object;
  const values = [set ?? {}, ...plans.map((plan) => plan.set ?? {}), params];
  for (const [key, value] of values.flatMap((given) => Object.entries(given))) {
    const path = parsePath(key);
    if (path) setAt(config, path, clone(value));
  }
  const own = plans.at(-1);
  return own ? withoutPretraining(config, own) : config;
}

/**
 * Of a stage that starts with an earlier trial's network: without the pre-training that made it, unless the stage says something of it.
 * Changes the config.
 */
function withoutPretraining(config: unknown, plan: StagePlan): unknown {
  const said = [plan.set ?? {}, ...(plan.cases ?? []), plan.axes ?? {}].flatMap(Object.keys);
  if (plan.from && plan.from.start !== "anew" && !said.some((key) => parsePath(key)?.[0] === "pretraining"))
    delete (config as { pretraining?: unknown }).pretraining;
  return config;
}

/** The stages that lead to one, itself included. */
export function lineageOf(plans: readonly StagePlan[], name: string): StagePlan[] {
  const plan = plans.find((one) => one.name === name);
  if (!plan) return [];
  return plan.from ? [...lineageOf(plans, plan.from.stage), plan] : [plan];
}

export function without(params: Params, keys: readonly string[]): Params {
  return Object.fromEntries(Object.entries(params).filter(([key]) => !keys.includes(key)));
}

function drawsOf(plan: StagePlan, seed: number): Params[] {
  const random = Object.entries(axesOf(plan)).flatMap(([key, axis]) => (isRandom(axis) ? [{ key, axis }] : []));
  if (random.length === 0) return [{}];
  // a stream of its own for each axis: another axis does not change its values
  const streams = random.map(({ key, axis }) => ({
    key,
    axis,
    stream: Random.stream(seed, `sweep/${plan.name}/${key}`),
  }));
  return Array.from({ length: plan.samples ?? 1 }, () =>
    Object.fromEntries(streams.map(({ key, axis, stream }) => [key, draw(axis, stream)])),
  );
}

function seedsOf({ seeds }: StagePlan, first: number): Params[] {
  if (seeds === undefined) return [{}];
  const all = Array.isArray(seeds) ? seeds : Array.from({ length: seeds }, (_, i) => (first + i) >>> 0);
  return all.map((seed) => ({ [seedKey]: seed }));
}
