import { expect, it } from "vitest";
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
  expect(threads?.examples).toEqual(["auto"]);
  expect(pretraining?.properties?.noise?.examples).toEqual(["auto", "masking", "saltAndPepper", "none"]);
  expect(pretraining?.properties?.epochs?.markdownDescription).toContain("Default: `30`.");
});
