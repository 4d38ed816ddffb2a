/** Guesses what a wrong value meant. */
import { choices, type JsonSchema } from "./jsonSchema.js";
import { nearest } from "./nearest.js";

/**
 * A value that the schema takes: a name without its typing mistake, a number without quotes, one width with brackets.
 * @returns undefined when there is no good guess
 */
export function likely(node: JsonSchema, value: unknown): unknown {
  const candidates: unknown[] = [];
  if (typeof value === "string") {
    candidates.push(
      nearest(
        value,
        choices(node).filter((choice) => typeof choice === "string"),
      ),
    );
    if (/^\s*-?[\d.]/.test(value)) candidates.push(Number(value));
  }
  if (node.type === "array") candidates.push([value]);
  return candidates.find((candidate) => candidate !== null && fits(node, candidate));
}

/** Whether a value keeps to the schema, as far as `likely` needs it. */
function fits(node: JsonSchema, value: unknown): boolean {
  if (node.anyOf) return node.anyOf.some((part) => fits(part, value));
  if (node.enum || node.const !== undefined) return choices(node).includes(value);
  if (node.type === "array") return Array.isArray(value) && value.every((item) => fits(node.items ?? {}, item));
  if (typeof value !== "number" || (node.type !== "number" && node.type !== "integer")) return false;
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = node;
  const whole = node.type === "number" || Number.isInteger(value);
  return whole && value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum;
}
