import { describe, expect, it } from "vitest";
import { experimentSchema } from "../../common/experiment.js";
import { studies } from "../../common/studies.js";
import type { StudyReport } from "../../common/studyReport.js";
import { absence, deviationWords, publishedWords, rowName } from "../../common/studyWords.js";
import { stagesOf, sweepSchema } from "../../common/sweep.js";
import type { Params, TrialRecord } from "../../common/sweepRecord.js";
import { expandStage } from "../sweeps/expand.js";
import { studyReport } from "./report.js";

const mnist = {
  dataset: { name: "mnist" },
  network: { hidden: [1000, 1000, 1000] },
  training: { learningRate: 0.1, epochs: 1000, l1: 0.001 },
};

interface Figures {
  valid: number;
  test: number;
  zeros?: number;
  rmse?: number;
  bestEpoch?: number;
}

/** The sweep's trials, stage by stage from nothing chosen; `figuresOf` null for one that has not been trained. */
function reportOf(
  rest: object,
  figuresOf: (params: Params, stage: string) => Figures | null,
  base: object = mnist,
): StudyReport {
  const sweep = sweepSchema.parse({ base, ...rest });
  const trials = stagesOf(sweep).flatMap((plan) =>
    expandStage(plan, sweep, [{ number: null, params: {}, seed: 1 }]).map(({ params }) => ({
      stage: plan.name,
      params,
    })),
  );
  const parsed = experimentSchema.parse(base);
  const records = trials.map(({ stage, params }, i): TrialRecord => {
    const figures = figuresOf(params, stage);
    const set = (error: number, rmse = figures?.rmse) => ({
      n: 100,
      error,
      loss: 1,
      ...(rmse !== undefined && { rmse }),
    });
    return {
      number: i + 1,
      stage,
      key: String(i),
      params,
      parent: null,
      run: `runs/${i}`,
      reused: false,
      state: figures ? "finished" : "pending",
      result: figures && {
        test: set(figures.test),
        valid: set(figures.valid),
        sparsity: figures.zeros === undefined ? null : { mean: figures.zeros },
        dead: null,
        epochs: 5,
        bestEpoch: figures.bestEpoch ?? 4,
        samplesPerSecond: 1,
        seconds: 1,
      },
      error: null,
    };
  });
  return studyReport({ sweep, base: parsed, trials: records }) as StudyReport;
}

const rates = { "training.learningRate": [0.1, 0.01, 0.001, 0.0001] };
const kinds = ({ deviations }: StudyReport) => deviations.map(({ kind }) => kind);

describe("a table's rows", () => {
  const table = { study: "table1-mnist", axes: rates };

  it("take the network with the lowest validation error, whatever its test error is", () => {
    const valid: Record<number, number> = { 0.1: 0.03, 0.01: 0.02, 0.001: 0.04, 0.0001: 0.5 };
    const report = reportOf(table, ({ "training.learningRate": rate }) => ({
      valid: valid[rate as number] as number,
      test: rate === 0.001 ? 0.001 : 0.025,
      zeros: 0.8,
    }));
    const row = report.rows.find(({ of }) => of > 0);
    expect(row).toMatchObject({
      unit: "rectifier",
      pretrained: false,
      published: 0.0143,
      publishedZeros: expect.closeTo(0.834, 12),
      ours: { mean: 0.025, sd: null },
      zeros: 0.8,
      chosen: { "training.learningRate": 0.01 },
      trials: [2],
      done: 4,
      of: 4,
    });
    // the others are published and not in this sweep
    expect(report.rows.filter(({ ours }) => ours === null)).toHaveLength(5);
    expect(absence(report.rows[0]!)).toBe("not in this sweep");
  });

  it("are means over seeds, of which no half trained one counts", () => {
    const report = reportOf({ study: "table1-mnist", seeds: 3 }, ({ seed }) =>
      seed === 3 ? null : { valid: 0.02, test: seed === 1 ? 0.02 : 0.03, zeros: 0.9 },
    );
    const row = report.rows.find(({ of }) => of > 0)!;
    expect(row.ours!.mean).toBeCloseTo(0.025, 12);
    expect(row).toMatchObject({ trials: [1, 2], done: 2, of: 3 });
    expect(absence(row)).toBe("2 of 3 so far");
  });

  it("are of the last round: a search before it only chooses", () => {
    const stages = [
      { name: "rates", axes: rates, select: {} },
      { name: "trained", take: "selected", start: "anew", set: { "training.epochs": 1000 } },
    ];
    const searched = (_: Params, stage: string) => (stage === "rates" ? { valid: 0.001, test: 0.001 } : null);
    const report = reportOf({ study: "table1-mnist", stages }, searched);
    const row = report.rows.find(({ of }) => of > 0)!;
    expect(row).toMatchObject({ ours: null, done: 0, of: 1 });
    expect(absence(row)).toBe("not run");
    // what the search chose is said once the last round has come to something
    const done = reportOf(
      { study: "table1-mnist", stages: [stages[0], { ...stages[1], axes: { "training.learningRate": [0.01] } }] },
      () => ({
        valid: 0.02,
        test: 0.03,
      }),
    );
    expect(done.rows.find(({ of }) => of > 0)).toMatchObject({
      ours: { mean: 0.03 },
      chosen: { "training.learningRate": 0.01 },
    });
  });

  it("say in words which network they are, and what was published", () => {
    const [first] = studies["table1-mnist"].rows;
    expect(rowName(first!)).toBe("rectifier, with pre-training");
    expect(publishedWords(first!, "testError")).toBe("1.20 %");
    expect(rowName(studies["softplus-sharpness"].rows[1]!)).toBe("softplus α 1.3");
    expect(studies.figure3.rows.map((row) => `${rowName(row)}: ${publishedWords(row, "testError")}`)).toEqual([
      "rectifier, fewer than 70 % zeros: no number given",
      "rectifier, 70 % to 85 % zeros: about the same error",
      "rectifier, 85 % zeros or more: the error grows",
    ]);
    expect(studies.opentable.rows.map((row) => `${rowName(row)}: ${publishedWords(row, "testRmse")}`)).toContain(
      "rectifier, 3 hidden layers: 0.746",
    );
  });
});

