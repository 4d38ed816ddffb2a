import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigReadError, readConfigText } from "../experiment/configText.js";
import { formatProblem, type Problem } from "../experiment/problem.js";
import { readSweep, sweepName } from "./sweepFile.js";

const experiment = `{ "dataset": { "name": "mnist-sample" }, "network": { "hidden": [20, 10] }, "training": { "learningRate": 0.1, "epochs": 2 } }`;
const files: Record<string, string> = {
  "/w/a.rectiscope.json": experiment,
  "/w/broken.rectiscope.json": experiment.replace('"epochs": 2', '"epochs": -1, "seed": 1'),
  "/w/sub/b.rectiscope.json": experiment.replace('"name": "mnist-sample"', '"name": "idx", "folder": "../data"'),
  "/w/sub/texts.rectiscope.json": experiment.replace(
    '"name": "mnist-sample"',
    '"name": "text", "text": { "files": ["r.csv"] }',
  ),
};
const readBase = async (file: string) => {
  const text = files[file];
  if (text === undefined) throw new ConfigReadError(`There is no config ${file}. Check the path.`, file);
  return text;
};
const read = (text: string) => readSweep(text, "/w/s.sweep.rectiscope.json", readBase);
const sweep = (rest: object) => JSON.stringify({ base: "a.rectiscope.json", ...rest });

async function problemOf(text: string): Promise<Problem> {
  const { plan, problems } = await read(text);
  expect(plan).toBeNull();
  expect(problems.map(formatProblem)).toHaveLength(1);
  return problems[0] as Problem;
}

describe("a good sweep", () => {
  it("takes its base from a file, with folders as the sweep sees them, or inline", async () => {
    const { plan } = await read('{ "base": "sub/b.rectiscope.json" } // one trial');
    expect(plan).toMatchObject({
      trials: 1,
      base: { dataset: { folder: "data" } },
      sweep: { maxTrials: 1000, jobs: "auto" },
    });
    const texts = await read('{ "base": "sub/texts.rectiscope.json", "axes": { "dataset.labelFraction": [0.1, 1] } }');
    expect(texts.problems).toEqual([]);
    expect(texts.plan).toMatchObject({ trials: 2, base: { dataset: { folder: "sub", text: { files: ["r.csv"] } } } });
    const inline = await read(`{ "base": ${experiment}, "axes": { "seed": [1, 2] } }`);
    expect(inline.problems).toEqual([]);
    expect(inline.plan).toMatchObject({ trials: 2, base: { training: { batchSize: 10 } } });
  });

  it("is each of the examples", async () => {
    const folder = path.resolve("examples");
    const names = readdirSync(folder).filter((file) => file.endsWith(".sweep.rectiscope.json"));
    expect(names).toEqual([
      "figure3.sweep.rectiscope.json",
      "quick.sweep.rectiscope.json",
      "sentiment-labels.sweep.rectiscope.json",
    ]);
    for (const name of names) {
      const file = path.join(folder, name);
      const { plan, problems } = await readSweep(readFileSync(file, "utf8"), file, readConfigText);
      expect(problems.map(formatProblem)).toEqual([]);
      expect(plan?.trials).toBe({ quick: 6, figure3: 48, "sentiment-labels": 15 }[name.split(".")[0] as string]);
    }
  });

  it("is named by itself, else by its file", () => {
    expect(sweepName({}, "/w/quick.sweep.rectiscope.json")).toBe("quick");
    expect(sweepName({ name: "mine" }, "/w/quick.sweep.rectiscope.json")).toBe("mine");
  });
});

const range = (change: object) => ({
  axes: { "training.l1": { spacing: "linear", min: 0, max: 1, count: 3, ...change } },
});
const stage = (...stages: object[]) => ({ stages: [{ name: "one", axes: { seed: [1] } }, ...stages] });

