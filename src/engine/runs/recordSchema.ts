/**
 * Checks of what other programs may have written into a run folder: strict about the fields that Rectiscope reads, and silent
 * about any others. The types are those of common/run.
 */
import { z } from "zod";
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import type { LayerFigures } from "../../common/metrics.js";
import { reviveCriteria } from "../../common/revive.js";
import type {
  EvalLine,
  PretrainingLine,
  Progress,
  ReconstructionResult,
  ReviveLine,
  RunError,
  RunRecord,
  RunSummary,
  TrainLine,
} from "../../common/run.js";
import { activations, signMasks } from "../../common/units.js";

const count = z.number().min(0);
const runState = z.enum(["running", "paused", "finished", "stopped", "failed", "interrupted"]);
const setName = z.enum(["train", "valid", "test"]);
const layers = <T extends z.ZodType>(layer: T) => z.array(layer).max(1000);
const perLayer = { set: setName, n: count };

const setResult = z.object({ set: setName, n: count, error: z.number(), loss: z.number(), rmse: count.optional() });

export const reconstructionResultSchema: z.ZodType<ReconstructionResult> = z.object({
  ...perLayer,
  layers: layers(z.number()),
  mean: z.number(),
});

const summary: z.ZodType<RunSummary> = z.object({
  epochs: count,
  bestEpoch: count,
  bestStep: count,
  test: setResult,
  valid: setResult,
  sparsity: z.object({ ...perLayer, mean: z.number(), layers: layers(z.number()) }).nullable(),
  dead: z.object({ ...perLayer, total: count, layers: layers(count) }).nullable(),
  reconstruction: reconstructionResultSchema.optional(),
  samplesPerSecond: count,
  seconds: count,
});

export const runErrorSchema: z.ZodType<RunError> = z.object({
  code: z.string(),
  message: z.string(),
  file: z.string().optional(),
  key: z.string().optional(),
  value: z.unknown().optional(),
  step: z.number().optional(),
  layer: z.number().optional(),
});

const progress: z.ZodType<Progress> = z.object({
  step: count,
  totalSteps: count,
  epoch: count,
  epochs: count,
  samplesPerSecond: count,
  remainingSeconds: count.nullable(),
  trainingSeconds: count.default(0),
  trainingExamples: count.default(0),
  seconds: count.default(0),
});

export const runRecordSchema: z.ZodType<RunRecord> = z.object({
  version: z.int().min(1),
  id: z.string(),
  name: z.string(),
  source: z.string(),
  state: runState,
  created: z.string(),
  heartbeat: z.string(),
  ended: z.string().nullable(),
  configFile: z.string().nullable(),
  config: z.unknown().transform(readConfig),
  layers: layers(
    z.object({
      layer: count,
      inputs: count,
      units: count,
      activation: z.enum([...activations, "softmax"]),
      signs: z.enum(signMasks),
    }),
  ),
  dataset: z
    .object({ name: z.string(), origin: z.string(), sha256: z.string(), train: count, valid: count, test: count })
    .nullable(),
  seed: z.number().nullable(),
  versions: z.object({
    rectiscope: z.string(),
    kernels: z.string(),
    node: z.string(),
    backend: z.string().optional(),
  }),
  host: z.object({ platform: z.string(), arch: z.string(), cpus: count, threads: count }),
  progress,
  phases: z
    .array(z.object({ name: z.string(), step: count, epoch: count }))
    .max(1000)
    .optional(),
  summary: summary.nullable(),
  error: runErrorSchema.nullable(),
});

/** What a list says of a run; a list of a thousand has no time for the rest. */
export type RunHeadline = Pick<RunRecord, "version" | "name" | "state" | "created" | "heartbeat" | "summary">;

export const runHeadlineSchema: z.ZodType<RunHeadline> = z.object({
  version: z.int().min(1),
  name: z.string(),
  state: runState,
  created: z.string(),
  heartbeat: z.string(),
  summary: summary.nullable(),
});

export const trainLineSchema: z.ZodType<TrainLine> = z.object({
  kind: z.literal("train"),
  step: count,
  epoch: count,
  set: z.literal("train"),
  n: count,
  loss: z.number(),
  error: z.number(),
  l1: z.number().optional(),
  layers: layers(z.object({ sparsity: z.number().nullable(), gradientNorm: z.number() })),
});

const layerFigures: z.ZodType<LayerFigures> = z.object({
  sparsity: z.number().nullable(),
  nearZero: z.number().nullable(),
  dead: z.number().nullable(),
  dying: z.number().nullable(),
  dormant: z.number(),
  rare: z.number().nullable(),
  alwaysOn: z.number().nullable(),
  activeUnits: z.object({ mean: z.number(), p10: z.number(), p50: z.number(), p90: z.number() }).nullable(),
  meanActivation: z.number(),
  weightNorm: z.number(),
  gradientNorm: z.number().nullable(),
  updateRatio: z.number().nullable(),
});

export const evalLineSchema: z.ZodType<EvalLine> = z.object({
  kind: z.literal("eval"),
  step: count,
  epoch: count,
  set: setName,
  n: count,
  loss: z.number(),
  error: z.number(),
  rmse: count.optional(),
  l1: z.number().optional(),
  revival: z.object({ step: count, layers: layers(z.object({ revived: count, again: count })) }).optional(),
  layers: layers(layerFigures),
});

export const reviveLineSchema: z.ZodType<ReviveLine> = z.object({
  kind: z.literal("revive"),
  step: count,
  epoch: count,
  set: setName,
  n: count,
  criterion: z.enum(reviveCriteria),
  requested: z.boolean(),
  layers: layers(z.object({ revived: count, dead: count.nullable() })),
});

const pretrainingPlace = { layer: z.int().min(1).max(1000), step: count, epoch: count, n: count, loss: z.number() };

export const pretrainingLineSchema: z.ZodType<PretrainingLine> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("pretrain"),
    ...pretrainingPlace,
    set: z.literal("train"),
    sparsity: z.number().nullable(),
    gradientNorm: z.number(),
  }),
  z.object({
    kind: z.literal("reconstruction"),
    ...pretrainingPlace,
    set: setName,
    cleanLoss: z.number(),
    figures: layerFigures,
  }),
]);

/** The config of a run; null when it is not one of ours. Keys that this version does not know are left out. */
function readConfig(config: unknown): Experiment | null {
  const parsed = experimentSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  const unknownKeys = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? [{ path: issue.path, keys: issue.keys }] : [],
  );
  if (unknownKeys.length === 0) return null;
  const known = structuredClone(config) as Record<PropertyKey, unknown>;
  for (const { path, keys } of unknownKeys) {
    let place = known;
    for (const segment of path) place = place[segment] as Record<PropertyKey, unknown>;
    for (const key of keys) delete place[key];
  }
  const again = experimentSchema.safeParse(known);
  return again.success ? again.data : null;
}
