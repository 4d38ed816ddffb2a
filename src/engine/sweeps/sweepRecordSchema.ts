/** Checks of what a sweep.json may hold: strict about what Rectiscope reads, silent about the rest. The types are those of common. */
import { z } from "zod";
import { experimentSchema } from "../../common/experiment.js";
import { sweepLimits, sweepSchema } from "../../common/sweep.js";
import type { Selection, SweepRecord, TrialRecord, TrialResult } from "../../common/sweepRecord.js";
import { runErrorSchema } from "../runs/recordSchema.js";

const count = z.number().min(0);
const params = z.record(z.string(), z.unknown());
const setResult = z.object({ n: count, error: z.number(), loss: z.number(), rmse: count.optional() });

export const trialResultSchema: z.ZodType<TrialResult> = z.object({
  test: setResult,
  valid: setResult,
  sparsity: z.object({ mean: z.number() }).nullable(),
  dead: z.object({ total: count }).nullable(),
  reconstruction: z.object({ mean: z.number() }).optional(),
  epochs: count,
  bestEpoch: count,
  samplesPerSecond: count,
  seconds: count,
});

const trial: z.ZodType<TrialRecord> = z.object({
  number: z.int().min(1),
  stage: z.string(),
  key: z.string(),
  params,
  parent: z.int().min(1).nullable(),
  // in this sweep's folder, or in that of one beside it
  run: z.string().regex(/^(\.\.\/(?!\.)[^/\\]+\/)?runs\/(?!\.)[^/\\]+$/),
  reused: z.boolean(),
  state: z.enum(["pending", "running", "paused", "stopped", "finished", "failed"]),
  result: trialResultSchema.nullable(),
  error: runErrorSchema.nullable(),
});

const selection: z.ZodType<Selection> = z.object({
  stage: z.string(),
  by: z.string(),
  group: params,
  chosen: params,
  mean: z.number(),
  sd: z.number().nullable(),
  n: count,
  trials: z.array(z.int().min(1)),
});

export const sweepRecordSchema: z.ZodType<SweepRecord> = z.object({
  version: z.int().min(1),
  id: z.string(),
  name: z.string(),
  source: z.string(),
  state: z.enum(["running", "paused", "stopped", "finished", "failed", "interrupted"]),
  created: z.string(),
  heartbeat: z.string(),
  ended: z.string().nullable(),
  configFile: z.string(),
  sweep: sweepSchema,
  base: experimentSchema,
  seconds: count,
  trials: z
    .array(trial)
    .max(sweepLimits.trials)
    .refine((trials) => trials.every(({ number }, index) => number === index + 1), "Trials are numbered from 1."),
  toCome: count,
  selections: z.array(selection),
  error: runErrorSchema.nullable(),
});
