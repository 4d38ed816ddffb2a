/** Reports on networks whose answers are known: weights made by hand, on pictures of a bright row whose class is that row. */
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStripes } from "../../../test/support/idxFiles.js";
import { dist } from "../../../test/support/kernelModule.js";
import { Runs } from "../../../test/support/unitRuns.js";
import {
  isMissing,
  type UnitActivity,
  type UnitProgress,
  type UnitReport,
  type UnitWeightsReport,
} from "../../common/unitReport.js";
import { loadDataset } from "../data/registry.js";
import type { Tensors } from "../formats/safetensors.js";
import { UnitReports } from "./unitReports.js";

let runs: Runs;
const reportsOn = (name: string) => new UnitReports({ folder: runs.at(name), dataFolders: [], assets: dist });
const activityOf = ({ activity }: UnitReport) => activity as UnitActivity;
const weightsOf = ({ weights }: UnitReport) => weights as UnitWeightsReport;

/** A rate that is 0 in single precision. */
const still = { learningRate: 1e-60, epochs: 1 };
const classes = 6;

/** Unit r of layer 1 sees row r; what layer 2 hears is said below. Every second unit of a layer counts negatively. */
function drawByHand(tensors: Tensors): void {
  const of = (name: string) => tensors[name]!.data as Float32Array;
  const set = (name: string, units: number, i: number, j: number, value: number) => {
    of(name)[i * units + j] = value;
  };
  for (const name of ["layer1.weights", "layer2.weights", "layer3.weights", "layer2.biases"]) of(name).fill(0);
  for (let i = 0; i < 36; i++) set("layer1.weights", 6, i, Math.floor(i / 6), 1);
  // a bright row adds up to 3.5 at least, another to 1.9 at most
  of("layer1.biases").fill(-3);
  // units 0 and 1 fire on classes 0 and 1, unit 3 on class 2 too, unit 2 on none
  for (const [from, to, weight] of [
    [0, 0, 1],
    [1, 0, -1],
    [0, 1, 0.5],
    [1, 1, -0.5],
    [0, 3, 2],
    [1, 3, -2],
    [2, 3, 2],
  ] as const)
    set("layer2.weights", 4, from, to, weight);
  of("layer2.biases")[2] = -50;
  set("layer3.weights", 6, 0, 4, 3);
  set("layer3.weights", 6, 0, 1, -2);
}

beforeAll(async () => {
  runs = new Runs();
  const network = { hidden: [6, 4] };
  await runs.train("base", { network, training: still });
  runs.edit("base", "best", drawByHand);
  await runs.train("hand", { network, training: still, warmStart: { run: "base" } });
}, 60_000);
afterAll(() => runs.dispose());

async function validationSet() {
  const config = { name: "idx" as const, folder: "data", classes };
  const dataset = await loadDataset(config as Parameters<typeof loadDataset>[0], {
    configFolder: runs.folder,
    dataFolders: [],
    assets: dist,
  });
  return dataset.valid;
}

