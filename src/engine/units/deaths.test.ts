/** Units of networks that were built to die of one cause each, by real training. */
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Runs } from "../../../test/support/unitRuns.js";
import type { ExperimentInput } from "../../common/experiment.js";
import { deathCauses } from "../../common/unitReport.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { readRunRecord } from "../runs/readRun.js";
import { deathsOf, layerDeaths, recordedPenalties } from "./deaths.js";
import { evidenceColumns, readLayerRecords } from "./layerRecord.js";
import { openRunNetwork, type RunNetwork } from "./runNetwork.js";

let runs: Runs;
beforeAll(() => {
  runs = new Runs();
});
afterAll(() => runs.dispose());

const csv = (file: string): ExperimentInput["dataset"] => ({
  name: "csv",
  csv: { files: [file], label: -1, header: false },
});

/** Of one layer: by unit. */
async function deathsIn(name: string, layer: number) {
  const folder = runs.at(name);
  const run = await readRunRecord(folder);
  const records = await readLayerRecords(folder, run, [1, 2], evidenceColumns);
  const network = openRunNetwork(folder, run, records[0]!.moments) as RunNetwork;
  const record = records[layer - 1]!;
  const penalties = await recordedPenalties(folder, run);
  return { deaths: await layerDeaths(run, record, records[layer - 2] ?? null, network, penalties), record, run };
}

