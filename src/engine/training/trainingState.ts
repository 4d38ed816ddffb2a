/** Where training stands, as plain data: with the parameters and the units' histories it is all that going on needs, to the bit. */
import { z } from "zod";
import type { UnitHistory } from "../kernels/kernels.js";
import type { Parameters } from "../network/network.js";
import { noSteps, type StepSums } from "./stepSums.js";

export interface TrainingState {
  /** Steps done. The order of examples follows from it: each epoch's has a random stream of its own. */
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
}

export interface Checkpoint {
  parameters: Parameters;
  history: UnitHistory[];
  state: TrainingState;
}

/** @param layers hidden ones */
export function initialState(layers: number): TrainingState {
  return {
    step: 0,
    examples: 0,
    measuredStep: -1,
    best: null,
    evaluationsSinceBest: 0,
    sinceLine: noSteps(layers),
    sinceEvaluation: noSteps(layers),
  };
}

const sums = z.object({
  steps: z.int().min(0),
  n: z.int().min(0),
  lossSum: z.number(),
  errors: z.int().min(0),
  activeCounts: z.array(z.int().min(0)),
  gradientNorms: z.array(z.number().min(0)),
});

/** For states that come from a file. */
export const trainingStateSchema: z.ZodType<TrainingState> = z.object({
  step: z.int().min(0),
  examples: z.int().min(0),
  measuredStep: z.int().min(-1),
  best: z.object({ step: z.int().min(0), error: z.number().min(0).max(1) }).nullable(),
  evaluationsSinceBest: z.int().min(0),
  sinceLine: sums,
  sinceEvaluation: sums,
});