describe("a unit that sees one row", () => {
  it("fires on its class alone; its histogram, its top examples and its mean are those of the formula", async () => {
    const report = await reportsOn("hand").report(1, 3);
    const activity = activityOf(report);
    const valid = await validationSet();
    const bytes = valid.inputs.kind === "bytes" ? valid.inputs.values : new Uint8Array();
    const outputs = Array.from({ length: valid.n }, (_, k) => {
      const row = bytes.subarray(k * 36 + 18, k * 36 + 24);
      return Math.max(0, row.reduce((sum, value) => sum + value / 255, 0) - 3);
    });
    const firing = outputs.filter((u) => u > 0).length;
    expect(firing).toBe(valid.labels.filter((label) => label === 3).length);
    expect(activity).toMatchObject({ set: "valid", n: valid.n, fires: firing, imageShape: { rows: 6, columns: 6 } });
    expect(activity.classes.map(({ fires, n }) => [fires, n])).toEqual(
      Array.from({ length: classes }, (_, label) => {
        const n = valid.labels.filter((one) => one === label).length;
        return [label === 3 ? n : 0, n];
      }),
    );
    const { zeros, from, width, counts } = activity.histogram;
    expect(zeros).toBe(valid.n - firing);
    counts.forEach((count, k) => {
      const inside = outputs.filter((u) => u > 0 && u >= from + k * width && u < from + (k + 1) * width);
      expect(count).toBe(inside.length);
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(firing);
    expect(counts.length).toBeGreaterThan(10);
    const order = Array.from(outputs.keys()).sort((a, b) => outputs[b]! - outputs[a]!);
    expect(activity.top.map(({ example }) => example)).toEqual(order.slice(0, Math.min(12, firing)));
    expect(activity.top[0]).toMatchObject({
      label: 3,
      activation: expect.closeTo(outputs[order[0]!]!, 5),
      terms: null,
    });
    expect(activity.mean).toBeCloseTo(outputs.reduce((sum, u) => sum + u, 0) / valid.n, 5);
    expect(activity.maximum).toBeCloseTo(outputs[order[0]!]!, 5);
    // the brightest value of the set is white, the darkest black
    const shown = Buffer.from(activity.top[0]!.picture!, "base64");
    const picture = bytes.subarray(order[0]! * 36, (order[0]! + 1) * 36);
    const [least, greatest] = [bytes, bytes].map((all, k) => (k === 0 ? Math.min(...all) : Math.max(...all)));
    expect([...shown]).toEqual(
      [...picture].map((value) => Math.round((255 * (value - least!)) / (greatest! - least!))),
    );
  });

  it("its weights are a picture of that row; it speaks to who hears it", async () => {
    const report = await reportsOn("hand").report(1, 1);
    expect(report.unit).toEqual({
      layer: 1,
      layers: 2,
      unit: 1,
      units: 6,
      inputs: 36,
      activation: "rectifier",
      sign: -1,
    });
    const { picture, below, above, checkpoint } = weightsOf(report);
    expect(picture).toMatchObject({ rows: 6, columns: 6, planes: 1, largest: 1, combined: false });
    const weights = [...new Int8Array(Buffer.from(picture!.values, "base64"))];
    expect(weights).toEqual(Array.from({ length: 36 }, (_, i) => (Math.floor(i / 6) === 1 ? 127 : 0)));
    expect(below).toMatchObject({ kind: "inputs", layer: 0, count: 36, negative: [] });
    expect(below.positive.map(({ index }) => index)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(above).toMatchObject({ kind: "units", layer: 2, count: 4, positive: [] });
    expect(above.negative).toEqual([
      { index: 3, name: null, weight: -2, dead: false },
      { index: 0, name: null, weight: -1, dead: false },
      { index: 1, name: null, weight: -0.5, dead: false },
    ]);
    expect(checkpoint).toEqual({ name: "last", step: 25, epoch: 1 });
    expect(report.series).toMatchObject({ steps: [0, 25], epochs: [0, 1], bias: [-3, -3], evaluations: 2 });
    expect(report.now).toMatchObject({ step: 25, dead: false, bias: -3, alwaysOn: false });
    expect(report.now!.meanActivation).toBeLessThan(0);
    expect(activityOf(report).mean).toBeCloseTo(-report.now!.meanActivation, 5);
    expect(activityOf(report).fires! / activityOf(report).n).toBeCloseTo(report.now!.firingFrequency!, 6);
  });
});

describe("a unit above", () => {
  it("its picture is the weighted combination of those below, with their signs", async () => {
    const report = await reportsOn("hand").report(2, 0);
    const { picture, below, above } = weightsOf(report);
    // −1 times the sign −1 of unit 1: both rows count for it
    expect(picture).toMatchObject({ largest: 1, combined: true });
    expect([...new Int8Array(Buffer.from(picture!.values, "base64"))]).toEqual(
      Array.from({ length: 36 }, (_, i) => (i < 12 ? 127 : 0)),
    );
    expect(below.positive).toEqual([{ index: 0, name: null, weight: 1, dead: false }]);
    expect(below.negative).toEqual([{ index: 1, name: null, weight: -1, dead: false }]);
    expect(above).toMatchObject({ kind: "classes", layer: 3, count: 6 });
    expect(above.positive).toEqual([{ index: 4, name: null, weight: 3, dead: null }]);
    expect(above.negative).toEqual([{ index: 1, name: null, weight: -2, dead: null }]);
  });

  it("its neighbours are those that fire on the same examples", async () => {
    const reports = reportsOn("hand");
    const { similar, classes: by, n } = activityOf(await reports.report(2, 0));
    const counts = by.map((one) => one.n);
    const share = (counts[0]! + counts[1]!) / (counts[0]! + counts[1]! + counts[2]!);
    expect(similar).toEqual({
      measure: "jaccard",
      n,
      units: [
        { unit: 1, similarity: 1 },
        { unit: 3, similarity: expect.closeTo(share, 10) },
      ],
    });
    expect(activityOf(await reports.report(1, 0)).similar.units).toEqual([]);
  });

  it("one that is dead says why, and has nothing else to show", async () => {
    const report = await reportsOn("hand").report(2, 2);
    expect(report.now).toMatchObject({ dead: true, lastFired: null, maxUpdate: null });
    expect(report.death).toMatchObject({ cause: "neverAlive", evidence: { bias: -50, incomingNorm: 0 } });
    expect(activityOf(report)).toMatchObject({ fires: 0, top: [], histogram: { counts: [] }, similar: { units: [] } });
    expect(weightsOf(report).picture).toMatchObject({ largest: 0 });
    expect((await reportsOn("hand").report(2, 0)).death).toBeNull();
  });
});

describe("how reports come", () => {
  it("first what the folder gives, then the rest; the next unit comes without either", async () => {
    const reports = reportsOn("hand");
    const told: string[] = [];
    const listener = {
      partial: ({ activity, weights }: UnitReport) => told.push(`partial ${activity} ${isMissing(weights)}`),
      progress: ({ stage }: UnitProgress) => told.push(stage),
    };
    const first = await reports.report(1, 0, listener);
    expect([...new Set(told)]).toEqual(
      ["folder", "partial null false", "data", "network"].filter((one) => told.includes(one)),
    );
    expect(told).toContain("partial null false");
    expect(told).toContain("data");
    told.length = 0;
    await reports.report(2, 3, listener);
    expect(told).toEqual(["folder"]);
    expect(await reports.report(1, 0, listener)).toEqual(first);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });

  it("one that is cancelled ends with what it was cancelled with, and the next one starts anew", async () => {
    const reports = reportsOn("hand");
    const controller = new AbortController();
    const reason = new Error("enough");
    const progress = ({ stage }: UnitProgress) => stage === "data" && controller.abort(reason);
    await expect(reports.report(1, 0, { progress, signal: controller.signal })).rejects.toBe(reason);
    expect(activityOf(await reports.report(1, 0)).n).toBeGreaterThan(0);
  });

  it("a unit or a layer that the run does not have is turned down", async () => {
    await expect(reportsOn("hand").report(3, 0)).rejects.toThrow("no hidden layer 3: its hidden layers are 1, 2");
    await expect(reportsOn("hand").report(2, 4)).rejects.toThrow("Layer 2 of the run");
    await expect(reportsOn("hand").report(2, 4)).rejects.toThrow("its units are 0 to 3");
    await expect(reportsOn("nowhere").report(1, 0)).rejects.toThrow("is not a run folder");
  });
});

describe("what is missing", () => {
  const copy = (name: string): string => {
    fs.rmSync(runs.at(name), { recursive: true, force: true });
    fs.cpSync(runs.at("hand"), runs.at(name), { recursive: true });
    return runs.at(name);
  };

  it("the data: the rest is there, and it is said what to do", async () => {
    const reports = reportsOn("hand");
    fs.renameSync(runs.at("data"), runs.at("elsewhere"));
    const without = await reports.report(1, 1);
    expect(without.activity).toMatchObject({ missing: "noData", message: expect.stringContaining("was not found") });
    expect(weightsOf(without).below.positive).toHaveLength(6);
    expect(weightsOf(without).picture).toBeNull();
    writeStripes(runs.at("data"), 100, 20);
    const other = await reports.report(1, 1);
    expect(other.activity).toMatchObject({ missing: "otherData", message: expect.stringContaining("other data") });
    fs.rmSync(runs.at("data"), { recursive: true });
    fs.renameSync(runs.at("elsewhere"), runs.at("data"));
    expect(activityOf(await reports.report(1, 1)).n).toBeGreaterThan(0);
  });

  it("the checkpoint: what was recorded is there", async () => {
    const folder = copy("unwritten");
    fs.rmSync(path.join(folder, "checkpoints"), { recursive: true });
    const report = await reportsOn("unwritten").report(2, 2);
    expect(report.weights).toMatchObject({ missing: "noCheckpoint" });
    expect(report.activity).toMatchObject({ missing: "noCheckpoint" });
    expect(report.death?.cause).toBe("neverAlive");
    expect(report.unit.sign).toBeNull();
  });

  it.each([
    ["cut off", (file: string) => fs.truncateSync(file, 300)],
    ["of another network", (file: string) => fs.copyFileSync(runs.at("tanh", "checkpoints/last.safetensors"), file)],
    ["none at all", (file: string) => fs.writeFileSync(file, "none")],
  ])("a checkpoint that is %s is named", async (_, damage) => {
    await runs.train("tanh", { network: { hidden: [5], activation: "tanh" }, training: still }).catch(() => null);
    const file = path.join(copy("damaged"), "checkpoints/last.safetensors");
    damage(file);
    const { weights } = await reportsOn("damaged").report(1, 0);
    expect(weights).toMatchObject({ missing: "damaged", message: expect.stringContaining(`${file} is damaged`) });
  });

  it("the config, of another program's run: its weights are there", async () => {
    const file = path.join(copy("foreign"), "run.json");
    const record = JSON.parse(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(file, JSON.stringify({ ...record, source: "another", config: null, configFile: null }));
    const report = await reportsOn("foreign").report(2, 0);
    expect(report.activity).toMatchObject({ missing: "noConfig", message: expect.stringContaining("another") });
    expect(weightsOf(report).below.positive).toHaveLength(1);
    expect(report.now).toMatchObject({ dead: false, rare: null, dying: null, dormant: null });
  });

  it("evaluations: there is no state, and no series", async () => {
    fs.rmSync(path.join(copy("unmeasured"), "units"), { recursive: true });
    const { now, series, death } = await reportsOn("unmeasured").report(2, 2);
    expect([now, death, series.steps]).toEqual([null, null, []]);
  });
});

it("units that are never exactly zero: no firing, and neighbours by correlation", async () => {
  if (!fs.existsSync(runs.at("tanh")))
    await runs.train("tanh", { network: { hidden: [5], activation: "tanh" }, training: still });
  const report = await reportsOn("tanh").report(1, 2);
  expect(report).toMatchObject({
    death: null,
    now: { dead: null, firingFrequency: null },
    series: { firingFrequency: null },
  });
  const { fires, similar, histogram, n, top, classes: by } = activityOf(report);
  expect([fires, by[0]!.fires, similar.measure]).toEqual([null, null, "correlation"]);
  expect(histogram.counts.reduce((sum, count) => sum + count, histogram.zeros)).toBe(n);
  expect(histogram.from).toBeGreaterThanOrEqual(-1);
  expect(top).toHaveLength(12);
  for (const { similarity } of similar.units) expect(similarity).toBeLessThanOrEqual(1);
});

it("texts: the terms with the largest weights, and those of the top examples; without the data from the vocabulary", async () => {
  const lines = Array.from({ length: 60 }, (_, k) => ({
    text: k % 2 ? `good fine w${k % 7}` : `bad poor w${k % 5}`,
    label: k % 2 ? "up" : "down",
  }));
  fs.writeFileSync(runs.at("texts.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  await runs.train("texts", {
    dataset: { name: "text", text: { files: ["texts.jsonl"] }, validation: 12 },
    network: { hidden: [3, 3] },
    training: { learningRate: 0.1, batchSize: 4, epochs: 3 },
  });
  const reports = reportsOn("texts");
  for (const layer of [1, 2]) {
    const found = await Promise.all([0, 1, 2].map((unit) => reports.report(layer, unit)));
    for (const report of found) {
      const { terms, picture } = weightsOf(report);
      expect(picture).toBeNull();
      const weights = [...terms!.positive, ...terms!.negative.toReversed()].map(({ weight }) => weight);
      expect(weights).toEqual(weights.toSorted((a, b) => b - a));
      expect([...terms!.positive, ...terms!.negative].map(({ term }) => term)).toContain("good");
      for (const { terms: own, label } of activityOf(report).top)
        expect(own).toContain(activityOf(report).classes[label]!.name === "up" ? "good" : "bad");
    }
  }
  const known = weightsOf(await reports.report(1, 0));
  fs.rmSync(runs.at("texts.jsonl"));
  const without = await reportsOn("texts").report(1, 0);
  expect(without.activity).toMatchObject({ missing: "noData" });
  expect(weightsOf(without).terms).toEqual(known.terms);
  expect(weightsOf(without).below.positive[0]!.name).toBe(known.below.positive[0]!.name);
});
