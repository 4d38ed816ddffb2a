/**
 * What can be said of one hidden unit of a run, and why it is dead if it is: docs/units.md defines every part, engine/units computes it,
 * common/deathWords.ts says it. All of it is JSON. Imports types only, so that small bundles stay small.
 */
import type { SetName } from "./run.js";
import type { Activation } from "./units.js";

/** A place in the run: steps and epochs count from its beginning, pre-training included. */
export interface Moment {
  step: number;
  /** Fractional. */
  epoch: number;
}

export const deathCauses = ["neverAlive", "largeUpdate", "biasDriven", "decayed", "deadInputs", "unknown"] as const;
export type DeathCause = (typeof deathCauses)[number];

/** A figure of the unit before it died and since. */
export interface Change {
  from: number;
  to: number;
}

/** Why a unit died, in numbers. */
export interface DeathEvidence {
  /** It has fired in no training step, and on no example at any evaluation. */
  neverAlive: {
    /** Steps that it was trained for. */
    steps: number;
    evaluations: number;
    /** At the first evaluation. */
    bias: number;
    incomingNorm: number;
    /** Its network came from another run, in which it may have fired. */
    warmStart: boolean;
  };
  /** One update took it from firing to firing on nothing. */
  largeUpdate: {
    /** The step of that update. */
    at: Moment;
    /** ‖Δ‖₂ of its incoming weights and bias in that step: the largest of its life. */
    update: number;
    /** That ÷ ‖w‖₂ of its incoming weights at the evaluation before. */
    ofNorm: number;
    /** That ÷ the median largest update of the layer's living units (of all, where none lives). */
    ofTypical: number;
    /** Share of examples on which it fired at the evaluation before, and when that was. */
    firingFrequency: number;
    before: Moment;
    /** It never fired after this step or one close to it; false where a few training examples still made it fire. */
    atOnce: boolean;
  };
  /** Its bias fell until no input could reach it, while its weights did not shrink. */
  biasDriven: {
    from: Moment;
    to: Moment;
    bias: Change;
    incomingNorm: Change;
    /** The largest |h| at `from`: a fall of the bias by as much is enough to kill. */
    maximum: number;
    /** How far the L1 penalty alone would have moved the bias in that time, estimated; null without one. */
    pull: number | null;
  };
  /** The L1 penalty took away what its incoming weights add up to. */
  decayed: {
    from: Moment;
    to: Moment;
    /** The largest weighted sum of its inputs, without the bias; `to` is at most this. */
    drive: Change;
    incomingNorm: Change;
    bias: Change;
    /** λ; where it moved, the largest at an evaluation in that time. */
    l1: number;
    /** How far the penalty alone would have moved the bias in that time, estimated; null where the optimizer does not allow it. */
    pull: number | null;
  };
  /** What could make it fire comes from units that are dead themselves. */
  deadInputs: {
    /** The layer below, from 1. */
    layer: number;
    /** Share of the weights that could excite it which come from dead units, from 0 to 1. */
    share: number;
    /** Dead units below, of so many. */
    dead: number;
    units: number;
    bias: number;
  };
  /** The evidence does not decide. What there is: */
  unknown: {
    /** From the evaluation at which it fired most to the first at which it did not; null where it never did. */
    bias: Change | null;
    incomingNorm: Change | null;
    /** The largest |h| at the former; null likewise. */
    maximum: number | null;
    /** The largest update of its life; null where there was none. */
    update: { at: Moment; size: number } | null;
  };
}

/** Keys of the config that may mend a death. `layerBelow` is none: the layer below has to be mended. */
export const mendKeys = [
  "training.learningRate",
  "training.l1",
  "training.targetSparsity",
  "training.revive",
  "warmStart",
  "layerBelow",
] as const;
export type MendKey = (typeof mendKeys)[number];

/** What to change in the config; the most promising first. */
export interface Mend {
  key: MendKey;
  /** As the config has it; null where it has not, or there is none. */
  now: number | null;
  /** What to try; null where there is no single value. */
  suggested: number | null;
}

