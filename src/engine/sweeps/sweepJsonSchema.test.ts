import { expect, it } from "vitest";
import type { JsonSchema } from "../experiment/jsonSchema.js";
import { editingSweepJsonSchema, sweepJsonSchema, variableKeys } from "./sweepJsonSchema.js";

/** Every schema within a schema, with its path. */
function nodes(node: JsonSchema, path = ""): { path: string; node: JsonSchema }[] {
  const children: [string, JsonSchema | undefined | boolean][] = [
    ...Object.entries(node.properties ?? {}).map(([key, child]): [string, JsonSchema] => [`/${key}`, child]),
    ["/*", node.additionalProperties],
    ["[]", node.items],
    ...(node.anyOf ?? []).map((child, i): [string, JsonSchema] => [`|${i}`, child]),
  ];
  return [
    { path, node },
    ...children.flatMap(([name, child]) =>
      typeof child === "object" && Object.keys(child).length > 0 ? nodes(child, path + name) : [],
    ),
  ];
}

it("the complete schema describes every key, and takes no others", () => {
  const all = nodes(sweepJsonSchema());
  expect(all.length).toBeGreaterThan(80);
  for (const { path, node } of all) {
    // alternatives of a key and items of a list are described by the key
    if (/\/[a-zA-Z$]+$/.test(path)) expect(node.description, path).toBeTruthy();
    if (node.type === "object") expect(node.additionalProperties, path).toBeDefined();
  }
});

it("the editing schema offers the keys of experiments with their words, and nothing that an editor could report", () => {
  const harmless = [
    "$schema",
    "title",
    "description",
    "markdownDescription",
    "properties",
    "items",
    "additionalProperties",
    "default",
    "examples",
    "defaultSnippets",
    "allowComments",
    "allowTrailingCommas",
  ];
  const schema = editingSweepJsonSchema();
  for (const { path, node } of nodes(schema))
    for (const word of Object.keys(node)) expect(harmless, `${path}: ${word}`).toContain(word);
  const { axes, set, stages, base } = schema.properties as Record<string, JsonSchema>;
  const keys = variableKeys().map(({ key }) => key);
  expect(keys).toContain("training.l1");
  expect(keys).toContain("seed");
  expect(keys.filter((key) => /^(name|threads|warmStart|dataset\.fold)(\.|$)/.test(key))).toEqual([]);
  expect(Object.keys(axes?.properties ?? {})).toEqual(keys);
  expect(axes?.properties?.["training.l1"]?.markdownDescription).toMatch(
    /What is varied: λ, the weight of the L1 penalty/,
  );
  expect(axes?.properties?.["training.l1"]?.properties?.spacing?.examples).toEqual(["linear", "log"]);
  expect(set?.properties?.["training.epochs"]?.description).toMatch(/Passes over the training set/);
  expect(Object.keys(stages?.items?.properties?.axes?.properties ?? {})).toEqual(keys);
  // an inline base is completed like an experiment
  expect(base?.properties?.network?.properties?.activation?.examples).toContain("rectifier");
});