describe("what units die of", () => {
  it("a learning rate far too large kills most of them within one step", async () => {
    await runs.train("large-rate", {
      network: { hidden: [60] },
      training: { learningRate: 2, batchSize: 5, epochs: 4 },
    });
    const { layers } = await deathsOf(runs.at("large-rate"));
    expect(layers[0]).toMatchObject({ layer: 1, units: 60, dominant: "largeUpdate", since: { step: 49, epoch: 1 } });
    expect(layers[0]!.dead).toBeGreaterThan(30);
    expect(layers[0]!.causes.largeUpdate).toBeGreaterThan(0.8 * layers[0]!.dead!);
    expect(layers[0]!.mend).toEqual([
      { key: "training.learningRate", now: 2, suggested: 0.7 },
      { key: "training.revive", now: null, suggested: null },
    ]);
    const { deaths, record } = await deathsIn("large-rate", 1);
    for (const [unit, death] of deaths) {
      if (death.cause !== "largeUpdate") continue;
      const { at, update, firingFrequency, before, ofNorm } = death.evidence;
      expect(at.step).toBe(record.maxUpdateStep[unit]);
      expect(update).toBe(record.maxUpdate[unit]);
      expect(firingFrequency).toBeGreaterThanOrEqual(0.01);
      expect(before.step).toBeLessThan(at.step);
      expect(death.since.step).toBeGreaterThanOrEqual(at.step);
      expect(ofNorm).toBeGreaterThan(0.05);
    }
  });

  it("a bias from which no input can raise it: it was never alive", async () => {
    const recipe = { network: { hidden: [20] }, training: { learningRate: 0.05, epochs: 1 } };
    await runs.train("before-never", recipe);
    runs.edit("before-never", "best", (tensors) => {
      (tensors["layer1.biases"]!.data as Float32Array).fill(-100, 0, 12);
    });
    await runs.train("never", { ...recipe, warmStart: { run: "before-never" } });
    const { deaths } = await deathsIn("never", 1);
    for (let unit = 0; unit < 12; unit++)
      expect(deaths.get(unit)).toMatchObject({
        cause: "neverAlive",
        evidence: { steps: 25, evaluations: 2, bias: -100, warmStart: true },
        lastFired: null,
        since: { step: 0, epoch: 0 },
        mend: [{ key: "warmStart" }, { key: "training.revive" }],
      });
  });

  it("weak inputs and a penalty: the bias is driven down, the weights stay", async () => {
    runs.writeNumbers("small.csv", 8, 0.02);
    const training = { learningRate: 0.02, l1: 0.2, batchSize: 5, epochs: 6 };
    await runs.train("bias", { dataset: csv("small.csv"), network: { hidden: [40] }, training });
    const { deaths } = await deathsIn("bias", 1);
    expect(deaths.size).toBeGreaterThan(20);
    for (const death of deaths.values()) {
      expect(death.cause).toBe("biasDriven");
      if (death.cause !== "biasDriven") continue;
      const { bias, incomingNorm, maximum, pull } = death.evidence;
      expect(bias.from - bias.to).toBeGreaterThanOrEqual(maximum / 2);
      expect(incomingNorm.to).toBeGreaterThan(0.9 * incomingNorm.from);
      expect(pull).toBeGreaterThan(0);
      const byPenalty = pull! >= (bias.from - bias.to) / 2;
      expect(death.mend.map(({ key }) => key)).toEqual([
        ...(byPenalty ? ["training.l1"] : []),
        "training.learningRate",
        "training.revive",
      ]);
      if (byPenalty) expect(death.mend[0]).toMatchObject({ now: 0.2, suggested: 0.07 });
    }
    expect((await deathsOf(runs.at("bias"))).layers[0]!.mend[0]!.key).toMatch(/^training\.(l1|learningRate)$/);
  });

  it("a strong penalty on inputs around 0 takes the weights away", async () => {
    runs.writeNumbers("large.csv", 8, 1);
    const training = { learningRate: 0.01, l1: 1, batchSize: 5, epochs: 12 };
    await runs.train("penalty", { dataset: csv("large.csv"), network: { hidden: [40] }, training });
    const { layers } = await deathsOf(runs.at("penalty"));
    expect(layers[0]).toMatchObject({ dominant: "decayed" });
    expect(layers[0]!.causes.decayed).toBeGreaterThan(0.8 * layers[0]!.dead!);
    expect(layers[0]!.dead).toBeGreaterThan(10);
    const { deaths } = await deathsIn("penalty", 1);
    const decayed = [...deaths.values()].filter((death) => death.cause === "decayed");
    for (const { evidence } of decayed) {
      expect(evidence.l1).toBe(1);
      expect(evidence.drive.to).toBeLessThan(evidence.drive.from);
    }
    expect(decayed.some(({ evidence }) => evidence.incomingNorm.to < 0.7 * evidence.incomingNorm.from)).toBe(true);
    // the same without the penalty
    await runs.train("no-penalty", {
      dataset: csv("large.csv"),
      network: { hidden: [40] },
      training: { ...training, l1: 0 },
    });
    expect((await deathsOf(runs.at("no-penalty"))).layers[0]!.dead).toBe(0);
  });

  it("above a layer that is dead units die of that, and it is said of which layer", async () => {
    const recipe = { network: { hidden: [30, 20] }, training: { learningRate: 0.05, epochs: 1 } };
    await runs.train("before-inputs", recipe);
    runs.edit("before-inputs", "best", (tensors) => {
      (tensors["layer1.biases"]!.data as Float32Array).fill(-100);
      (tensors["layer2.biases"]!.data as Float32Array).fill(-0.01);
    });
    await runs.train("inputs", { ...recipe, warmStart: { run: "before-inputs" } });
    const { layers } = await deathsOf(runs.at("inputs"));
    expect(layers.map(({ dominant, dead }) => [dominant, dead])).toEqual([
      ["neverAlive", 30],
      ["deadInputs", 20],
    ]);
    const { deaths } = await deathsIn("inputs", 2);
    expect(deaths.get(3)).toMatchObject({
      cause: "deadInputs",
      evidence: { layer: 1, share: 1, dead: 30, units: 30 },
      mend: [{ key: "layerBelow" }, { key: "training.revive" }],
    });
  });

  it("every dead unit has one cause, and no living unit has any", async () => {
    for (const name of ["large-rate", "never", "bias", "penalty", "inputs"]) {
      const { layers, at } = await deathsOf(runs.at(name));
      for (const { layer, dead, causes, units } of layers) {
        const { deaths, record } = await deathsIn(name, layer);
        expect(record.moments.at(-1)).toMatchObject(at!);
        const frequencies = Array.from(record.columns.firingFrequency.at(-1)!);
        const expected = Array.from({ length: units }, (_, unit) => unit).filter((unit) => frequencies[unit] === 0);
        expect([...deaths.keys()], name).toEqual(expected);
        expect(dead).toBe(expected.length);
        expect(deathCauses.reduce((sum, cause) => sum + causes[cause], 0)).toBe(dead);
      }
    }
  });
});

