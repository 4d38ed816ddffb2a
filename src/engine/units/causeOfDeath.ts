/**
 * What a unit died of, from what was recorded of it. Pure: docs/units.md says the rules in words, with the reasons and what they found
 * on real runs.
 */
import type { OptimizerName } from "../../common/optimizers.js";
import type { Change, Death, DeathCause, DeathEvidence, Moment } from "../../common/unitReport.js";

/** From where on evidence counts. */
export const deathBounds = {
  /** A unit that fires on at least this share of the examples is well alive; one that fires on less is as good as dead. */
  firing: 0.01,
  /** A large update, as a share of ‖w‖: where the unit stopped firing with it, and where a few examples still made it fire later. */
  sharpUpdate: 0.05,
  bluntUpdate: 0.15,
  /** Steps between the largest update and the last that the unit fired in, for the two to be one event. */
  stepsApart: 10,
  /** Share of the largest activation that has to be accounted for. */
  accounted: 0.5,
  /** ‖w‖ after ÷ before, from where on the weights have not shrunk. */
  notShrunk: 0.9,
  /** Share of the exciting weights that come from dead units. */
  deadInputs: 0.9,
};

/** A unit of a layer as it was recorded; lists have one value for each evaluation. */
export interface UnitLife {
  moments: readonly Moment[];
  firingFrequency: readonly number[];
  bias: readonly number[];
  incomingNorm: readonly number[];
  /** Largest |h|. */
  maximum: readonly number[];
  /** −1 for never. */
  lastFiredStep: number;
  maxUpdate: number;
  maxUpdateStep: number;
}

/** How it was trained at a step, as far as it is known. */
export interface Recipe {
  optimizer: OptimizerName;
  learningRate: number;
  /** Of the optimizer `momentum`; else 0. */
  momentum: number;
  /** λ */
  l1: number;
}

export interface Circumstances {
  /** On the way to an evaluation at that step; null for runs of other programs. */
  recipeAt(step: number): Recipe | null;
  warmStart: boolean;
  /** Median largest update of the layer's living units. */
  typicalUpdate: number;
  /** What the unit listens to; null of the first layer, and where its weights are not known. */
  inputs: ExcitingInputs | null;
}

/** The layer below a unit, by the weights through which it could make the unit fire. */
export interface ExcitingInputs {
  /** From 1. */
  layer: number;
  units: number;
  dead: number;
  /** Share of the weights from units that had died before the unit did, and from those that had by then. */
  diedBefore: number;
  diedBy: number;
}

/** What `Death` has beside its mend. */
export type Cause = { [Name in DeathCause]: { cause: Name; evidence: DeathEvidence[Name] } }[DeathCause];
export type Diagnosis = Cause & Pick<Death, "lastFired" | "since">;

/** @returns null for a unit that is not dead at the last evaluation */
export function causeOfDeath(life: UnitLife, circumstances: Circumstances): Diagnosis | null {
  const { firingFrequency, moments, lastFiredStep } = life;
  const last = firingFrequency.length - 1;
  if (!(firingFrequency[last] === 0)) return null;
  const died = firingFrequency.findLastIndex((share) => share !== 0) + 1;
  return {
    ...(deadInputs(life, circumstances.inputs, "diedBefore") ??
      neverAlive(life, circumstances) ??
      largeUpdate(life, circumstances) ??
      worn(life, died, circumstances) ??
      deadInputs(life, circumstances.inputs, "diedBy") ?? { cause: "unknown", evidence: whatThereIs(life, died) }),
    lastFired: lastFiredStep < 0 ? null : momentAt(lastFiredStep, moments),
    since: placeOf(moments[died] as Moment),
  };
}

/** Below 0 it fires on nothing once its exciting inputs are silent. */
function deadInputs(life: UnitLife, inputs: ExcitingInputs | null, by: "diedBefore" | "diedBy"): Cause | null {
  const bias = life.bias.at(-1) as number;
  if (!inputs || !(inputs[by] >= deathBounds.deadInputs) || bias > 0) return null;
  const { layer, units, dead } = inputs;
  return { cause: "deadInputs", evidence: { layer, share: inputs[by], dead, units, bias } };
}

function neverAlive(life: UnitLife, { warmStart }: Circumstances): Cause | null {
  const { firingFrequency, moments, bias, incomingNorm, lastFiredStep } = life;
  if (lastFiredStep >= 0 || firingFrequency.some((share) => share !== 0)) return null;
  return {
    cause: "neverAlive",
    evidence: {
      steps: (moments.at(-1) as Moment).step - (moments[0] as Moment).step,
      evaluations: moments.length,
      bias: bias[0] as number,
      incomingNorm: incomingNorm[0] as number,
      warmStart,
    },
  };
}

/**
 * Its largest update lies between an evaluation at which it fired well and all those at which it did not any more. That alone would be
 * chance often enough; that it stopped firing there and then, or that the update was very large, is not.
 */
function largeUpdate(life: UnitLife, { typicalUpdate }: Circumstances): Cause | null {
  const { moments, firingFrequency, incomingNorm, maxUpdate, maxUpdateStep, lastFiredStep } = life;
  if (maxUpdateStep < 0 || lastFiredStep < 0) return null;
  const after = moments.findIndex(({ step }) => step >= maxUpdateStep);
  if (after < 1 || firingFrequency[after - 1]! < deathBounds.firing) return null;
  if (firingFrequency.slice(after).some((share) => share >= deathBounds.firing)) return null;
  const norm = incomingNorm[after - 1]!;
  if (!(norm > 0)) return null;
  const ofNorm = maxUpdate / norm;
  const atOnce = Math.abs(lastFiredStep - maxUpdateStep) <= deathBounds.stepsApart;
  if (!(ofNorm >= (atOnce ? deathBounds.sharpUpdate : deathBounds.bluntUpdate))) return null;
  return {
    cause: "largeUpdate",
    evidence: {
      at: momentAt(maxUpdateStep, moments),
      update: maxUpdate,
      ofNorm,
      ofTypical: typicalUpdate > 0 ? maxUpdate / typicalUpdate : 1,
      firingFrequency: firingFrequency[after - 1]!,
      before: placeOf(moments[after - 1] as Moment),
      atOnce,
    },
  };
}

