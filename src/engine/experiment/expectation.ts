/** What a key takes, in words, from its JSON Schema: "a whole number from 1 to 4096". */
import type { JsonSchema } from "./jsonSchema.js";

export function expectation(node: JsonSchema): string {
  if (node.enum) return node.enum.length === 1 ? quoted(node.enum[0]) : `one of ${node.enum.map(quoted).join(", ")}`;
  if (node.const !== undefined) return quoted(node.const);
  if (node.anyOf) return node.anyOf.map(expectation).join(" or ");
  switch (node.type) {
    case "integer":
      return `a whole number${range(node)}`;
    case "number":
      return `a number${range(node)}`;
    case "string":
      return node.maxLength !== undefined
        ? `a text of ${node.minLength ?? 0} to ${node.maxLength} characters in quotes`
        : `a text in quotes${node.minLength ? ", not empty" : ""}`;
    case "array":
      return `a list of ${node.minItems ?? 0} to ${node.maxItems} items, each ${expectation(node.items ?? {})}`;
    case "object":
      if (typeof node.additionalProperties === "object")
        return 'an object { … } with keys of the experiment, such as "training.l1"';
      return `an object { … } with the keys ${Object.keys(node.properties ?? {}).join(", ")}`;
    default:
      return "any value";
  }
}

function range(node: JsonSchema): string {
  const { minimum, exclusiveMinimum, exclusiveMaximum } = node;
  const maximum = node.maximum === Number.MAX_SAFE_INTEGER ? undefined : node.maximum;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const parts = [
    exclusiveMinimum === undefined ? "" : `greater than ${exclusiveMinimum}`,
    minimum === undefined ? "" : `at least ${minimum}`,
    maximum === undefined ? "" : `at most ${maximum}`,
    exclusiveMaximum === undefined ? "" : `less than ${exclusiveMaximum}`,
  ].filter(Boolean);
  return parts.length > 0 ? ` ${parts.join(" and ")}` : "";
}

/** A value as the file has it, shortened. */
export function quoted(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
