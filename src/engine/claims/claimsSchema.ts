/** Checks of what a claims.json holds: anybody may have written it. */
import { z } from "zod";
import type { Claim, ClaimName, ClaimsRecord } from "../../common/claims.js";

const count = z.number().min(0);
const perLayer = <T extends z.ZodType>(layer: T) => z.array(layer).min(1).max(1000);
const sample = { set: z.enum(["train", "valid", "test"]), n: count };
const deviation = z.object({ largest: count, ofRounding: count });
const overlap = z.object({ near: count, within: count, between: count });

const figures = {
  zerosAtStart: { layers: perLayer(count), mean: count },
  linearity: { double: deviation, engine: deviation, largestOutput: count },
  patterns: { distinct: count, layers: perLayer(count), mostFrequent: count },
  gradients: { batchSize: count, layers: perLayer(z.object({ trained: count, start: count, tanh: count })) },
  overlap: { pairs: count, noise: count, layers: perLayer(overlap), all: overlap },
  activeUnits: {
    layers: perLayer(
      z.object({
        units: count,
        mean: count,
        p10: count,
        p50: count,
        p90: count,
        histogram: z.object({ from: count, width: z.int().min(1), counts: z.array(count).max(1000) }),
      }),
    ),
  },
  separability: { trainedOn: count, inputs: count, layers: perLayer(count), network: count },
  meanActivation: { layers: perLayer(z.object({ masked: z.number(), unmasked: z.number() })) },
  rescaling: { identity: deviation, scaled: deviation, factor: count, engine: deviation },
} satisfies Record<ClaimName, z.ZodRawShape>;

const claim = z.union(
  Object.entries(figures).flatMap(([name, shape]) => [
    z.object({
      claim: z.literal(name),
      verdict: z.enum(["holds", "fails"]),
      figures: z.object({ ...sample, ...(shape as z.ZodRawShape) }),
    }),
    z.object({
      claim: z.literal(name),
      verdict: z.literal("notApplicable"),
      reason: z.enum(["units", "oneLayer", "noMask", "warmStart"]),
    }),
  ]),
) as unknown as z.ZodType<Claim>;

export const claimsRecordSchema: z.ZodType<ClaimsRecord> = z.object({
  version: z.int().min(1),
  created: z.string(),
  source: z.string(),
  kernels: z.string(),
  checkpoint: z.object({ step: count, epoch: count, sha256: z.string() }),
  configSha256: z.string(),
  dataset: z.object({ name: z.string(), sha256: z.string() }),
  seed: z.number(),
  seconds: count,
  claims: z.array(claim).max(100),
});
