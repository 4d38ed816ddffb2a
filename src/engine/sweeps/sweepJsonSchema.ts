/** The sweep schema as JSON Schema (draft 7), complete and for editing, like that of experiments. */
import { z } from "zod";
import { sweepSchema } from "../../common/sweep.js";
import type { Offer } from "../experiment/completions.js";
import { editingJsonSchema, experimentJsonSchema, type JsonSchema } from "../experiment/jsonSchema.js";

let complete: JsonSchema | undefined;

/** Made once, not to be changed. */
export function sweepJsonSchema(): JsonSchema {
  complete ??= {
    ...(z.toJSONSchema(sweepSchema, { io: "input", target: "draft-7" }) as JsonSchema),
    title: "Rectiscope sweep",
    allowComments: true,
    allowTrailingCommas: true,
  };
  return complete;
}

const bodies: Record<string, unknown> = {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: tab stops of VS Code's snippets
  base: "${1:quick.rectiscope.json}",
  axes: { "${1:training.l1}": { spacing: "linear", min: "^${2:0}", max: "^${3:0.01}", count: "^${4:5}" } },
  seeds: "^${1:3}",
  select: { over: ["${1:training.learningRate}"] },
  stages: [
    { name: "${1:search}", axes: {} },
    { name: "${2:repeats}", take: "best", start: "anew", seeds: "^${3:5}" },
  ],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: tab stops of VS Code's snippets
};

const offers: Record<string, Offer> = Object.fromEntries(
  Object.entries(bodies).map(([key, body]) => [key, { snippets: [{ label: key, body }] }]),
);

/** Keys, words, defaults and values without constraints; the keys of `axes` and `set` are those of experiments. */
export function editingSweepJsonSchema(): JsonSchema {
  const schema = editingJsonSchema(sweepJsonSchema(), offers);
  for (const section of [schema, schema.properties?.stages?.items]) {
    const { axes, set } = section?.properties ?? {};
    const axis = axes?.additionalProperties;
    if (axes && typeof axis === "object")
      axes.properties = Object.fromEntries(
        variableKeys().map(({ key, node }) => [key, { ...axis, ...wordsOf(node, "What is varied: ") }]),
      );
    if (set) set.properties = Object.fromEntries(variableKeys().map(({ key, node }) => [key, wordsOf(node)]));
  }
  return schema;
}

/** Keys that have no place in a sweep, and why. */
export const fixedKeys: Record<string, string> = {
  $schema: "it does not change what is trained",
  name: "trials are named after the sweep",
  description: "it does not change what is trained",
  threads: "it does not change the result; use jobs",
  warmStart: "the stages of a sweep start from each other: use stages",
  "dataset.fold": "use folds",
};

export interface VariableKey {
  key: string;
  node: JsonSchema;
}

/** The keys of an experiment that a sweep may vary, sections left out. */
export function variableKeys(): VariableKey[] {
  return leaves(experimentJsonSchema(), "").filter(({ key }) => !isFixed(key));
}

/** The name in `fixedKeys` that stands for a key; null where it may be varied. */
export function fixedKeyOf(key: string): string | null {
  return Object.keys(fixedKeys).find((fixed) => key === fixed || key.startsWith(`${fixed}.`)) ?? null;
}

function isFixed(key: string): boolean {
  return fixedKeyOf(key) !== null;
}

function leaves(node: JsonSchema, path: string): VariableKey[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = path ? `${path}.${name}` : name;
    return child.properties ? leaves(child, key) : [{ key, node: child }];
  });
}

function wordsOf(node: JsonSchema, lead = ""): JsonSchema {
  const text = `${lead}${node.description ?? ""}`;
  return { description: text, markdownDescription: text };
}
