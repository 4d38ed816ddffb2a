/**
 * The experiment schema as JSON Schema (draft 7), in two shapes: the complete one, which other editors and programs validate
 * with, and the editing one, which gives VS Code hovers and completion but nothing to report: Rectiscope reports problems itself.
 */
import { z } from "zod";
import { experimentSchema } from "../../common/experiment.js";
import { definitionsAt, experimentOffers, type Offer } from "./completions.js";

/** The part of JSON Schema that zod writes for our schema, and the words that VS Code's JSON service adds. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  markdownDescription?: string;
  type?: "object" | "array" | "string" | "number" | "integer" | "boolean";
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  allowComments?: boolean;
  allowTrailingCommas?: boolean;
  defaultSnippets?: { label: string; description?: string; body: unknown }[];
}

let complete: JsonSchema | undefined;

/** Everything an experiment file may say, constraints included; made once, not to be changed. */
export function experimentJsonSchema(): JsonSchema {
  complete ??= {
    ...(z.toJSONSchema(experimentSchema, { io: "input", target: "draft-7" }) as JsonSchema),
    title: "Rectiscope experiment",
    allowComments: true,
    allowTrailingCommas: true,
  };
  return complete;
}

/** What a schema says of a place within what it describes; empty where it knows nothing of it. */
export function schemaAt(schema: JsonSchema, path: readonly (string | number)[]): JsonSchema {
  let node = schema;
  for (const segment of path) {
    const next = [node, ...(node.anyOf ?? [])].map((part) => childOf(part, segment)).find((child) => child);
    if (!next) return {};
    node = next;
  }
  return node;
}

function childOf({ items, properties, additionalProperties }: JsonSchema, segment: string | number) {
  if (typeof segment === "number") return items;
  if (properties && Object.hasOwn(properties, segment)) return properties[segment];
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

/** Keys for which the editor offers values that depend on the machine. */
const offeredByUs: ReadonlySet<string> = new Set(["dataset.name"]);

/** The same keys, words, defaults and values to choose from, without any constraint that an editor could report. */
export function editingJsonSchema(
  schema: JsonSchema = experimentJsonSchema(),
  offers: Record<string, Offer> = experimentOffers,
): JsonSchema {
  const { $schema, title, allowComments, allowTrailingCommas } = schema;
  return { $schema, title, allowComments, allowTrailingCommas, ...editingNode(schema, "", offers) };
}

function editingNode(node: JsonSchema, path: string, offers: Record<string, Offer>): JsonSchema {
  const out: JsonSchema = {};
  const values = choices(node);
  const words = [node.description, values.length > 0 ? `Values: ${values.map(shown).join(", ")}.` : ""];
  if (node.default !== undefined && typeof node.default !== "object") words.push(`Default: ${shown(node.default)}.`);
  out.description = words.filter(Boolean).join(" ");
  out.markdownDescription = [...words, ...definitionsAt(path)].filter(Boolean).join("\n\n");
  if (node.default !== undefined) out.default = node.default;
  const offer = offers[path];
  const offered = offer?.values ?? (node.type === "boolean" ? [true, false] : values);
  if (offered.length > 0 && !offeredByUs.has(path)) out.examples = [...offered];
  if (offer?.snippets) out.defaultSnippets = [...offer.snippets];
  // of alternatives, whatever any of them knows
  const parts = [node, ...(node.anyOf ?? [])];
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {})) as Record<string, JsonSchema>;
  if (Object.keys(properties).length > 0)
    out.properties = Object.fromEntries(
      Object.entries(properties).map(([key, child]) => [
        key,
        editingNode(child, path ? `${path}.${key}` : key, offers),
      ]),
    );
  const items = parts.find((part) => part.items?.properties)?.items;
  if (items) out.items = editingNode(items, `${path}[]`, offers);
  const { additionalProperties } = node;
  if (typeof additionalProperties === "object" && Object.keys(additionalProperties).length > 0)
    out.additionalProperties = editingNode(additionalProperties, `${path}.*`, offers);
  return out;
}

/** The values that a key offers: its enum, or the constants and enums among its alternatives. */
export function choices(node: JsonSchema): unknown[] {
  return (node.anyOf ?? [node]).flatMap((part) => part.enum ?? (part.const === undefined ? [] : [part.const]));
}

function shown(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
