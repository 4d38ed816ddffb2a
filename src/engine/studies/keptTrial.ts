/** A finished trial as docs/results keeps it: one JSON file with all that tells how its figures came about. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import type { EvalLine, RunRecord, RunSummary } from "../../common/run.js";
import type { Params, TrialResult } from "../../common/sweepRecord.js";
import { canonical } from "../sweeps/canonical.js";
import { trialResultSchema } from "../sweeps/sweepRecordSchema.js";
import { figuresOf } from "../sweeps/trialOutcome.js";

export interface KeptTrial {
  study: string;
  stage: string;
  params: Params;
  /** What was asked for, every default filled in. */
  config: Experiment;
  seed: number;
  result: TrialResult;
  /** Zeros and dead units by layer, at the checkpoint with the best validation error. */
  layers: { sparsity: number[] | null; dead: number[] | null };
  /** On the validation set, from before the training on. */
  curve: { epoch: number; error: number; loss: number; rmse?: number; sparsity: number | null }[];
  dataset: { name: string; sha256: string; train: number; valid: number; test: number };
  versions: RunRecord["versions"];
  /** Of this repository. */
  commit: string;
  date: string;
  machine: { cpu: string; cores: number; threads: number; platform: string };
}

/** Only what tables need is checked: the rest is for people. */
const keptSchema = z.looseObject({
  params: z.record(z.string(), z.unknown()),
  config: experimentSchema,
  result: trialResultSchema,
});
export type ReadTrial = z.output<typeof keptSchema>;

/**
 * What a trial is known by from one machine and one version to the next: its config with its seed. Names, threads and where data lie do not
 * count. That the data are the same is checked by their hash when a run goes on, and kept in the file.
 */
export function configIdentity(config: Experiment): string {
  const { $schema, name, description, threads, dataset, ...rest } = config;
  const { folder, ...set } = dataset;
  return createHash("sha256")
    .update(canonical({ ...rest, dataset: set }))
    .digest("hex")
    .slice(0, 16);
}

export function keptTrial(
  about: Pick<KeptTrial, "study" | "stage" | "params" | "config" | "commit">,
  run: RunRecord & { summary: RunSummary },
  evaluations: readonly EvalLine[],
  machine: { cpu: string; cores: number },
): KeptTrial {
  const { summary, dataset, versions, created, host } = run;
  return {
    ...about,
    seed: about.config.seed,
    result: figuresOf(summary),
    layers: { sparsity: summary.sparsity?.layers ?? null, dead: summary.dead?.layers ?? null },
    curve: evaluations.flatMap(({ set, epoch, error, loss, rmse, layers }) => {
      if (set !== "valid") return [];
      const zeros = layers.map(({ sparsity }) => sparsity);
      const sum = zeros.reduce<number | null>((all, share) => (all === null || share === null ? null : all + share), 0);
      const sparsity = sum === null ? null : sum / zeros.length;
      return [{ epoch, error, loss, ...(rmse !== undefined && { rmse }), sparsity }];
    }),
    dataset: { ...pick(dataset) },
    versions,
    date: created.slice(0, 10),
    machine: { ...machine, threads: host.threads, platform: host.platform },
    commit: about.commit,
  };
}

function pick(dataset: RunRecord["dataset"]): KeptTrial["dataset"] {
  const { name = "", sha256 = "", train = 0, valid = 0, test = 0 } = dataset ?? {};
  return { name, sha256, train, valid, test };
}

/** Identity → trial, of all files of a folder. @throws Error where one is not what it should be: it would be trained again, unseen */
export async function readKeptTrials(folder: string): Promise<Map<string, ReadTrial>> {
  const found = new Map<string, ReadTrial>();
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const name of names.filter((one) => one.endsWith(".json")).sort()) {
    const file = path.join(folder, name);
    const parsed = keptSchema.safeParse(parse(await readFile(file, "utf8"), file));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Error(
        `${file} is no trial's result: ${issue?.path.join(".")}: ${issue?.message}. Mend it, or delete it to train anew.`,
      );
    }
    found.set(configIdentity(parsed.data.config), parsed.data);
  }
  return found;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON (${(error as Error).message}). Mend it, or delete it to train anew.`);
  }
}
