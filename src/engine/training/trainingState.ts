/** Where training stands, as plain data: with the parameters, what the optimizer keeps and the units' histories it is all that going on needs, to the bit. */
import type { Experiment } from "../../common/experiment.js";
import type { ReviveCriterion } from "../../common/revive.js";
import type { UnitHistory } from "../kernels/kernels.js";
import type { KeptArray } from "../kernels/optimizerState.js";
import type { NetworkArrays } from "../network/networkArrays.js";
import { initialControl, type SparsityControl } from "./sparsityController.js";
import { noSteps, type StepSums } from "./stepSums.js";

export interface TrainingState {
  /** Steps done, those of pre-training not counted. The order of examples follows from it: each epoch's has a random stream of its own. */
  step: number;
  /** Training examples seen. */
  examples: number;
  /** Step of the last evaluation; −1 before the first. */
  measuredStep: number;
  /** The evaluation with the lowest validation error so far. */
  best: { step: number; error: number } | null;
  evaluationsSinceBest: number;
  sinceLine: StepSums;
  sinceEvaluation: StepSums;
  /** What moves λ towards `training.targetSparsity`; null where λ stays as the config says. */
  control: SparsityControl | null;
  /** λ is 0 up to this step. */
  l1PausedUntil: number;
  /** Step at which units were last revived; −1 for never. */
  revivedStep: number;
  /** Those that were, until the next evaluation has told what has become of them. */
  revived: Revived | null;
}

export interface Revived {
  step: number;
  criterion: ReviveCriterion;
  /** Of each hidden layer, from 0. */
  units: number[][];
}

export interface Checkpoint {
  arrays: NetworkArrays;
  /** Those that the optimizer keeps beside the parameters. */
  kept: readonly KeptArray[];
  history: UnitHistory[];
  state: TrainingState;
}

/** @param layers hidden ones */
export function initialState(layers: number, { targetSparsity, l1 }: Experiment["training"]): TrainingState {
  return {
    step: 0,
    examples: 0,
    measuredStep: -1,
    best: null,
    evaluationsSinceBest: 0,
    sinceLine: noSteps(layers),
    sinceEvaluation: noSteps(layers),
    control: targetSparsity === undefined ? null : initialControl(l1),
    l1PausedUntil: 0,
    revivedStep: -1,
    revived: null,
  };
}
