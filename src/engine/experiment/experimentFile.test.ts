import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experimentName, readExperiment, resolveExperiment } from "./experimentFile.js";
import { formatProblem, type Problem } from "./problem.js";

const minimal = `{
  "dataset": { "name": "mnist-sample" },
  "network": { "hidden": [20, 10] },
  "training": { "learningRate": 0.1, "epochs": 2 }
}`;

const read = (text: string, settings: string[] = []) => readExperiment(text, "a.rectiscope.json", settings);

/** The only problem of a text. */
function problemOf(text: string, settings: string[] = []): Problem {
  const { experiment, problems } = read(text, settings);
  expect(experiment).toBeNull();
  expect(problems.map(formatProblem)).toHaveLength(1);
  return problems[0] as Problem;
}

/** The minimal config with one text replaced. */
const changed = (from: string, to: string) => {
  expect(minimal).toContain(from);
  return minimal.replace(from, to);
};

const marked = (text: string, { offset, length }: { offset: number; length: number }) =>
  text.slice(offset, offset + length);

const mended = (text: string, { fix }: Problem) =>
  fix ? text.slice(0, fix.offset) + fix.text + text.slice(fix.offset + fix.length) : null;

describe("a good file", () => {
  it("is read with every default", () => {
    const { experiment, problems } = read(minimal);
    expect(problems).toEqual([]);
    expect(experiment).toMatchObject({
      dataset: { name: "mnist-sample" },
      network: { hidden: [20, 10], activation: "rectifier", sharpness: 1 },
      training: { optimizer: "sgd", learningRate: 0.1, batchSize: 10, epochs: 2, l1: 0 },
      evaluation: { rareThreshold: 0.001, dormantThreshold: 0.025 },
      seed: 1,
      threads: "auto",
    });
  });

  it("needs nothing but the section to pre-train, and values for all layers or for each", () => {
    const { experiment } = read(minimal, ["pretraining={}", "training.epochs=0"]);
    expect(experiment?.pretraining).toEqual({
      strategy: "auto",
      target: "unmasked",
      noise: "auto",
      salt: 0.005,
      tied: false,
      learningRate: 0.01,
      epochs: 30,
    });
    const lists = read(minimal, ["pretraining.epochs=[3,4]", 'pretraining.strategy=["linear","auto"]']);
    expect(lists.problems).toEqual([]);
    expect(lists.experiment?.pretraining).toMatchObject({ epochs: [3, 4], strategy: ["linear", "auto"] });
  });

  it("may have comments, trailing commas, a byte order mark and any line ends", () => {
    const text = `\uFEFF// first\r\n${minimal.replace("[20, 10]", "[20, /* wide */ 10,]").replaceAll("\n", "\r\n")}`;
    expect(read(text).experiment?.network.hidden).toEqual([20, 10]);
  });

  it("is each of the examples", () => {
    const folder = path.resolve("examples");
    const files = readdirSync(folder).filter((file) => /(?<!\.sweep)\.rectiscope\.json$/.test(file));
    expect(files).toEqual(
      [
        "mnist-pretrained-rectifier",
        "mnist-pretrained-tanh",
        "mnist-rectifier",
        "mnist-revive",
        "mnist-tanh",
        "mnist-target-sparsity",
        "quick",
        "sentiment",
      ].map((name) => `${name}.rectiscope.json`),
    );
    for (const file of files) {
      const { experiment, problems } = readExperiment(readFileSync(path.join(folder, file), "utf8"), file);
      expect(problems.map(formatProblem)).toEqual([]);
      expect(experiment?.seed).toBe(1);
    }
  });
});

it("a network may have no hidden layer, but then nothing that is about hidden units", () => {
  const none = ["network.hidden=[]"];
  expect(read(minimal, none)).toMatchObject({ problems: [], experiment: { network: { hidden: [] } } });
  const { problems } = read(changed('"epochs": 2', '"epochs": 2, "targetSparsity": 0.8, "revive": {}'), none);
  expect(problems.map(({ key, code }) => [key, code])).toEqual([
    ["training.targetSparsity", "unusedKey"],
    ["training.revive", "unusedKey"],
  ]);
});