export type Death = {
  [Cause in DeathCause]: {
    cause: Cause;
    evidence: DeathEvidence[Cause];
    /** After which training step it never fired; null where it never fired in training. */
    lastFired: Moment | null;
    /** The first evaluation from which it was dead until now. */
    since: Moment;
    mend: Mend[];
  };
}[DeathCause];

/** The dead units of one hidden layer at the last evaluation. */
export interface LayerDeaths {
  /** From 1. */
  layer: number;
  units: number;
  /** Null for units without exact zeros, for which it is not defined; and then what follows is empty. */
  dead: number | null;
  /** The first evaluation from which at least half of them were dead until now; null where none is dead. */
  since: Moment | null;
  causes: Record<DeathCause, number>;
  /** The most frequent cause, `unknown` only where there is no other; null where none is dead. */
  dominant: DeathCause | null;
  /** Of the dominant cause. */
  mend: Mend[];
}

export interface RunDeaths {
  /** The last evaluation, and what was measured at it; null where there is none yet. */
  at: (Moment & Sample) | null;
  /** Hidden layers, from the input on; empty where there is no evaluation. */
  layers: LayerDeaths[];
}

export interface Sample {
  set: SetName;
  n: number;
}

/** Why a part of a report is missing. */
export type MissingReason =
  /** Another program made the run: it has no config, so that neither network nor data are known. */
  | "noConfig"
  /** It has not been measured yet, or its checkpoint is gone. */
  | "noCheckpoint"
  /** The checkpoint cannot be read. */
  | "damaged"
  /** The data are not on this machine, or cannot be read. */
  | "noData"
  /** The data are not those that it was trained on. */
  | "otherData"
  /** The network does not fit into memory, or could not be computed. */
  | "failed";

/** In place of a part of a report. */
export interface Missing {
  missing: MissingReason;
  /** In English, with file and mend. */
  message: string;
}

export function isMissing<T extends object>(part: T | Missing): part is Missing {
  return "missing" in part;
}

/** The parameters that something was computed with. */
export interface CheckpointUsed extends Moment {
  name: "best" | "last";
}

export interface UnitReport {
  run: { folder: string; id: string; name: string; state: string };
  unit: UnitIdentity;
  /** At the last evaluation; null where there is none. */
  now: UnitState | null;
  series: UnitSeries;
  /** Null for a living unit, and for units without exact zeros. */
  death: Death | null;
  weights: UnitWeightsReport | Missing;
  /** Null while it is being computed. */
  activity: UnitActivity | Missing | null;
}

export interface UnitIdentity {
  /** From 1. */
  layer: number;
  /** Hidden layers. */
  layers: number;
  /** From 0. */
  unit: number;
  /** Of the layer. */
  units: number;
  inputs: number;
  activation: Activation;
  /** Of the sign mask; null where it is not known. */
  sign: 1 | -1 | null;
}

/** Null where something is not defined for the unit, or not known. */
export interface UnitState extends Moment, Sample {
  dead: boolean | null;
  dying: boolean | null;
  dormant: boolean | null;
  rare: boolean | null;
  alwaysOn: boolean | null;
  /** Not defined for units without exact zeros. */
  firingFrequency: number | null;
  /** Mean of h (sign mask included) and largest |h|. */
  meanActivation: number;
  maximum: number;
  bias: number;
  incomingNorm: number;
  outgoingNorm: number;
  /** Null for never. */
  lastFired: Moment | null;
  /** Largest ‖Δ‖₂ of incoming weights and bias in one step, and when; null for none. */
  maxUpdate: { size: number; at: Moment } | null;
}

/** One value for each evaluation, in their order. */
export interface UnitSeries {
  steps: number[];
  epochs: number[];
  /** Null for units without exact zeros. */
  firingFrequency: number[] | null;
  meanActivation: number[];
  maximum: number[];
  bias: number[];
  incomingNorm: number[];
  outgoingNorm: number[];
  /** Where the training begins in a run with pre-training: evaluations before it are of pre-training. Null for other runs. */
  trainingFrom: Moment | null;
  /** How many evaluations the run has; more than there are values where only some were read, evenly spaced. */
  evaluations: number;
}

