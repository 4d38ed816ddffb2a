import { expect, it } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import { english } from "../../common/language.js";
import type { LayerFigures } from "../../common/metrics.js";
import type { EvalLine } from "../../common/run.js";
import { type DeathCause, deathCauses, type LayerDeaths, type Mend } from "../../common/unitReport.js";
import { changedConfig } from "../../engine/experiment/configEdit.js";
import { readExperiment } from "../../engine/experiment/experimentFile.js";
import { findingWords } from "./findingWords.js";
import { type LayerFinding, layerFindings } from "./layerFindings.js";
import { layerMends } from "./layerMends.js";
import { figureRows, inlineText } from "./layerWords.js";

const figures = (changes: Partial<LayerFigures> = {}): LayerFigures => ({
  ...{ sparsity: 0.9, nearZero: null, dead: 0, dying: 0, dormant: 20, rare: 3, alwaysOn: 0 },
  ...{ activeUnits: { mean: 10, p10: 8, p50: 10, p90: 12 }, meanActivation: -0.01, weightNorm: 9 },
  ...{ gradientNorm: 0.5, updateRatio: 0.001 },
  ...changes,
});
const evaluation = (epoch: number, ...layers: Partial<LayerFigures>[]): EvalLine => ({
  ...{ kind: "eval", step: epoch * 800, epoch, set: "valid", n: 10_000, loss: 1, error: 0.1 },
  layers: layers.map(figures),
});
const usual = { dead: 0.05, dormant: 0.5, alwaysOn: 0.5, sparsity: 0.99 };
const widths = [1000, 1000];
const dying = [evaluation(0, {}, {}), ...[2, 60, 130, 214].map((dead, e) => evaluation(e + 1, {}, { dead }))];

it("a sparse layer is not a problem, and neither are a few dead units", () => {
  expect(layerFindings([evaluation(1, { sparsity: 0.97, dormant: 400, dead: 50 })], widths, usual)).toEqual([]);
});

it("too many dead units are one problem of their layer, since when half of them were dead", () => {
  expect(layerFindings(dying, widths, usual)).toEqual([
    { kind: "dead", layer: 2, units: 1000, share: 0.214, threshold: 0.05, evaluation: dying.at(-1), sinceEpoch: 3 },
  ]);
  const all = [evaluation(1, { dead: 900, dormant: 950, sparsity: 0.999, alwaysOn: 0 })];
  expect(layerFindings(all, widths, usual).map(({ kind }) => kind)).toEqual(["dead"]);
});

it("each kind has its own threshold; 0 and 1 switch it off", () => {
  const layer = { dead: 10, dormant: 600, sparsity: 0.995, alwaysOn: 501 };
  const kinds = (thresholds: typeof usual) =>
    layerFindings([evaluation(1, layer)], widths, thresholds).map(({ kind }) => kind);
  expect(kinds(usual)).toEqual(["dormant", "alwaysOn", "sparsity"]);
  expect(kinds({ ...usual, dead: 0.009 })).toEqual(["dead"]);
  expect(kinds({ dead: 0, dormant: 1, alwaysOn: 0, sparsity: 1 })).toEqual([]);
});

it("nothing is wrong before training, or where a figure is not defined", () => {
  expect(layerFindings([evaluation(0, { dead: 900 })], widths, usual)).toEqual([]);
  expect(layerFindings([], widths, usual)).toEqual([]);
  const smooth = { sparsity: null, dead: null, alwaysOn: null, rare: null, nearZero: 0.999 };
  expect(layerFindings([evaluation(1, smooth)], widths, usual)).toEqual([]);
});

const [found] = layerFindings(dying, widths, usual) as [LayerFinding];
const deaths = (dominant: DeathCause, mend: Mend[] = [], ofThese = 200): LayerDeaths => ({
  ...{ layer: 2, units: 1000, dead: 214, since: { step: 5600, epoch: 3 }, dominant, mend },
  causes: {
    ...(Object.fromEntries(deathCauses.map((cause) => [cause, 0])) as LayerDeaths["causes"]),
    unknown: 214 - ofThese,
    [dominant]: ofThese,
  },
});

it("says how many, of what, on which set, since when, of what they died and what would mend it", () => {
  const mend: Mend = { key: "training.learningRate", now: 0.1, suggested: 0.03 };
  expect(findingWords(found, deaths("largeUpdate", [mend]), english)).toBe(
    "Hidden layer 2: 214 of 1,000 units are dead (validation, 10,000 examples, epoch 4), most of them since epoch 3; most were killed within one step. Lower training.learningRate, such as from 0.1 to 0.03.",
  );
  expect(findingWords(found, deaths("largeUpdate", [mend], 100), english), "most have no known cause").toBe(
    "Hidden layer 2: 214 of 1,000 units are dead (validation, 10,000 examples, epoch 4), most of them since epoch 3. Lower training.learningRate, such as from 0.1 to 0.03.",
  );
  expect(findingWords({ ...found, sinceEpoch: 4 }, null, english)).toBe(
    "Hidden layer 2: 214 of 1,000 units are dead (validation, 10,000 examples, epoch 4).",
  );
});

