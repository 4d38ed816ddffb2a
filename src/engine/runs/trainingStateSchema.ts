/** Checks a training state that comes from a checkpoint's file. */
import { z } from "zod";
import { reviveCriteria } from "../../common/revive.js";
import type { PretrainingState } from "../training/pretrainingState.js";
import type { TrainingState } from "../training/trainingState.js";

const sums = z.object({
  steps: z.int().min(0),
  n: z.int().min(0),
  lossSum: z.number(),
  errors: z.int().min(0),
  // runs of versions before 0.2 did not keep it
  l1Sum: z.number().default(0),
  activeCounts: z.array(z.int().min(0)),
  gradientNorms: z.array(z.number().min(0)),
  updateNorms: z.array(z.number().min(0)),
});

export const trainingStateSchema: z.ZodType<TrainingState> = z.object({
  step: z.int().min(0),
  examples: z.int().min(0),
  measuredStep: z.int().min(-1),
  best: z.object({ step: z.int().min(0), error: z.number().min(0).max(1) }).nullable(),
  evaluationsSinceBest: z.int().min(0),
  sinceLine: sums,
  sinceEvaluation: sums,
  // nor any of these
  control: z
    .object({ sparsity: z.number().min(0).max(1).nullable(), integral: z.number() })
    .nullable()
    .default(null),
  l1PausedUntil: z.int().min(0).default(0),
  revivedStep: z.int().min(-1).default(-1),
  revived: z
    .object({
      step: z.int().min(0),
      criterion: z.enum(reviveCriteria),
      units: z.array(z.array(z.int().min(0))),
    })
    .nullable()
    .default(null),
});

export const pretrainingStateSchema: z.ZodType<PretrainingState> = z.object({
  phase: z.literal("pretraining"),
  layer: z.int().min(1),
  step: z.int().min(0),
  examples: z.int().min(0),
  measuredStep: z.int().min(-1),
  scale: z.number().positive(),
  sinceLine: sums,
  sinceEvaluation: sums,
  losses: z.array(z.number()),
  scales: z.array(z.number().positive()),
});