/**
 * What took its largest activation away, from the evaluation at which it fired most: the fall of its bias while the weights kept their
 * norm, or what the penalty did to weights and bias together. It is the penalty's doing where the penalty alone would have moved the bias
 * at least half as far as it moved, as in a step of gradient descent bias and weights move by the same δ; or where the norm fell by enough.
 */
function worn(life: UnitLife, died: number, circumstances: Circumstances): Cause | null {
  if (died === 0) return null;
  const { moments, bias, incomingNorm, maximum } = life;
  const best = mostAlive(life, died);
  const change = (values: readonly number[]): Change => ({ from: values[best]!, to: values[died]! });
  const [biases, norms, largest] = [change(bias), change(incomingNorm), maximum[best]!];
  if (!(largest > 0)) return null;
  const fall = biases.from - biases.to;
  const recipes = moments.slice(best + 1, died + 1).map(({ step }) => circumstances.recipeAt(step));
  const l1 = recipes.reduce((most, recipe) => Math.max(most, recipe?.l1 ?? 0), 0);
  const pull = l1 > 0 ? penaltyPull(life, best, recipes) : null;
  const between = { from: placeOf(moments[best] as Moment), to: placeOf(moments[died] as Moment) };
  const enough = deathBounds.accounted * largest;
  const kept = norms.to >= deathBounds.notShrunk * norms.from;
  if (fall >= enough && kept)
    return {
      cause: "biasDriven",
      evidence: { ...between, bias: biases, incomingNorm: norms, maximum: largest, pull },
    };
  if (l1 === 0) return null;
  const drive = { from: largest - biases.from, to: -biases.to };
  const pulled =
    pull !== null && fall > 0 && pull >= deathBounds.accounted * fall && (!kept || largest - fall >= enough);
  if (!pulled && !((1 - norms.to / norms.from) * drive.from >= enough)) return null;
  return {
    cause: "decayed",
    evidence: { ...between, drive, incomingNorm: norms, bias: biases, l1, pull },
  };
}

/**
 * @param recipes from each evaluation to the next, the first one's after `from`
 * @returns ηλ ∫ firing frequency d step: each step the penalty moves the bias by ηλ times the share of examples on which the unit fires. Between
 * evaluations that share is taken to fall or rise exponentially. Null for Adam, whose steps do not add up like that.
 */
function penaltyPull(
  { moments, firingFrequency }: UnitLife,
  from: number,
  recipes: readonly (Recipe | null)[],
): number | null {
  /** Stands for a share of 0, towards which nothing falls exponentially. */
  const least = 1e-4;
  let pull = 0;
  for (const [interval, recipe] of recipes.entries()) {
    if (!recipe || recipe.optimizer === "adam") return null;
    const { learningRate, momentum, l1 } = recipe;
    const k = from + interval;
    const [a, b] = [firingFrequency[k]!, firingFrequency[k + 1]!].map((share) => Math.max(share, least)) as [
      number,
      number,
    ];
    const mean = a === b ? a : (a - b) / Math.log(a / b);
    const steps = (moments[k + 1] as Moment).step - (moments[k] as Moment).step;
    pull += (learningRate / (1 - momentum)) * l1 * mean * steps;
  }
  return pull;
}

function whatThereIs(life: UnitLife, died: number): DeathEvidence["unknown"] {
  const { bias, incomingNorm, maximum, maxUpdate, maxUpdateStep, moments } = life;
  const update = maxUpdateStep < 0 ? null : { at: momentAt(maxUpdateStep, moments), size: maxUpdate };
  if (died === 0) return { bias: null, incomingNorm: null, maximum: null, update };
  const best = mostAlive(life, died);
  const change = (values: readonly number[]): Change => ({ from: values[best]!, to: values[died]! });
  return { bias: change(bias), incomingNorm: change(incomingNorm), maximum: maximum[best]!, update };
}

/** The last evaluation before its death at which it fired on most examples, since it last was dead. */
function mostAlive({ firingFrequency }: UnitLife, died: number): number {
  let best = died - 1;
  for (let k = died - 1; k >= 0 && firingFrequency[k] !== 0; k--)
    if (firingFrequency[k]! > firingFrequency[best]!) best = k;
  return best;
}

function placeOf({ step, epoch }: Moment): Moment {
  return { step, epoch };
}

/** The epoch of a step lies between those of the evaluations around it. */
export function momentAt(step: number, moments: readonly Moment[]): Moment {
  const after = moments.findIndex((moment) => moment.step >= step);
  const next = moments[after < 0 ? moments.length - 1 : after] as Moment;
  if (next.step === step) return placeOf(next);
  const [low, high] =
    after > 0
      ? [moments[after - 1] as Moment, next]
      : [moments[Math.max(0, moments.length - 2)] as Moment, moments.at(-1) as Moment];
  if (after === 0 || high.step === low.step) return { step, epoch: next.epoch };
  return { step, epoch: low.epoch + ((step - low.step) * (high.epoch - low.epoch)) / (high.step - low.step) };
}
