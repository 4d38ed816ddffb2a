/** A trial's content address: what decides its figures, and nothing else. The same for a run that was not part of a sweep. */
import { createHash } from "node:crypto";
import type { Experiment } from "../../common/experiment.js";
import { canonical } from "./canonical.js";

export interface EngineVersion {
  rectiscope: string;
  /** First digits of the kernels' SHA-256. */
  kernels: string;
}

/**
 * SHA-256, hexadecimal, of resolved config, data hash and engine version. Names, threads and where the data lie do not count; the
 * network that a trial starts with counts by the hash of its checkpoint.
 * @param config with every default filled in, those that depend on the data too
 * @param data SHA-256 of the data set
 */
export function trialKey(config: Experiment, data: string, engine: EngineVersion): string {
  const { $schema, name, description, threads, warmStart, dataset, ...rest } = config;
  const { folder, ...set } = dataset;
  const identity = {
    config: { ...rest, dataset: set, warmStart: warmStart?.sha256 ?? null },
    data,
    engine: { rectiscope: engine.rectiscope, kernels: engine.kernels },
  };
  return createHash("sha256").update(canonical(identity)).digest("hex");
}
