import { expect, it } from "vitest";
import { definitions } from "../../common/metrics.js";
import { experimentOffers, figuresOfKey } from "./completions.js";
import { changedConfig } from "./configEdit.js";
import { readExperiment } from "./experimentFile.js";
import { editingJsonSchema, experimentJsonSchema, type JsonSchema } from "./jsonSchema.js";

/** Every schema within a schema, with its path. */
function nodes(schema: JsonSchema, path = ""): { path: string; node: JsonSchema }[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, node]) => nodes(node, `${path}/${key}`));
  return [{ path, node: schema }, ...inner];
}

it("the complete schema describes every key and says what it takes", () => {
  const all = nodes(experimentJsonSchema());
  expect(all.length).toBeGreaterThan(25);
  for (const { path, node } of all) {
    expect(node.description, path).toBeTruthy();
    expect(node.type ?? node.anyOf, path).toBeTruthy();
    if (node.type === "object") expect(node.additionalProperties, path).toBe(false);
  }
  expect(experimentJsonSchema().$schema).toContain("draft-07");
});

it("the editing schema has the same keys, and nothing that an editor could report", () => {
  const harmless = new Set([
    "$schema",
    "title",
    "description",
    "markdownDescription",
    "properties",
    "default",
    "examples",
    "defaultSnippets",
    "allowComments",
    "allowTrailingCommas",
  ]);
  const editing = nodes(editingJsonSchema());
  expect(editing.map(({ path }) => path)).toEqual(nodes(experimentJsonSchema()).map(({ path }) => path));
  for (const { path, node } of editing) {
    for (const word of Object.keys(node)) expect(harmless, `${path}: ${word}`).toContain(word);
    expect(node.markdownDescription, path).toBeTruthy();
  }
  expect(editingJsonSchema()).toMatchObject({ allowComments: true, allowTrailingCommas: true });
});

it("the editing schema offers the values to choose from", () => {
  const { network, threads, training, pretraining } = editingJsonSchema().properties as Record<string, JsonSchema>;
  expect(network?.properties?.activation?.examples).toEqual(["rectifier", "softplus", "tanh", "logistic"]);
  expect(network?.properties?.activation?.markdownDescription).toContain('Default: `"rectifier"`');
  expect(training?.properties?.optimizer?.examples).toEqual(["sgd", "momentum", "adam"]);
  expect(training?.properties?.beta2?.markdownDescription).toContain("Default: 0.999.");
  expect(threads?.examples).toEqual(["auto", 1, 2, 4]);
  expect(pretraining?.properties?.tied?.examples).toEqual([true, false]);
  expect(pretraining?.properties?.noise?.examples).toEqual(["auto", "masking", "saltAndPepper", "none"]);
  expect(pretraining?.properties?.epochs?.markdownDescription).toContain("Default: `30`.");
});

it("every key offers something to begin with, but for what nobody can guess and what depends on the machine", () => {
  const empty = nodes(editingJsonSchema()).filter(
    ({ node }) => node.default === undefined && !node.examples && !node.defaultSnippets,
  );
  expect(empty.map(({ path }) => path)).toEqual(["/$schema", "/dataset/name", "/warmStart/sha256"]);
});

it("what is offered is for keys that there are, and is taken", () => {
  const paths = nodes(experimentJsonSchema()).map(({ path }) => path.slice(1).replaceAll("/", "."));
  for (const key of [...Object.keys(experimentOffers), ...Object.keys(figuresOfKey)]) expect(paths).toContain(key);
  const start =
    '{ "dataset": { "name": "mnist-sample" }, "network": { "hidden": [9, 9] }, "training": { "learningRate": 1, "epochs": 9, "l1": 0.001, "revive": { "everyEpochs": 2 } } }';
  for (const [key, { values = [], snippets = [] }] of Object.entries(experimentOffers)) {
    for (const value of [...values, ...snippets.map(({ body }) => filledIn(body))]) {
      const text = key === "" ? JSON.stringify(value) : changedConfig(start, { path: key.split("."), value });
      const { problems } = readExperiment(text, "a.rectiscope.json");
      // of a single key of a section others may be missing, or not have a meaning yet
      const wrong = problems.filter(({ code }) => code === "invalidValue" || code === "unknownKey");
      expect(wrong, `${key}: ${text}`).toEqual([]);
    }
  }
});

it("every figure is defined at some key", () => {
  const words = nodes(editingJsonSchema()).map(({ node }) => node.markdownDescription);
  for (const { label, text } of Object.values(definitions))
    expect(
      words.filter((word) => word?.includes(`**${label}**: ${text.replaceAll("|", "\\|")}`)),
      label,
    ).toHaveLength(1);
});

/** A snippet's body as it is where nobody types anything. */
function filledIn(body: unknown): unknown {
  const text = JSON.stringify(body).replace(/\$\{\d+:([^}]*)\}/g, "$1");
  return JSON.parse(text.replace(/"\^([^"]*)"/g, "$1"));
}
