/** Checks the claims of the paper on a run that has ended: reads its folder and its data, computes, and keeps the result as claims.json. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import {
  type Claim,
  type ClaimFigures,
  type ClaimName,
  type ClaimsProgress,
  type ClaimsRecord,
  claimNames,
  claimsVersion,
  type Inapplicable,
} from "../../common/claims.js";
import type { Experiment } from "../../common/experiment.js";
import type { RunRecord } from "../../common/run.js";
import { hasExactZeros } from "../../common/units.js";
import { evaluationBatch } from "../backends/builtin.js";
import { loadDataset } from "../data/registry.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import { initialParameters } from "../network/initialise.js";
import { type NetworkShape, networkShape } from "../network/network.js";
import { wholeParameters } from "../network/networkArrays.js";
import { Random } from "../network/random.js";
import { readRunRecord } from "../runs/readRun.js";
import { checkpointFile, readBestCheckpoint } from "../runs/runCheckpoint.js";
import { runFiles } from "../runs/runFolder.js";
import { RunFolderError } from "../runs/runFolderError.js";
import { checkSameData } from "../runs/sameData.js";
import { checkActiveUnits } from "./activeUnits.js";
import { readClaims, writeClaims } from "./claimsFile.js";
import { checkGradients } from "./gradients.js";
import { checkLinearity } from "./linearity.js";
import { checkMeanActivation } from "./meanActivation.js";
import { checkOverlap } from "./overlap.js";
import { Pace } from "./pace.js";
import { checkPatterns } from "./patterns.js";
import { checkRescaling } from "./rescaling.js";
import { checkSeparability } from "./separability.js";
import { type Check, measureSet, type Subject } from "./subject.js";
import { checkZerosAtStart } from "./zerosAtStart.js";

export interface ClaimsInput {
  /** Run folder, absolute. */
  folder: string;
  /** Folders searched for data sets that the config does not locate itself, absolute. */
  dataFolders: readonly string[];
  /** Folder with kernels.wasm and the packed sample. */
  assets: string;
  version: string;
  /** Computes anew what was checked before. */
  again?: boolean;
}

export interface ClaimsListener {
  progress?(progress: ClaimsProgress): void;
  signal?: AbortSignal;
}

const checks: { [Name in ClaimName]: Check<Name> } = {
  zerosAtStart: checkZerosAtStart,
  linearity: checkLinearity,
  patterns: checkPatterns,
  gradients: checkGradients,
  overlap: checkOverlap,
  activeUnits: checkActiveUnits,
  separability: checkSeparability,
  meanActivation: checkMeanActivation,
  rescaling: checkRescaling,
};

/**
 * At the checkpoint with the best validation error. What was checked of the same checkpoint and config by the same version is not
 * computed again.
 * @throws RunFolderError, DataError; what the signal was aborted with, and then nothing is written
 */