describe("units that are never exactly zero", () => {
  const tanh = ["network.activation=tanh"];
  it("have no target sparsity, and do not die", () => {
    const { problems } = read(changed('"epochs": 2', '"epochs": 2, "targetSparsity": 0.8, "revive": {}'), tanh);
    expect(problems.map(({ key, code }) => [key, code])).toEqual([
      ["training.targetSparsity", "unusedKey"],
      ["training.revive.criterion", "invalidValue"],
    ]);
    expect(problems[0]?.message).toContain("tanh units are never exactly zero: they have no sparsity");
    expect(problems[1]?.message).toContain('Set it to "dormant"');
  });

  it("can be dormant", () => {
    const text = changed('"epochs": 2', '"epochs": 2, "revive": { "criterion": "dormant" }');
    expect(read(text, tanh).problems).toEqual([]);
    expect(read(text, tanh).experiment?.training.revive).toEqual({
      everyEpochs: 1,
      criterion: "dormant",
      pauseL1Epochs: 0,
    });
  });
});

describe("a problem", () => {
  it("has line, column, range, key and value", () => {
    const text = changed("0.1", "-0.5");
    const problem = problemOf(text);
    expect(problem).toMatchObject({
      code: "invalidValue",
      file: "a.rectiscope.json",
      key: "training.learningRate",
      value: -0.5,
      line: 4,
      column: 33,
    });
    expect(marked(text, problem)).toBe("-0.5");
    expect(formatProblem(problem)).toBe(
      "a.rectiscope.json:4:33: training.learningRate is -0.5; it has to be a number greater than 0 and at most 100.",
    );
  });

  it.each([
    // unknown keys
    ['"learningRate"', '"learningrate"', "unknownKey", /"learningrate" in training. Did you mean "learningRate"\?/],
    ['"epochs"', '"epocs"', "unknownKey", /Did you mean "epochs"\?/],
    ['"hidden": [20, 10]', '"hidden": [20], "zzz": 1', "unknownKey", /Known keys: hidden, activation, signs/],
    ['"hidden": [20, 10]', '"hidden": [20], "l1": 1', "unknownKey", /"l1" in network. It belongs in training/],
    ['"hidden": [20, 10]', '"hidden": [20], "seed": 1', "unknownKey", /"seed" in network. It belongs at the top/],
    ['"dataset"', '"__proto__": {"a": 1}, "dataset"', "unknownKey", /"__proto__"/],
    ['"dataset"', '"constructor": 1, "dataset"', "unknownKey", /"constructor"/],
    // sparsity and revival
    [
      '"epochs": 2',
      '"epochs": 2, "targetSparsity": 1',
      "invalidValue",
      /is 1; .* a number greater than 0 and less than 1\.$/,
    ],
    ['"epochs": 2', '"epochs": 2, "targetSparsity": 0.8, "l1": 2', "invalidValue", /what λ starts at, .* at most 1\./],
    [
      '"epochs": 2',
      '"epochs": 2, "revive": { "everyEpochs": 2 }',
      "invalidValue",
      /never be revived.* at most 1, or remove/,
    ],
    ['"epochs": 2', '"epochs": 2, "revive": { "pauseL1Epochs": 1 }, "l1": 1', "invalidValue", /λ would stay 0/],
    [
      '"epochs": 2',
      '"epochs": 9, "revive": { "everyEpochs": 3, "pauseL1Epochs": 1 }',
      "unusedKey",
      /no penalty to pause. Set training.l1/,
    ],
    // values
    ['"mnist-sample"', '"mnst"', "invalidValue", /"mnst"; it has to be one of "mnist", .* Did you mean "mnist"\?/],
    ['"mnist-sample"', '"svhn"', "invalidValue", /one of "mnist", .* "sentiment-sentences", "idx", .* "text"\.$/],
    ['"mnist-sample"', "null", "invalidValue", /dataset.name is null; it has to be one of/],
    ["[20, 10]", "[20, 0]", "invalidValue", /network.hidden\[1\] is 0; .* a whole number from 1 to 65536/],
    ["[20, 10]", "[20, 1e9]", "invalidValue", /network.hidden\[1\] is 1000000000; /],
    ["[20, 10]", "[20, 1.5]", "invalidValue", /network.hidden\[1\] is 1.5; .* whole number/],
    ["[20, 10]", "100", "invalidValue", /network.hidden is 100; .* Did you mean \[100\]\?/],
    ["[20, 10]", '[20, "10"]', "invalidValue", /network.hidden\[1\] is "10"; .* Write it without quotes/],
    ["0.1", "1e999", "invalidValue", /training.learningRate is too large for a number/],
    ["0.1", '"0,1"', "invalidValue", /is "0,1"; it has to be a number greater than 0 and at most 100\.$/],
    ["0.1", "true", "invalidValue", /is true; it has to be a number/],
    ['"epochs": 2', '"epochs": 1e300', "invalidValue", /training.epochs is 1e\+300; .* from 0 to 100000/],
    ['"dataset"', '"seed": -1, "dataset"', "invalidValue", /seed is -1; .* from 0 to 4294967295/],
    ['"dataset"', '"threads": "atuo", "dataset"', "invalidValue", /"auto" or a whole number from 1 to 4. Did you mean/],
    ['"dataset"', '"name": "", "dataset"', "invalidValue", /name is an empty text; .* 1 to 200 characters/],
    ['{ "name": "mnist-sample" }', "[]", "invalidValue", /dataset is an empty list; .* an object .* keys name, folder/],
    ['{ "hidden": [20, 10] }', '"big"', "invalidValue", /network is "big"; .* an object/],
    [
      '"epochs": 2',
      '"epochs": 2, "optimizer": "adma"',
      "invalidValue",
      /one of "sgd", "momentum", "adam". Did you mean "adam"/,
    ],
    ['"epochs": 2', '"epochs": 2, "optimiser": "adam"', "unknownKey", /Did you mean "optimizer"\?/],
    ['"epochs": 2', '"epochs": 2, "optimizer": "momentum", "momentum": 1', "invalidValue", /from 0 to 0.999999/],
    ['"epochs": 2', '"epochs": 2, "optimizer": "adam", "epsilon": 0', "invalidValue", /from 1e-12 to 1/],
    // keys of another optimizer
    [
      '"epochs": 2',
      '"epochs": 2, "momentum": 0.5',
      "unusedKey",
      /^training.momentum is 0.5, but only the optimizer "momentum" has it, and training.optimizer is "sgd". Set .* or remove/,
    ],
    [
      '"epochs": 2',
      '"epochs": 2, "optimizer": "momentum", "beta1": 0.5',
      "unusedKey",
      /training.beta1 is 0.5, but only the optimizer "adam" has it, and training.optimizer is "momentum"/,
    ],
    // missing keys
    ['"learningRate": 0.1, ', "", "missingKey", /training.learningRate is missing: add a number greater than 0/],
    ['{ "hidden": [20, 10] }', "{}", "missingKey", /network.hidden is missing: add a list of 0 to 64 items/],
    ['"dataset": { "name": "mnist-sample" },', "", "missingKey", /dataset is missing: add an object/],
    ['"mnist-sample"', '"idx"', "missingKey", /dataset.folder is missing: with dataset.name "idx", add the folder/],
    // pre-training
    [
      '"epochs": 2',
      '"epochs": 0',
      "invalidValue",
      /training.epochs is 0, and nothing is pre-trained.*at least 1, or add/,
    ],
    [
      '"dataset"',
      '"pretraining": { "stratgy": "linear" }, "dataset"',
      "unknownKey",
      /"stratgy" in pretraining. Did you mean "strategy"\?/,
    ],
    [
      '"dataset"',
      '"pretraining": { "strategy": ["linear", "sacled"] }, "dataset"',
      "invalidValue",
      /pretraining.strategy\[1\] is "sacled"; it has to be one of "auto", .* Did you mean "scaled"\?/,
    ],
    [
      '"dataset"',
      '"pretraining": { "strategy": "sacled" }, "dataset"',
      "invalidValue",
      /pretraining.strategy is "sacled"; it has to be one of "auto", .* or a list of 1 to 64 items.* Did you mean "scaled"\?/,
    ],
    [
      '"dataset"',
      '"pretraining": { "epochs": [1, 2, 3] }, "dataset"',
      "invalidValue",
      /pretraining.epochs has 3 values, but 2 layers are pre-trained\. Give one value for each layer/,
    ],
    [
      '"dataset"',
      '"pretraining": { "layers": 3 }, "dataset"',
      "invalidValue",
      /pretraining.layers is 3, but network.hidden has 2\. Set it to at most 2/,
    ],
    [
      '"dataset"',
      '"pretraining": { "strategy": "crossEntropy" }, "dataset"',
      "invalidValue",
      /pretraining.strategy is "crossEntropy", but the outputs of rectifier units are not bounded by 1\. Use "scaled"/,
    ],
    [
      '"dataset"',
      '"pretraining": { "target": ["unmasked", "preActivation"] }, "dataset"',
      "invalidValue",
      /pretraining.target\[1\] is "preActivation", which is for rectifier units and the strategy "linear" alone/,
    ],
    [
      '"dataset"',
      '"pretraining": { "strategy": "scaled", "target": "masked" }, "dataset"',
      "invalidValue",
      /pretraining.target is "masked", but half of the outputs are then negative.*Use "unmasked"/,
    ],
    [
      '"dataset"',
      '"pretraining": { "corruption": 1.5 }, "dataset"',
      "invalidValue",
      /pretraining.corruption is 1.5; it has to be a number from 0 to 1/,
    ],
    // numbers
    ['"mnist-sample"', '"csv"', "missingKey", /dataset.csv is missing: .* add "csv": \{ "files": \["table.csv"\]/],
    ['"mnist-sample"', '"npz", "npz": {}', "missingKey", /dataset.npz.file is missing/],
    ['"mnist-sample"', '"csv", "csv": { "files": [] }', "invalidValue", /files is an empty list/],
    [
      '"mnist-sample"',
      '"csv", "csv": { "files": ["a.csv"], "lable": "x" }',
      "unknownKey",
      /Unknown key "lable" in dataset.csv. Did you mean "label"/,
    ],
    [
      '"mnist-sample"',
      '"csv", "csv": { "files": ["a.csv"], "scale": "units" }',
      "invalidValue",
      /dataset.csv.scale is "units"; .* Did you mean "unit"/,
    ],
    [
      '"mnist-sample"',
      '"mnist", "images": { "train": "x" }',
      "unusedKey",
      /dataset.images says .* dataset.name is "mnist"\. Set dataset.name to "images"/,
    ],
    [
      '"mnist-sample"',
      '"images", "validation": 9, "images": { "validationShare": 0.2 }',
      "unusedKey",
      /validationShare is 0.2, but dataset.validation says already/,
    ],
    [
      '"mnist-sample"',
      '"idx", "idx": { "inputs": "x", "labels": "y", "testInputs": "z" }',
      "missingKey",
      /dataset.idx.testLabels is missing: a test set needs both/,
    ],
    // texts
    ['"mnist-sample"', '"text"', "missingKey", /dataset.text.files is missing: with dataset.name "text", add "text": /],
    ['"mnist-sample"', '"text", "text": {}', "missingKey", /dataset.text.files is missing/],
    ['"mnist-sample"', '"text", "text": { "files": [] }', "invalidValue", /files is an empty list; .* 1 to 1000 items/],
    [
      '"mnist-sample"',
      '"text", "text": { "files": ["a.csv"], "fromat": "csv" }',
      "unknownKey",
      /Did you mean "format"/,
    ],
    [
      '"mnist-sample"',
      '"text", "text": { "files": ["a.csv"], "format": "xml" }',
      "invalidValue",
      /one of "jsonLines", /,
    ],
    [
      '"mnist-sample"',
      '"text", "text": { "files": ["a.csv"], "labels": "star" }',
      "invalidValue",
      /Did you mean "stars"/,
    ],
    [
      '"mnist-sample"',
      '"mnist", "text": { "files": ["a.csv"] }',
      "unusedKey",
      /dataset.name is "mnist", which are no texts/,
    ],
    [
      '"mnist-sample"',
      '"text", "text": { "files": ["a.review"], "format": "wordCounts", "textKey": "review" }',
      "unusedKey",
      /dataset.text.textKey is "review", but the format "wordCounts" has no keys/,
    ],
    ['"mnist-sample"', '"mnist-sample", "labelSeed": 2', "unusedKey", /there is no dataset.labelFraction/],
    [
      '"mnist-sample"',
      '"mnist-sample", "labelFraction": 0',
      "invalidValue",
      /labelFraction is 0; .* from 0.000001 to 1/,
    ],
    // the same key twice
    ['"epochs": 2', '"epochs": 2, "epochs": 3', "duplicateKey", /"epochs" in training stands here again, after line 4/],
    ['"dataset"', '"network": {"hidden": [1]}, "dataset"', "duplicateKey", /"network" stands here again/],
  ])("with %s → %s is told once, with its mend", (from, to, code, message) => {
    const problem = problemOf(changed(from, to));
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
    expect(problem.length).toBeGreaterThan(0);
  });

  it("marks the unknown key, the section of a missing one, and the second of two", () => {
    const unknown = changed('"epochs"', '"epocs"');
    expect(marked(unknown, problemOf(unknown))).toBe('"epocs"');
    const missing = changed(', "epochs": 2', "");
    expect(marked(missing, problemOf(missing))).toBe('"training"');
    const twice = changed('"epochs": 2', '"epochs": 2, "epochs": 3');
    expect(problemOf(twice).offset).toBe(twice.lastIndexOf('"epochs"'));
  });

  it.each([
    ['"learningRate": 0.1', '"learningRate": 0.1, "batchsize": 5', '"batchSize"'],
    ['"mnist-sample"', '"mnist_sample"', '"mnist-sample"'],
    ["[20, 10]", '["20", 10]', "20"],
    ["[20, 10]", "100", "[100]"],
    ['"epochs": 2', '"momentum": 0.5, "epochs": 2', '"optimizer": "momentum", '],
    ['"epochs": 2', '"beta1": 0.5, "epochs": 2, "optimizer": "sgd"', '"adam"'],
  ])("can be mended: %s → %s → %s", (from, to, mend) => {
    const text = changed(from, to);
    const problem = problemOf(text);
    expect(problem.fix?.text).toBe(mend);
    expect(read(mended(text, problem) as string).problems).toEqual([]);
  });

  it("comes with all others, in the order of the text", () => {
    const { problems } = read('{ "dataset": { "name": 3 }, "seed": -1, "training": { "epochs": -1 }, "extra": 1 }');
    expect(problems.map(({ key }) => key)).toEqual([
      "network",
      "dataset.name",
      "seed",
      "training.learningRate",
      "training.epochs",
      "extra",
    ]);
  });
});

describe("a text that is no experiment", () => {
  it.each([
    ["", "empty", /empty/],
    ["  // only words\n", "empty", /empty/],
    ["[]", "invalidValue", /The file is an empty list; it has to be an object/],
    ["3", "invalidValue", /The file is 3;/],
    ["null", "invalidValue", /The file is null;/],
    [`${minimal}}`, "syntax", /Nothing may follow/],
    [minimal.slice(0, -1), "syntax", /closing }/],
    [minimal.replace("},", "}"), "syntax", /comma/],
    [minimal.replace('"mnist-sample"', "mnist"), "syntax", /double quotes/],
    ["[".repeat(100_000), "syntax", /nested too deeply|closing \]/],
    [`"${"x".repeat(2_000_000)}"`, "tooLarge", /2000002 characters/],
  ])("%j…", (text, code, message) => {
    const { experiment, problems } = read(text);
    expect(experiment).toBeNull();
    expect(problems[0]?.code).toBe(code);
    expect(problems[0]?.message).toMatch(message);
  });

  it("never makes the reader throw", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"dataset":${json}}`),
        ),
        (text) => {
          const { experiment, problems } = read(text);
          expect(experiment === null).toBe(problems.length > 0);
          for (const problem of problems) expect(formatProblem(problem)).toMatch(/^a\.rectiscope\.json:\d+:\d+: ./);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("settings", () => {
  it("go over the file, as JSON or as text", () => {
    const { experiment, problems } = read(minimal, [
      "training.epochs=7",
      "network.hidden=[5]",
      "dataset.name=mnist",
      "evaluation.everySteps=10",
      "name=7 up",
    ]);
    expect(problems).toEqual([]);
    expect(experiment).toMatchObject({
      name: "7 up",
      dataset: { name: "mnist" },
      network: { hidden: [5] },
      training: { epochs: 7, learningRate: 0.1 },
      evaluation: { everySteps: 10 },
    });
  });

  it("reach into lists, and the last one counts", () => {
    const settings = ["network.hidden[1]=5", "network.hidden.0=6", "seed=2", "seed=3"];
    expect(read(minimal, settings).experiment).toMatchObject({ network: { hidden: [6, 5] }, seed: 3 });
  });

  it("can mend the file", () => {
    expect(read(changed("0.1", "-1"), ["training.learningRate=0.5"]).problems).toEqual([]);
    expect(read(changed('"mnist-sample"', '"idx"'), ["dataset.folder=x"]).problems).toEqual([]);
  });

  it.each([
    ["training.epochs=many", /^--set: training.epochs is "many"; it has to be a whole number from 0 to 100000\.$/],
    ["training.epoch=3", /^--set: Unknown key "epoch" in training. Did you mean "epochs"\?/],
    ["trainin.epochs=3", /^--set: Unknown key "trainin"/],
    ["epochs=3", /^--set: Unknown key "epochs". It belongs in training or pretraining\./],
    ["training.epochs", /^--set: "training.epochs" is not a setting.*training.epochs=3/],
    ["=3", /is not a setting/],
    ["a..b=3", /is not a setting/],
    ["network.hidden[2]=3", /network.hidden\[2\] cannot be set: network.hidden has 2 items, \[0\] to \[1\]/],
    ["training.epochs.x=3", /training.epochs.x cannot be set: training.epochs is a value, not a section/],
    ["training=3", /training is 3; it has to be an object/],
    ["training.l1=1e999", /training.l1 is too large for a number/],
    ["__proto__.polluted=1", /Unknown key "__proto__"/],
    ["dataset.name=idx", /dataset.folder is missing/],
    ["training.beta2=0.9", /^--set: training.beta2 is 0.9, but only the optimizer "adam" has it/],
  ])("%s is a problem", (setting, message) => {
    const { experiment, problems } = read(minimal, [setting]);
    expect(experiment).toBeNull();
    expect(problems.map(formatProblem)).toHaveLength(1);
    expect(formatProblem(problems[0] as Problem)).toMatch(message);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

it("experimentName prefers the experiment's own", () => {
  expect(experimentName({}, "/a/b/quick.rectiscope.json")).toBe("quick");
  expect(experimentName({}, "C:\\a\\quick.rectiscope.json")).toBe("quick");
  expect(experimentName({}, "other.json")).toBe("other.json");
  expect(experimentName({ name: "mine" }, "quick.rectiscope.json")).toBe("mine");
});

it("resolveExperiment says what the chosen optimizer is set to, and nothing of others", () => {
  const training = (settings: string[]) => {
    const { experiment } = read(minimal, settings);
    return experiment && resolveExperiment(experiment).training;
  };
  const plain = { learningRate: 0.1, batchSize: 10, epochs: 2, l1: 0 };
  expect(training([])).toEqual({ ...plain, optimizer: "sgd" });
  expect(training(["training.optimizer=momentum"])).toEqual({ ...plain, optimizer: "momentum", momentum: 0.9 });
  const adam = { ...plain, optimizer: "adam", beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
  expect(training(["training.optimizer=adam", "training.beta2=0.99"])).toEqual(adam);
});

it("resolveExperiment says which signs apply", () => {
  const signs = (settings: string[]) => {
    const { experiment } = read(minimal, settings);
    return experiment && resolveExperiment(experiment).network.signs;
  };
  expect(signs([])).toBe("half");
  expect(signs(["network.activation=tanh"])).toBe("none");
  expect(signs(["network.activation=tanh", "network.signs=random"])).toBe("random");
});