it("networks are counted by their zeros in figure 3, all of them", () => {
  const cases = [0.5, 0.7, 0.8, 0.85, 1].map((zeros, i) => ({ "training.l1": zeros / 100, seed: i + 1 }));
  const report = reportOf({ study: "figure3", cases }, ({ "training.l1": l1 }) => ({
    valid: 0.02,
    test: l1 as number,
    zeros: (l1 as number) * 100,
  }));
  expect(report.rows.map(({ trials }) => trials)).toEqual([[1], [2, 3], [4, 5]]);
  expect(report.rows[1]!.ours!.mean).toBeCloseTo(0.0075, 12);
  expect(report.deviations).toContainEqual({ kind: "networks", ours: 5, paper: 200 });
  // one that was never better than untrained has the zeros of chance: it is counted nowhere, and that is said
  const collapsed = reportOf({ study: "figure3", cases }, ({ seed }) => ({
    valid: seed === 5 ? 0.9 : 0.02,
    test: seed === 5 ? 0.9 : 0.02,
    zeros: 0.5,
    ...(seed === 5 && { bestEpoch: 0 }),
  }));
  expect(collapsed.rows.map(({ trials }) => trials)).toEqual([[1, 2, 3, 4], [], []]);
  expect(collapsed.rows.map((row) => absence(row))).toEqual(["", "no network so far", "no network so far"]);
  expect(deviationWords(collapsed.deviations.at(-1)!)).toMatch(/^Trial 5 was never better than before training/);
});

it("figure 4's gain is the chosen network without pre-training less the one with it", () => {
  const cases = [{}, { pretraining: {} }];
  const axes = { "dataset.labelFraction": [0.1, 1] };
  const report = reportOf({ study: "figure4", cases, axes }, ({ pretraining, "dataset.labelFraction": share }) => ({
    valid: 0.1,
    test: share === 1 ? 0.16 : pretraining ? 0.2 : 0.26,
  }));
  const gains = report.rows.filter(({ unit, ours }) => unit === "rectifier" && ours);
  expect(gains.map(({ labelFraction, ours }) => [labelFraction, Number(ours!.mean.toFixed(6))])).toEqual([
    [0.1, 0.06],
    [1, 0],
  ]);
});

it("Amazon's accuracy is the mean over the products, each with its best network", () => {
  const text = { name: "text", text: { files: ["a.review"], format: "wordCounts" } };
  const base = { dataset: text, network: { hidden: [9, 9, 9] }, training: { learningRate: 0.1, epochs: 3 } };
  const cases = ["a", "b"].map((name) => ({ "dataset.text.files": [`${name}.review`] }));
  const axes = { "training.learningRate": [0.1, 0.01] };
  const report = reportOf(
    { study: "amazon", cases, axes },
    (params) => {
      const best = params["training.learningRate"] === 0.01;
      const second = JSON.stringify(params).includes("b.review");
      return { valid: best ? 0.1 : 0.2, test: best ? (second ? 0.3 : 0.2) : 0.01 };
    },
    base,
  );
  expect(report.rows[0]!.ours!.mean).toBeCloseTo(0.75, 12);
  expect(report.rows[0]!.trials).toEqual([2, 4]);
});