export async function claimsOf(input: ClaimsInput, { progress, signal }: ClaimsListener = {}): Promise<ClaimsRecord> {
  const began = performance.now();
  const { folder } = input;
  const run = await readRunRecord(folder);
  const config = checkable(folder, run);
  const wasm = fs.readFileSync(path.join(input.assets, "kernels.wasm"));
  const of = {
    source: `rectiscope ${input.version}`,
    kernels: sha256(wasm).slice(0, 12),
    configSha256: sha256(JSON.stringify(config)),
  };
  const checkpointSha256 = sha256(fs.readFileSync(checkpointFile(folder, "best")));
  const before = input.again ? null : kept(folder);
  const same = before && Object.entries(of).every(([key, value]) => before[key as keyof typeof of] === value);
  if (same && before.checkpoint.sha256 === checkpointSha256) return before;

  const inapplicable = (name: ClaimName) => whyNot(name, config);
  const applicable = claimNames.filter((name) => inapplicable(name) === null);
  const pace = new Pace(applicable, progress ?? (() => {}), signal);
  await pace.begin(null);
  const configFile = run.configFile === null ? folder : path.resolve(folder, run.configFile);
  const { dataFolders, assets } = input;
  const dataset = await loadDataset(config.dataset, { configFolder: path.dirname(configFile), dataFolders, assets });
  checkSameData(run, dataset, folder);
  const shape = networkShape(config.network, dataset.dimension, dataset.classes);
  const { arrays, line } = readBestCheckpoint(folder, shape);
  const parameters = await wholeParameters(arrays);
  const module = await WebAssembly.compile(wasm);
  const capacity = Math.max(evaluationBatch, config.training.batchSize);
  const makeKernels: Subject["makeKernels"] = (shape: NetworkShape, optimizer) =>
    new WasmKernels(module, shape, capacity, 1, undefined, optimizer);
  const kernels = makeKernels(shape);
  kernels.load(parameters);
  const subject: Subject = {
    shape,
    parameters,
    initial: config.warmStart ? null : initialParameters(shape, config.seed),
    train: dataset.train,
    valid: dataset.valid,
    batchSize: config.training.batchSize,
    kernels,
    makeKernels,
    measured: await measureSet(kernels, dataset.valid, pace),
    random: (use) => Random.stream(config.seed, `claims/${use}`),
  };
  const claims: Claim[] = [];
  for (const name of claimNames) {
    const reason = inapplicable(name);
    if (reason === null) await pace.begin(name);
    claims.push(
      reason === null ? await checked(name, subject, pace) : { claim: name, verdict: "notApplicable", reason },
    );
  }
  const record: ClaimsRecord = {
    version: claimsVersion,
    created: new Date().toISOString(),
    ...of,
    checkpoint: { step: line.step, epoch: line.epoch, sha256: checkpointSha256 },
    dataset: { name: dataset.name, sha256: dataset.sha256 },
    seed: config.seed,
    seconds: (performance.now() - began) / 1000,
    claims,
  };
  writeClaims(folder, record);
  return record;
}

/** Null where the claim can be checked. */
export function whyNot(
  name: ClaimName,
  { network, warmStart }: Pick<Experiment, "network" | "warmStart">,
): Inapplicable | null {
  if (name === "separability") return null;
  if (!hasExactZeros(network.activation)) return "units";
  if (name === "meanActivation" && network.signs === "none") return "noMask";
  if (name === "gradients" && network.hidden.length < 2) return "oneLayer";
  if ((name === "gradients" || name === "zerosAtStart") && warmStart) return "warmStart";
  return null;
}

async function checked<Name extends ClaimName>(name: Name, subject: Subject, pace: Pace): Promise<Claim> {
  const { holds, figures } = await checks[name](subject, pace);
  const found: { claim: ClaimName; verdict: "holds" | "fails"; figures: ClaimFigures[Name] } = {
    claim: name,
    verdict: holds ? "holds" : "fails",
    figures,
  };
  return found as Claim;
}

/** @returns its config @throws RunFolderError where the claims cannot be checked on the run, and why */
function checkable(folder: string, run: RunRecord): Experiment {
  const file = path.join(folder, runFiles.record);
  if (run.state === "running")
    throw new RunFolderError(
      `The run ${folder} is in progress: the claims are checked on a run that has ended. Wait for its end, or stop it.`,
      { code: "inProgress", file },
    );
  if (!run.config)
    throw new RunFolderError(
      `The run ${folder} was made by another program (${run.source}): without its config its network cannot be read.`,
      { code: "noConfig", file },
    );
  if (!fs.existsSync(checkpointFile(folder, "best")))
    throw new RunFolderError(
      `The run ${folder} has no checkpoint ${checkpointFile(folder, "best")}: it was not measured before it ended. Run its config again.`,
      { code: "noCheckpoint", file: checkpointFile(folder, "best") },
    );
  return run.config;
}

/** What cannot be read is computed anew. */
function kept(folder: string): ClaimsRecord | null {
  try {
    return readClaims(folder);
  } catch {
    return null;
  }
}

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
