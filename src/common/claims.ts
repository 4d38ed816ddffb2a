/**
 * What section 3 of the paper says of rectifier networks and a single run can show: the names, the figures of each, and what counts
 * as holding. docs/claims.md explains them; engine/claims computes them. Imports types only, so that small bundles stay small.
 */
import type { SetName } from "./run.js";

export const claimsVersion = 1;

export const claimNames = [
  "zerosAtStart",
  "linearity",
  "patterns",
  "gradients",
  "overlap",
  "activeUnits",
  "separability",
  "meanActivation",
  "rescaling",
] as const;
export type ClaimName = (typeof claimNames)[number];

export type Verdict = "holds" | "fails" | "notApplicable";

/** Why a claim says nothing of a run. */
export type Inapplicable =
  /** Its units are no rectifiers. */
  | "units"
  /** It has one hidden layer. */
  | "oneLayer"
  /** It has no sign mask. */
  | "noMask"
  /** It began with another run's network. */
  | "warmStart";

/** From where on a claim counts as holding. */
export const claimBounds = {
  /** Mean share of zeros at the start: this far from one half at most. */
  zerosFromHalf: 0.1,
  /** Gradient norm of the first hidden layer ÷ that of the last, at least. */
  gradientRatio: 0.1,
  /** Overlap of an example with its changed copy, at least. */
  nearOverlap: 0.5,
  /** Overlap of two classes, at most: that of two halves of the units, each drawn at random. */
  betweenOverlap: 1 / 3,
  /** |mean with the mask| ÷ mean without, at most. */
  maskedShare: 0.25,
};

/** The examples that something was measured on. */
export interface Sample {
  set: SetName;
  n: number;
}

/** The largest difference between two ways to the same outputs, and that as a share of what rounding can explain. */
export interface Deviation {
  largest: number;
  ofRounding: number;
}

export interface Overlap {
  /** Mean Jaccard index of the active sets of an example and its changed copy, of two examples of a class, of two classes. */
  near: number;
  within: number;
  between: number;
}

export interface ActiveCounts {
  units: number;
  /** Active units per example. */
  mean: number;
  p10: number;
  p50: number;
  p90: number;
  /** Examples with `from` + k × `width` active units or up to `width` − 1 more. */
  histogram: { from: number; width: number; counts: number[] };
}

/** Lists called `layers` have one entry for each hidden layer, from the input on. */
export interface ClaimFigures {
  /** Shares of exact zeros with the initial parameters. */
  zerosAtStart: Sample & { layers: number[]; mean: number };
  /** |A·x + c − outputs|: of the forward pass in double precision, and of the engine's in single precision. */
  linearity: Sample & { double: Deviation; engine: Deviation; largestOutput: number };
  /** Distinct on/off patterns: of all hidden units, and of each layer's; and how many examples have the most frequent one. */
  patterns: Sample & { distinct: number; layers: number[]; mostFrequent: number };
  /** Means of ‖∂L/∂W‖₂ over mini-batches: as trained, at the start, and at the start with tanh in place of the rectifiers. */
  gradients: Sample & { batchSize: number; layers: { trained: number; start: number; tanh: number }[] };
  overlap: Sample & { pairs: number; noise: number; layers: Overlap[]; all: Overlap };
  activeUnits: Sample & { layers: ActiveCounts[] };
  /** Error of a linear classifier on the inputs and on each hidden layer; that of the network itself beside it. */
  separability: Sample & { trainedOn: number; inputs: number; layers: number[]; network: number };
  /** Mean output with the signs and without. */
  meanActivation: Sample & { layers: { masked: number; unmasked: number }[] };
  /** Outputs after rescaling, times Πα, against those before: any α in double precision, powers of two in the engine. */
  rescaling: Sample & { identity: Deviation; scaled: Deviation; factor: number; engine: Deviation };
}

export type Claim = {
  [Name in ClaimName]:
    | { claim: Name; verdict: "holds" | "fails"; figures: ClaimFigures[Name] }
    | { claim: Name; verdict: "notApplicable"; reason: Inapplicable };
}[ClaimName];

/** claims.json of a run folder. */
export interface ClaimsRecord {
  version: number;
  /** ISO 8601. */
  created: string;
  /** Who checked, such as `rectiscope 0.1.0`, and the first digits of the kernels' SHA-256. */
  source: string;
  kernels: string;
  /** Of what: the checkpoint in checkpoints/best.safetensors, the config as resolved, and the data. */
  checkpoint: { step: number; epoch: number; sha256: string };
  configSha256: string;
  dataset: { name: string; sha256: string };
  seed: number;
  seconds: number;
  claims: Claim[];
}

/** How far a check has come. */
export interface ClaimsProgress {
  /** Null while the data are read. */
  claim: ClaimName | null;
  /** Of all, from 0 to 1. */
  share: number;
}

/** What a view shows of a run's claims. */
export interface ClaimsView {
  /** As the run folder has them; null before they have been checked. */
  record: ClaimsRecord | null;
  /** Null while nothing is checked. */
  checking: ClaimsProgress | null;
  /** Why they could not be checked, or claims.json cannot be read; null where all is well. */
  error: string | null;
}

/** What ends a check in a thread of its own: the only message that it takes. */
export const cancelMessage = "cancel";