/** What the checkpoint says of the unit. */
export interface UnitWeightsReport {
  checkpoint: CheckpointUsed;
  /** Incoming weights as a picture; null where the inputs are no images, or are not known. */
  picture: WeightPicture | null;
  /** Of texts: the terms with the largest weights, of either sign; of deeper layers the combined ones. */
  terms: { positive: WeightOf[]; negative: WeightOf[]; combined: boolean } | null;
  below: Connections;
  above: Connections;
}

/** Weights from each pixel; of a deeper layer all ways through the layers below added up, as if every unit on them were active. */
export interface WeightPicture {
  rows: number;
  columns: number;
  /** These lie one below the other: `rows` counts all of them. 1 for most pictures. */
  planes: number;
  /** Base64 of Int8Array [rows × columns]: weight ÷ the largest |weight|, times 127. */
  values: string;
  largest: number;
  /** False of layer 1, whose weights they are. */
  combined: boolean;
}

export interface WeightOf {
  term: string;
  weight: number;
}

/** The strongest of all weights on one side of a unit. */
export interface Connections {
  /** What is at the other end: inputs of the network, units of a hidden layer, classes. */
  kind: "inputs" | "units" | "classes";
  /** The layer at the other end, from 1; 0 for inputs. */
  layer: number;
  /** How many there are. */
  count: number;
  /** Largest first; each at most `mostConnections`. */
  positive: Connection[];
  negative: Connection[];
}

export interface Connection {
  /** Of an input, unit or class, from 0. */
  index: number;
  /** Of an input that is a term, or a class that has one. */
  name: string | null;
  weight: number;
  /** Whether that unit is dead; null where it is no unit, or not known. */
  dead: boolean | null;
}

export const mostConnections = 8;
export const mostExamples = 12;
export const mostSimilar = 8;

/**
 * What the unit gives on the validation set. Its output here is u, before the sign mask: never negative for a rectifier.
 */
export interface UnitActivity extends Sample {
  checkpoint: CheckpointUsed;
  /** Examples on which u is not zero; null for units without exact zeros. */
  fires: number | null;
  mean: number;
  /** Largest u. */
  maximum: number;
  histogram: ActivationHistogram;
  /** Largest u first; examples on which it does not fire are left out. */
  top: TopExample[];
  /** One for each class. */
  classes: ClassActivity[];
  similar: SimilarUnits;
  /** Of the pictures in `top`; null where there are none. */
  imageShape: { rows: number; columns: number; planes: number } | null;
}

export interface ActivationHistogram {
  /** Examples with u exactly 0: in no bin. */
  zeros: number;
  /** Bin k counts from + k × width ≤ u < from + (k + 1) × width. */
  from: number;
  width: number;
  counts: number[];
}

export interface TopExample {
  /** Its place in the set. */
  example: number;
  label: number;
  activation: number;
  /** Base64 of Uint8Array [rows × columns]: 0 is the least value of the set, 255 the greatest. Null where it is no image. */
  picture: string | null;
  /** Of a text: its terms, those with the largest (combined) weight first; null of other data. */
  terms: string[] | null;
}

export interface ClassActivity {
  label: number;
  name: string;
  /** Examples of the class in the set. */
  n: number;
  /** Of these, on how many it fires; null for units without exact zeros. */
  fires: number | null;
  /** Mean u over them. */
  mean: number;
}

/** Units of the same layer that fire on the same examples. */
export interface SimilarUnits {
  /** Jaccard index of the sets of examples; for units without exact zeros the correlation of the outputs. */
  measure: "jaccard" | "correlation";
  /** Examples that it is of: fewer than the set's where memory would not hold more. */
  n: number;
  /** Most similar first; those with a similarity above 0 only. */
  units: { unit: number; similarity: number }[];
}

/** How far a report has come. */
export interface UnitProgress {
  /** Reading the run folder, reading the data, running them through the network. */
  stage: "folder" | "data" | "network";
  /** Of the stage, from 0 to 1. */
  share: number;
}