it("says what else may be with a layer", () => {
  const words = layerFindings([evaluation(1, { dormant: 600, sparsity: 0.995, alwaysOn: 501 })], widths, usual).map(
    (one) => findingWords(one, null, english),
  );
  expect(words[0]).toMatch(/^Hidden layer 1: 600 of 1,000 units are dormant \(validation, 10,000 examples, epoch 1\)/);
  expect(words[1]).toMatch(/501 of 1,000 units fire on every example/);
  expect(words[2]).toBe("Hidden layer 1: 99.5 % zeros (validation, 10,000 examples, epoch 1), more than 99.0 %.");
});

const text = (training: string, network = "") => `{
  // comment
  "dataset": { "name": "mnist-sample" },
  "network": { "hidden": [1000, 1000]${network} },
  "training": { "epochs": 8, ${training} } // another
}`;

/** Titles of the mends that make a valid config, as they are offered. */
function mended(config: string, known: LayerDeaths | null, finding = found): string[] {
  const { experiment } = readExperiment(config, "a.rectiscope.json");
  return layerMends(finding, known, experimentSchema.parse(experiment), english).map((mend) => {
    const changed = changedConfig(config, mend);
    expect(readExperiment(changed, "a.rectiscope.json").problems, changed).toEqual([]);
    expect(changed).toContain("// comment");
    return mend.title;
  });
}

it("mends by the cause, and each mend makes a valid config", () => {
  const rate: Mend = { key: "training.learningRate", now: 0.1, suggested: 0.03 };
  const l1: Mend = { key: "training.l1", now: 0.01, suggested: 0.003 };
  const narrow = "Narrow hidden layer 2 from 1,000 to its 786 living units";
  expect(mended(text('"learningRate": 0.1'), deaths("largeUpdate", [rate]))).toEqual([
    "Lower training.learningRate from 0.1 to 0.03",
    "Lower training.learningRate from 0.1 to 0.01",
    'Revive dead units: add "revive": { "everyEpochs": 1 }',
    narrow,
  ]);
  expect(mended(text('"learningRate": 0.1, "l1": 0.01'), deaths("decayed", [l1]))).toEqual([
    "Lower training.l1 from 0.01 to 0.003",
    "Lower training.l1 from 0.01 to 0.001",
    'Revive dead units: add "revive": { "everyEpochs": 2, "pauseL1Epochs": 1 }',
    narrow,
  ]);
  const unmasked = text('"learningRate": 0.1, "revive": {}', ', "signs": "none"');
  expect(mended(unmasked, deaths("biasDriven"))).toEqual(["Flip half of the units' signs (network.signs)", narrow]);
});

it("offers no narrower layer where no unit lives, and more λ where units are always on", () => {
  const config = text('"learningRate": 0.1');
  expect(mended(config, null, { ...found, share: 1 }).join()).not.toMatch(/Narrow/);
  expect(mended(config, null, { ...found, kind: "alwaysOn" })).toEqual(["Raise training.l1 from 0 to 0.001"]);
  expect(mended(config, null, { ...found, kind: "sparsity" })).toEqual([]);
});

it("behind a width: zeros and dead units, never rounded to none, and never sparsity where it is not defined", () => {
  expect(inlineText(figures({ dead: 3 }), 1000, english)).toBe("90.0 % zeros · 0.3 % dead");
  expect(inlineText(figures({ dead: 1 }), 10_000, english)).toBe("90.0 % zeros · 0.1 % dead");
  expect(inlineText(figures(), 1000, english)).toBe("90.0 % zeros · 0 dead");
  const smooth = figures({ sparsity: null, nearZero: 0.123, dead: null });
  expect(inlineText(smooth, 1000, english)).toBe("12.3 % near zero");
});

it("in full: every figure that is defined, with its definition", () => {
  const rows = figureRows(figures(), 1000, english);
  expect(rows.map(({ label, value }) => `${label} ${value}`)).toEqual([
    ...["Sparsity 90.0 %", "Dead 0 of 1,000", "Dying 0 of 1,000", "Dormant 20 of 1,000", "Rare 3 of 1,000"],
    ...["Always on 0 of 1,000", "Active units mean 10; 10 to 90 % of examples: 8 to 12"],
    ...["Mean activation −0.01", "Gradient norm 0.5", "Update ratio 0.001"],
  ]);
  for (const { text: definition } of rows) expect(definition).toBeTruthy();
  const smooth = { sparsity: null, dead: null, dying: null, rare: null, alwaysOn: null, activeUnits: null };
  expect(figureRows(figures({ ...smooth, nearZero: 0.1 }), 5, english).map(({ label }) => label)).not.toContain(
    "Sparsity",
  );
});
