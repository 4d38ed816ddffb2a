/** Runs that are trained, checked, and checked again. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { type ClaimsProgress, claimNames } from "../../common/claims.js";
import { claimTitle, claimWords, verdictWord } from "../../common/claimWords.js";
import { experimentSchema } from "../../common/experiment.js";
import type { WorkerInput } from "../../common/messages.js";
import { runExperiment } from "../runs/runExperiment.js";
import { claimsFileOf, readClaims } from "./claimsFile.js";
import { type ClaimsInput, claimsOf } from "./claimsOf.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rectiscope-claims-"));
const environment = { dataFolders: [], assets: dist, version: "1.2.3" };
let rectifiers: ClaimsInput;

beforeAll(async () => {
  writeStripes(path.join(folder, "data"));
  rectifiers = await trained("rectifiers", { hidden: [24, 16] });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function trained(name: string, network: object): Promise<ClaimsInput> {
  const runFolder = path.join(folder, name);
  const configFile = path.join(folder, `${name}.rectiscope.json`);
  const experiment = experimentSchema.parse({
    dataset: { name: "idx", folder: "data", classes: 6 },
    network,
    training: { learningRate: 0.3, epochs: 3, l1: 0.0001 },
  });
  const input: Partial<WorkerInput> = { configFile, experiment, runFolder, stop: new SharedArrayBuffer(4) };
  const record = await runExperiment({ ...environment, ...input } as WorkerInput, {});
  expect(record).toMatchObject({ state: "finished", error: null });
  return { ...environment, folder: runFolder };
}

describe("a finished run of rectifiers", () => {
  test("every claim is checked, in order, with progress to the end", async () => {
    const told: ClaimsProgress[] = [];
    const record = await claimsOf({ ...rectifiers, again: true }, { progress: (progress) => told.push(progress) });
    expect(record.claims.map(({ claim }) => claim)).toEqual([...claimNames]);
    expect(record.claims.every(({ verdict }) => verdict !== "notApplicable")).toBe(true);
    const verdicts = Object.fromEntries(record.claims.map(({ claim, verdict }) => [claim, verdict]));
    // these are mathematics, whatever was learnt
    expect(verdicts).toMatchObject({ linearity: "holds", rescaling: "holds" });
    expect(told.map(({ claim }) => claim)).toEqual(expect.arrayContaining([null, ...claimNames]));
    const shares = told.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  test("the record is kept, says of what it is, and is not computed again", async () => {
    const record = await claimsOf(rectifiers);
    expect(readClaims(rectifiers.folder)).toEqual(record);
    const run = JSON.parse(fs.readFileSync(path.join(rectifiers.folder, "run.json"), "utf8"));
    expect(record).toMatchObject({
      version: 1,
      source: "rectiscope 1.2.3",
      kernels: run.versions.kernels,
      seed: run.seed,
    });
    expect(record.checkpoint).toMatchObject({ step: run.summary.bestStep, epoch: run.summary.bestEpoch });
    expect(record.dataset).toEqual({ name: "idx", sha256: run.dataset.sha256 });
    expect((await claimsOf(rectifiers)).created).toBe(record.created);
    expect((await claimsOf({ ...rectifiers, version: "1.2.4" })).source).toBe("rectiscope 1.2.4");
  });

  test("the figures are the same every time", async () => {
    const once = await claimsOf({ ...rectifiers, again: true });
    const twice = await claimsOf({ ...rectifiers, again: true });
    expect(twice.claims).toEqual(once.claims);
  });

  test("figures that the run has told agree", async () => {
    const { claims } = await claimsOf(rectifiers);
    const { summary } = JSON.parse(fs.readFileSync(path.join(rectifiers.folder, "run.json"), "utf8"));
    const metrics = fs.readFileSync(path.join(rectifiers.folder, "metrics.jsonl"), "utf8").trim().split("\n");
    const evaluation = metrics
      .map((line) => JSON.parse(line))
      .find((line) => line.kind === "eval" && line.set === "valid" && line.step === summary.bestStep);
    for (const claim of claims) {
      if (claim.verdict === "notApplicable") continue;
      if (claim.claim === "separability") expect(claim.figures.network).toBe(summary.valid.error);
      if (claim.claim === "activeUnits")
        claim.figures.layers.forEach((layer, l) => {
          expect(layer).toMatchObject(evaluation.layers[l].activeUnits);
        });
      if (claim.claim === "meanActivation")
        claim.figures.layers.forEach(({ masked }, l) => {
          expect(masked).toBeCloseTo(evaluation.layers[l].meanActivation, 12);
        });
    }
  });

  test("a check that is cancelled writes nothing, and leaves what was there", async () => {
    const file = claimsFileOf(rectifiers.folder);
    const before = fs.readFileSync(file, "utf8");
    const reason = new Error("enough");
    const controller = new AbortController();
    const progress = ({ claim }: ClaimsProgress) => claim === "overlap" && controller.abort(reason);
    const cancelled = claimsOf({ ...rectifiers, again: true }, { progress, signal: controller.signal });
    await expect(cancelled).rejects.toBe(reason);
    expect(fs.readFileSync(file, "utf8")).toBe(before);
    expect(fs.readdirSync(rectifiers.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a record that is damaged is said to be, and computed anew", async () => {
    const file = claimsFileOf(rectifiers.folder);
    const record = JSON.parse(fs.readFileSync(file, "utf8"));
    for (const [content, words] of [
      ["{", "is damaged"],
      [JSON.stringify({ ...record, version: 2 }), "has version 2"],
      [JSON.stringify({ ...record, claims: [{ claim: "linearity", verdict: "holds" }] }), "is damaged: claims.0"],
    ] as const) {
      fs.writeFileSync(file, content);
      expect(() => readClaims(rectifiers.folder)).toThrow(words);
      expect((await claimsOf(rectifiers)).version).toBe(1);
    }
    fs.rmSync(file);
    expect(readClaims(rectifiers.folder)).toBeNull();
  });
});

describe("claims that say nothing of a run", () => {
  const reasonsOf = async (input: ClaimsInput) => {
    const { claims } = await claimsOf(input);
    return Object.fromEntries(claims.flatMap((claim) => ("reason" in claim ? [[claim.claim, claim.reason]] : [])));
  };

  test("other units than rectifiers: all but separability", async () => {
    const reasons = await reasonsOf(await trained("tanh", { hidden: [12, 8], activation: "tanh" }));
    expect(Object.keys(reasons)).toEqual(claimNames.filter((name) => name !== "separability"));
    expect(new Set(Object.values(reasons))).toEqual(new Set(["units"]));
  });

  test("one layer without flipped signs", async () => {
    const reasons = await reasonsOf(await trained("one-layer", { hidden: [12], signs: "none" }));
    expect(reasons).toEqual({ gradients: "oneLayer", meanActivation: "noMask" });
  });
});

describe("runs on which claims cannot be checked", () => {
  test.each([
    ["in progress", { state: "running", heartbeat: new Date(Date.now() + 1e6).toISOString() }, "in progress"],
    ["of another program", { config: null }, "made by another program"],
    [
      "on other data",
      { dataset: { name: "idx", origin: "there", sha256: "0", train: 1, valid: 1, test: 1 } },
      "other data",
    ],
  ])("%s", async (_, change, words) => {
    const file = path.join(rectifiers.folder, "run.json");
    const record = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(record), ...change }));
    await expect(claimsOf({ ...rectifiers, again: true })).rejects.toThrow(words);
    fs.writeFileSync(file, record);
  });

  test("without a checkpoint", async () => {
    const copy = path.join(folder, "copy");
    fs.cpSync(rectifiers.folder, copy, { recursive: true });
    fs.rmSync(path.join(copy, "checkpoints/best.safetensors"));
    await expect(claimsOf({ ...rectifiers, folder: copy })).rejects.toThrow(/best\.safetensors/);
  });
});

test("every claim has words, with nothing left to fill in", async () => {
  const { claims } = await claimsOf(rectifiers);
  for (const claim of claims) {
    const words = claimWords(claim, "rectifier");
    for (const text of [...Object.values(words), verdictWord(claim.verdict)]) {
      expect(text).not.toMatch(/\{\d+\}|NaN|undefined|Infinity/);
      expect(text).not.toBe("");
    }
    expect(words.title).toBe(claimTitle(claim.claim));
    for (const reason of ["units", "oneLayer", "noMask", "warmStart"] as const)
      expect(claimWords({ claim: claim.claim, verdict: "notApplicable", reason }, "tanh").run).toContain("nothing");
  }
});