it("stars are not made up where labels are classes", () => {
  const base = { ...mnist, network: { hidden: [5] } };
  const report = reportOf({ study: "opentable" }, () => ({ valid: 0.2, test: 0.2, zeros: 0.5 }), base);
  const row = report.rows.find(({ of }) => of > 0)!;
  expect(row.ours).toBeNull();
  expect(absence(row)).toBe("not measured on these data");
});

describe("deviations", () => {
  const good = () => ({ valid: 0.02, test: 0.02, zeros: 0.8 });

  it("there are none but chance where all is as in the paper", () => {
    expect(kinds(reportOf({ study: "table1-mnist", axes: rates }, good))).toEqual(["oneSeed"]);
    expect(kinds(reportOf({ study: "table1-mnist", axes: rates, seeds: 2 }, good))).toEqual([]);
  });

  it.each<[string, object, object, RegExp]>([
    ["other data", {}, { dataset: { name: "mnist-sample" } }, /mnist-sample with 10,000 examples .* MNIST with 60,000/],
    [
      "data of one's own",
      {},
      { dataset: { name: "csv", csv: { files: ["a.csv"] } } },
      /csv in place of the paper's MNIST/,
    ],
    ["widths", {}, { network: { hidden: [50, 50] } }, /50–50 units; the paper's have 1000–1000–1000/],
    ["epochs", { set: { "training.epochs": 7 } }, {}, /Trained for 7 epochs.* up to 1,000/],
    ["one epoch", { set: { "training.epochs": 1 } }, {}, /Trained for 1 epoch;/],
    ["one rate", { axes: {} }, {}, /One learning rate, 0\.1, without a search/],
    [
      "fewer rates",
      { axes: { "training.learningRate": [0.1, 0.01] } },
      {},
      /chosen among 0\.1, 0\.01; in the paper among 0\.1, 0\.01, 0\.001, 0\.0001/,
    ],
    ["batches", { set: { "training.batchSize": 100 } }, {}, /Mini-batches of 100 examples; the paper's have 10/],
    ["optimizer", { set: { "training.optimizer": "adam" } }, {}, /Trained with adam/],
    ["penalty", { set: { "training.l1": 0.01 } }, {}, /L1 penalty λ 0\.01 .* rectifier .* 0\.001/],
    ["no penalty", { set: { "training.l1": 0 } }, {}, /No L1 penalty on the activations of rectifier units/],
    ["mask", { set: { "network.signs": "none" } }, {}, /Sign mask: none/],
    ["labels", { set: { "dataset.labelFraction": 0.1 } }, {}, /Trained on 10 % of the labels; .* on all/],
    ["target", { set: { "training.targetSparsity": 0.9 } }, {}, /reach a target sparsity/],
    ["revival", { set: { "training.revive": {} } }, {}, /Units that died were revived/],
    ["start", { set: { warmStart: { run: "other" } } }, {}, /Trained on from another run's network/],
    ["noise", { set: { pretraining: { corruption: 0.5 } } }, {}, /50 % of the inputs masked; in the paper 25 %/],
    [
      "pre-training",
      { set: { pretraining: { epochs: 2 } } },
      {},
      /Pre-trained for 2 epochs a layer; the paper's authors for 30/,
    ],
  ])("are told from the configs: %s", (_, change, base, words) => {
    const report = reportOf({ study: "table1-mnist", axes: rates, seeds: 2, ...change }, good, { ...mnist, ...base });
    expect(report.deviations.map((deviation) => deviationWords(deviation)).join("\n")).toMatch(words);
    expect(report.deviations).toHaveLength(1);
  });

  it("a search in fewer epochs is told, before the last round has begun too", () => {
    const stages = [
      { name: "rates", axes: rates, select: {}, set: { "training.epochs": 1 } },
      { name: "trained", take: "selected", start: "anew", seeds: 2, set: { "training.epochs": 1000 } },
    ];
    expect(reportOf({ study: "table1-mnist", stages }, () => null).deviations).toEqual([
      { kind: "shortSearch", search: 1, final: 1000 },
    ]);
  });

  it("folds are told where the paper has them", () => {
    const base = { ...mnist, training: { ...mnist.training, l1: 0 }, network: { hidden: [9] } };
    const words = (rest: object) =>
      reportOf({ study: "opentable", axes: rates, ...rest }, good, base).deviations.map((one) => deviationWords(one));
    expect(words({}).join()).toMatch(/No cross-validation; the paper's has 10 folds/);
    expect(words({ folds: 3 }).join()).toMatch(/with 3 folds; the paper's has 10/);
    expect(words({ folds: 10 }).join()).not.toMatch(/fold/);
  });
});

it("a sweep that names no study has no report", () => {
  const sweep = sweepSchema.parse({ base: mnist });
  expect(studyReport({ sweep, base: experimentSchema.parse(mnist), trials: [] })).toBeNull();
});