describe("a problem", () => {
  it("has line, column, range, key and value", async () => {
    const text = `{\n  "base": "a.rectiscope.json",\n  "axes": { "training.l1": [0, -1] }\n}`;
    const problem = await problemOf(text);
    expect(problem).toMatchObject({ code: "invalidValue", key: "axes.training.l1[1]", line: 3, column: 32 });
    expect(text.slice(problem.offset, problem.offset + problem.length)).toBe("-1");
    expect(problem.message).toBe("training.l1 is -1; it has to be a number from 0 to 1000.");
  });

  it.each([
    // the schema's
    [sweep({ axis: {} }), "unknownKey", /Unknown key "axis". Did you mean "axes"\?/],
    ["{}", "missingKey", /base is missing/],
    [sweep({ axes: { "training.l1": 3 } }), "invalidValue", /axes\.training\.l1 is 3; it has to be a list of/],
    [sweep({ axes: { "training.l1": [] } }), "invalidValue", /axes\.training\.l1 is an empty list/],
    [sweep(range({ spacing: "lin" })), "invalidValue", /spacing is "lin"; it has to be one of "linear", "log"/],
    [sweep(range({ steps: 3 })), "unknownKey", /Unknown key "steps" in axes\.training\.l1/],
    [sweep({ seeds: 0 }), "invalidValue", /seeds is 0; /],
    [sweep({ folds: 1 }), "invalidValue", /folds is 1; it has to be a whole number from 2 to 100/],
    [
      `{ "base": ${experiment.replace("0.1", '"0.1"')} }`,
      "invalidValue",
      /base\.training\.learningRate is "0\.1"; .* without quotes/,
    ],
    // the base's
    [sweep({ base: "no.rectiscope.json" }), "invalidValue", /base is "no\.rectiscope\.json": There is no config/],
    [sweep({ base: "b.sweep.rectiscope.json" }), "invalidValue", /a sweep; it has to be an experiment/],
    [
      sweep({ base: "broken.rectiscope.json" }),
      "invalidValue",
      /The base has 2 problems: broken\.rectiscope\.json:1:\d+: /,
    ],
    // keys of axes
    [
      sweep({ axes: { "training.learnRate": [1] } }),
      "unknownKey",
      /the key "training\.learnRate"\. Did you mean "training\.learningRate"\?/,
    ],
    [sweep({ axes: { l1: [1] } }), "unknownKey", /Did you mean "training\.l1"\?/],
    [sweep({ set: { nothing: 1 } }), "unknownKey", /Keys are written as in --set/],
    [sweep({ axes: { threads: [1] } }), "unknownKey", /"threads" cannot be varied: .* use jobs/],
    [sweep({ axes: { "dataset.fold": [1] } }), "unknownKey", /use folds/],
    // values
    [
      sweep({ axes: { "network.activation": ["relu"] } }),
      "invalidValue",
      /network\.activation is "relu"; it has to be one of/,
    ],
    [
      sweep({ axes: { "training.epochs": { spacing: "linear", min: 1, max: 2, count: 3 } } }),
      "invalidValue",
      /training\.epochs is 1\.5; .* whole number/,
    ],
    [
      sweep({ axes: { "training.epochs": { distribution: "uniform", min: 1, max: 9 } }, samples: 2 }),
      "invalidValue",
      /whole number/,
    ],
    [sweep({ set: { "training.epochs": 0 } }), "invalidValue", /training\.epochs is 0, and nothing is pre-trained/],
    [sweep({ axes: { "network.hidden[5]": [4] } }), "invalidValue", /network\.hidden\[5\]/],
    // ranges
    [sweep(range({ count: undefined })), "missingKey", /count is missing/],
    [sweep(range({ spacing: undefined, count: undefined })), "missingKey", /needs "spacing" .* or "distribution"/],
    [sweep(range({ max: 0 })), "invalidValue", /max is 0; it has to be greater than min, 0/],
    [sweep(range({ spacing: "log" })), "invalidValue", /min is 0; a logarithmic range needs a min greater than 0/],
    [sweep({ ...range({ distribution: "uniform" }), samples: 2 }), "invalidValue", /either spacing or distribution/],
    [
      sweep(range({ spacing: undefined, count: undefined, distribution: "uniform" })),
      "missingKey",
      /samples is missing/,
    ],
    [sweep({ samples: 3 }), "invalidValue", /samples is 3, but no axis has a distribution/],
    [sweep({ axes: { seed: [1] }, seeds: 2 }), "invalidValue", /both set the seed/],
    // selection
    [
      sweep({ axes: { "training.l1": [0] }, select: { over: ["training.l2"] } }),
      "invalidValue",
      /names "training\.l2", which is no axis; there are "training\.l1"/,
    ],
    [
      sweep({ select: { by: "reconstructionError" } }),
      "invalidValue",
      /only pre-training has, and this experiment has none/,
    ],
    // cases
    [sweep({ cases: [{ "training.l2": 0 }] }), "unknownKey", /Did you mean "training\.l1"\?/],
    [sweep({ cases: [{}, { "training.l1": -1 }] }), "invalidValue", /training\.l1 is -1; it has to be/],
    [
      sweep({ cases: [{ "training.l1": 0 }], axes: { "training.l1": [1] } }),
      "invalidValue",
      /"training\.l1" is an axis as well as in a case/,
    ],
    [sweep({ cases: [{ seed: 3 }], seeds: 2 }), "invalidValue", /seeds and the cases' "seed" both set the seed/],
    [sweep({ study: "table2" }), "invalidValue", /study is "table2"/],
    // stages
    [sweep({ ...stage(), cases: [{}] }), "invalidValue", /cases stands beside stages/],
    [sweep({ ...stage(), seeds: 2 }), "invalidValue", /seeds stands beside stages/],
    [sweep(stage({ name: "one" })), "invalidValue", /There is a stage "one" already/],
    [sweep(stage({ name: "two", after: "three" })), "invalidValue", /after is "three"; it has to be one of "one"/],
    [sweep(stage({ name: "two", take: "selected" })), "invalidValue", /the stage "one" has no select/],
    [
      sweep(stage({ name: "two", axes: { "network.hidden": [[5]] } })),
      "invalidValue",
      /cannot start with an earlier network's parameters/,
    ],
    // size
    [sweep({ seeds: 10, maxTrials: 9 }), "invalidValue", /makes 10 trials; maxTrials allows 9/],
    [sweep({ seeds: 1001 }), "invalidValue", /makes 1001 trials; maxTrials allows 1000/],
  ])("%s", async (text, code, message) => {
    const problem = await problemOf(text);
    expect([problem.code, problem.message]).toEqual([code, expect.stringMatching(message)]);
    expect(problem.file).toBe("/w/s.sweep.rectiscope.json");
  });
});
