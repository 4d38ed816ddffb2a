/** A run on reviews with stars: its RMSE in every place, and what it is. */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dist } from "../../../test/support/kernelModule.js";
import { type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import { type ExampleSet, writeExample } from "../data/dataset.js";
import { loadDataset } from "../data/registry.js";
import { jsonLinesOf, starReviews, textFolder, writeFiles } from "../data/text/textFixture.js";
import { networkShape, type Parameters } from "../network/network.js";
import { wholeParameters } from "../network/networkArrays.js";
import { resultOf } from "../sweeps/trialOutcome.js";
import { readRun } from "./readRun.js";
import { readBestCheckpoint } from "./runCheckpoint.js";
import { runExperiment } from "./runExperiment.js";

let folder: string;
beforeAll(async () => {
  folder = await textFolder();
  await writeFiles(folder, { "r.jsonl": jsonLinesOf(starReviews(300)) });
});
afterAll(() => rm(folder, { recursive: true }));

const config = (more: object = {}): ExperimentInput => ({
  dataset: { name: "text", text: { files: ["r.jsonl"], labelKey: "stars", labels: "stars" }, ...more },
  network: { hidden: [20, 12] },
  training: { learningRate: 0.1, epochs: 3 },
});

async function start(input: ExperimentInput, name: string) {
  return runExperiment(
    {
      configFile: path.join(folder, "stars.rectiscope.json"),
      experiment: experimentSchema.parse(input),
      runFolder: path.join(folder, "runs", name),
      dataFolders: [],
      assets: dist,
      version: "1.2.3",
      stop: new SharedArrayBuffer(4),
    },
    {},
  );
}

/** Straight from the definitions, in double precision. */
function rmseOf(set: ExampleSet, parameters: Parameters, inputs: number): number {
  let squares = 0;
  for (let k = 0; k < set.n; k++) {
    let values = new Float64Array(inputs);
    writeExample(set.inputs, k, inputs, values, 0);
    for (const { weightsInOut, biases, signs } of parameters) {
      values = Float64Array.from(biases, (bias, j) => {
        const a = values.reduce((sum, x, i) => sum + x * (weightsInOut[i * biases.length + j] as number), bias);
        return signs ? Math.max(0, a) * (signs[j] as number) : a;
      });
    }
    const shares = values.map(Math.exp);
    const total = shares.reduce((sum, share) => sum + share, 0);
    const expected = shares.reduce((sum, share, c) => sum + (share / total) * (c + 1), 0);
    squares += (expected - ((set.labels[k] as number) + 1)) ** 2;
  }
  return Math.sqrt(squares / set.n);
}

test("the RMSE in evaluations, summary and a sweep's results is that of the expected stars", async () => {
  const run = await start(config(), "stars");
  expect(run.state).toBe("finished");
  const { evaluations } = await readRun(path.join(folder, "runs/stars"));
  const { summary } = run;
  const best = evaluations.find(({ set, step }) => set === "valid" && step === summary?.bestStep);
  const test = evaluations.find(({ set }) => set === "test");
  expect(evaluations.every(({ rmse }) => rmse !== undefined && rmse >= 0 && rmse <= 4)).toBe(true);
  expect([summary?.valid.rmse, summary?.test.rmse]).toEqual([best?.rmse, test?.rmse]);
  expect(resultOf(run)).toMatchObject({ valid: { rmse: best?.rmse }, test: { rmse: test?.rmse } });
  expect(run.config?.dataset).toMatchObject({ classes: 5, validation: 24 });

  const experiment = experimentSchema.parse(config());
  const places = { configFolder: folder, dataFolders: [], assets: dist };
  const dataset = await loadDataset(experiment.dataset, places);
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const parameters = await wholeParameters(readBestCheckpoint(path.join(folder, "runs/stars"), shape).arrays);
  expect(JSON.parse(readFileSync(path.join(folder, "runs/stars/vocabulary.json"), "utf8"))).toEqual({
    terms: dataset.terms,
    classes: ["1", "2", "3", "4", "5"],
  });
  expect(test?.rmse).toBeCloseTo(rmseOf(dataset.test, parameters, dataset.dimension), 5);
  expect(best?.rmse).toBeCloseTo(rmseOf(dataset.valid, parameters, dataset.dimension), 5);
});

test("runs whose labels are classes have none", async () => {
  const classes = config();
  classes.dataset.text = { files: ["r.jsonl"], labelKey: "stars" };
  const run = await start(classes, "classes");
  expect(run.summary?.test).not.toHaveProperty("rmse");
});

test("the resolved config reads the same data again", async () => {
  for (const more of [{ labelFraction: 0.3 }, { fold: { index: 2, of: 3 } }]) {
    const run = await start(config(more), `again-${Object.keys(more)[0]}`);
    const again = await start(run.config as ExperimentInput, `resolved-${Object.keys(more)[0]}`);
    expect(again.config).toEqual(run.config);
    expect(again.summary?.test).toEqual(run.summary?.test);
  }
});
