/** Invented claims of a run. Nothing here was measured: the figures only have plausible sizes. */
import {
  type Claim,
  type ClaimsProgress,
  type ClaimsRecord,
  type ClaimsView,
  claimNames,
} from "../../src/common/claims.js";
import type { RunRecord } from "../../src/common/run.js";

export function claimsRecord({ layers: all, seed, summary }: RunRecord, holds = true): ClaimsRecord {
  const hidden = all.slice(0, -1);
  const sample = { set: "valid" as const, n: 10_000 };
  const rectifiers = hidden[0]?.activation === "rectifier";
  const by = <T>(make: (l: number, units: number) => T) => hidden.map(({ units }, l) => make(l, units));
  const verdict = "holds" as const;
  const overlap = (l: number) => ({ near: 0.93 - 0.02 * l, within: 0.34 + 0.1 * l, between: 0.11 - 0.02 * l });
  const bell = Array.from({ length: 38 }, (_, bin) => Math.round(900 * Math.exp(-(((bin - 14) / 7) ** 2))));
  const claims: Claim[] = [
    { claim: "zerosAtStart", verdict, figures: { ...sample, n: 2000, layers: by((l) => 0.5 + 0.01 * l), mean: 0.51 } },
    {
      claim: "linearity",
      verdict,
      figures: {
        ...sample,
        n: 100,
        double: { largest: 1.1e-14, ofRounding: 0.0004 },
        engine: { largest: 2e-6, ofRounding: 0.003 },
        largestOutput: 12.2,
      },
    },
    { claim: "patterns", verdict, figures: { ...sample, distinct: 9998, layers: by(() => 9990), mostFrequent: 2 } },
    {
      claim: "gradients",
      verdict: holds ? "holds" : "fails",
      figures: {
        ...{ set: "train", n: 500, batchSize: 10 },
        layers: by((l) => ({ trained: 0.031 * (l + 0.3), start: 0.62 / (l + 1), tanh: 0.55 / (l + 1) })),
      },
    },
    {
      claim: "overlap",
      verdict,
      figures: { ...sample, pairs: 2000, noise: 0.1, layers: by(overlap), all: overlap(0.5) },
    },
    {
      claim: "activeUnits",
      verdict,
      figures: {
        ...sample,
        layers: by((l, units) => ({
          ...{ units, mean: 52.3 + 40 * l, p10: 31 + 30 * l, p50: 50 + 40 * l, p90: 81 + 50 * l },
          histogram: { from: 4, width: 4, counts: bell },
        })),
      },
    },
    {
      claim: "separability",
      verdict,
      figures: { ...sample, trainedOn: 10_000, inputs: 0.0994, layers: by((l) => 0.034 - 0.006 * l), network: 0.0187 },
    },
    {
      claim: "meanActivation",
      verdict,
      figures: { ...sample, layers: by((l) => ({ masked: 0.0004 * (l % 2 ? -1 : 4), unmasked: 0.021 + 0.012 * l })) },
    },
    {
      claim: "rescaling",
      verdict,
      figures: {
        ...{ ...sample, n: 100, factor: 0.7 },
        identity: { largest: 5.3e-15, ofRounding: 0.002 },
        scaled: { largest: 1.1e-14, ofRounding: 0.004 },
        engine: { largest: 0, ofRounding: 0 },
      },
    },
  ];
  return {
    version: 1,
    created: "2026-11-23T12:45:00.000Z",
    source: "rectiscope 0.1.0",
    kernels: "test",
    checkpoint: { step: summary?.bestStep ?? 0, epoch: summary?.bestEpoch ?? 0, sha256: "0" },
    configSha256: "0",
    dataset: { name: "mnist", sha256: "0" },
    seed: seed ?? 1,
    seconds: 21,
    claims: claims.map((claim) =>
      rectifiers || claim.claim === "separability"
        ? claim
        : ({ claim: claim.claim, verdict: "notApplicable", reason: "units" } as Claim),
    ),
  };
}

export const unchecked: ClaimsView = { record: null, checking: null, error: null };

/** @param done of all claims */
export function checking(done: number): ClaimsProgress {
  return { claim: claimNames[done] ?? null, share: done / claimNames.length };
}