it("where λ moves to a target, what the evaluations recorded of it counts, and the target is what to lower", async () => {
  const training = { learningRate: 0.02, l1: 0.01, targetSparsity: 0.97, batchSize: 5, epochs: 8 };
  await runs.train("target", { network: { hidden: [60] }, training });
  const folder = runs.at("target");
  const penalties = await recordedPenalties(folder, await readRunRecord(folder));
  expect(penalties.size).toBe(8);
  const { deaths } = await deathsIn("target", 1);
  const decayed = [...deaths.values()].filter((death) => death.cause === "decayed");
  expect(decayed.length).toBeGreaterThan(0);
  for (const { evidence, mend } of decayed) {
    expect([...penalties.values()]).toContain(evidence.l1);
    expect(mend).toMatchObject([{ key: "training.targetSparsity", now: 0.97 }, { key: "training.revive" }]);
  }
});

describe("what is not there", () => {
  it("units that are never exactly zero do not die", async () => {
    await runs.train("tanh", {
      network: { hidden: [10], activation: "tanh" },
      training: { learningRate: 0.05, epochs: 1 },
    });
    expect((await deathsOf(runs.at("tanh"))).layers).toMatchObject([{ layer: 1, dead: null, dominant: null }]);
  });

  it("pre-training counts: who fired in it was alive once", async () => {
    const training = { learningRate: 0.02, l1: 0.5, batchSize: 5, epochs: 2 };
    await runs.train("pretrained", { network: { hidden: [40] }, pretraining: { epochs: 2 }, training });
    const { deaths, record } = await deathsIn("pretrained", 1);
    expect(record.pretraining).toBe(3);
    expect(record.moments.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 2, 3, 4]);
    for (const [unit, death] of deaths) if (death.cause === "neverAlive") expect(record.lastFiredStep[unit]).toBe(-1);
    expect(deaths.size).toBeGreaterThan(0);
  });

  it("a revived unit's record begins anew: what it did before does not count", async () => {
    fs.cpSync(runs.at("large-rate"), runs.at("revived"), { recursive: true });
    const { record } = await deathsIn("large-rate", 1);
    const unit = record.lastFiredStep.findIndex((step) => step >= 0);
    expect(unit).toBeGreaterThanOrEqual(0);
    const { step } = record.moments.at(-1)!;
    const file = runs.at("revived", "units", `${step}.safetensors`);
    const { tensors, metadata } = decodeSafetensors(fs.readFileSync(file));
    for (const name of ["lastFiredStep", "maxUpdateStep"]) tensors[`layer1.${name}`]!.data[unit] = -1;
    fs.writeFileSync(file, encodeSafetensors(tensors, metadata));
    const { record: revived } = await deathsIn("revived", 1);
    expect([revived.lastFiredStep[unit], revived.maxUpdateStep[unit]]).toEqual([-1, -1]);
  });

  it("a folder without evaluations has no layers; without a checkpoint no inputs count as dead", async () => {
    fs.cpSync(runs.at("inputs"), runs.at("bare"), { recursive: true });
    fs.rmSync(runs.at("bare", "checkpoints"), { recursive: true });
    const { layers } = await deathsOf(runs.at("bare"));
    expect(layers.map(({ dominant }) => dominant)).toEqual(["neverAlive", "neverAlive"]);
    fs.rmSync(runs.at("bare", "units"), { recursive: true });
    expect(await deathsOf(runs.at("bare"))).toEqual({ at: null, layers: [] });
  });

  it.each([
    ["cut off", (file: string) => fs.truncateSync(file, 200)],
    ["of another network", (file: string) => fs.copyFileSync(runs.at("never", "units", "0.safetensors"), file)],
    ["no such file", (file: string) => fs.writeFileSync(file, "no tensors")],
  ])("a file of units that is %s is named", async (_, damage) => {
    const folder = runs.at("damaged");
    fs.rmSync(folder, { recursive: true, force: true });
    fs.cpSync(runs.at("inputs"), folder, { recursive: true });
    const file = path.join(folder, "units", "25.safetensors");
    damage(file);
    await expect(deathsOf(folder)).rejects.toThrow(/units.25\.safetensors is damaged/);
  });
});
