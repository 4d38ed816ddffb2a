/** Texts as JSON: an object a line, or a list of objects. */
import { nearest } from "../../experiment/nearest.js";
import { DataError } from "../dataError.js";
import type { Line } from "./lines.js";
import { type RecordKeys, recordError, shown, type TextRecord } from "./record.js";
import { termsOf } from "./tokens.js";

/** Of a list, which is parsed as a whole. */
const longestList = 64 << 20;

/** Empty lines are left out. @throws DataError jsonSyntax, jsonShape, and as recordOf does */
export async function* jsonLines(
  lines: AsyncIterable<Line[]>,
  file: string,
  keys: RecordKeys,
): AsyncGenerator<TextRecord> {
  for await (const some of lines)
    for (const { number, text } of some) {
      if (text.trim() === "") continue;
      yield recordOf(parsed(text, file, number), keys, file, number);
    }
}

/** The line of a record is its place in the list, from 1. @throws DataError likewise; listTooLong */
export async function* jsonList(
  lines: AsyncIterable<Line[]>,
  file: string,
  keys: RecordKeys,
): AsyncGenerator<TextRecord> {
  const texts: string[] = [];
  let length = 0;
  for await (const some of lines)
    for (const { text } of some) {
      length += text.length + 1;
      if (length > longestList)
        throw new DataError(
          `${file} is a JSON list of more than ${longestList} characters, which is read as a whole. Write one object a line, as .jsonl.`,
          { code: "listTooLong", file },
        );
      texts.push(text);
    }
  const list = parsed(texts.join("\n"), file, 1);
  if (!Array.isArray(list))
    throw recordError(
      "jsonShape",
      file,
      1,
      `A JSON file of texts is a list of objects, this one is ${kindOf(list)}. For one object a line set dataset.text.format to "jsonLines".`,
      { key: "dataset.text.format" },
    );
  for (const [at, item] of list.entries()) yield recordOf(item, keys, file, at + 1);
}

function parsed(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw recordError(
      "jsonSyntax",
      file,
      line,
      `This is not JSON (${(error as Error).message}): ${shown(text.slice(0, 80))}. Mend the line, or set dataset.text.format to what the file is.`,
    );
  }
}

/** @throws DataError jsonShape, keyMissing, textKind, labelKind */
function recordOf(item: unknown, keys: RecordKeys, file: string, line: number): TextRecord {
  if (typeof item !== "object" || item === null || Array.isArray(item))
    throw recordError("jsonShape", file, line, `An example is an object { … }, this is ${kindOf(item)}. Mend it.`);
  const text = memberOf(item, keys.text, "textKey", file, line);
  const label = keys.label === null ? null : memberOf(item, keys.label, "labelKey", file, line);
  if (typeof text !== "string")
    throw recordError(
      "textKind",
      file,
      line,
      `The value of ${shown(keys.text)} is ${shown(text)}; it has to be a text in quotes. Set dataset.text.textKey to the key of the text.`,
      { key: "dataset.text.textKey", value: keys.text },
    );
  if (label !== null && !["string", "number", "boolean"].includes(typeof label))
    throw recordError(
      "labelKind",
      file,
      line,
      `The label, ${shown(keys.label)}, is ${kindOf(label)}; it has to be a text, a number, true, false, or null for none. Set dataset.text.labelKey to the key of the label.`,
      { key: "dataset.text.labelKey", value: keys.label },
    );
  const words = label === null ? "" : String(label).trim();
  return { line, terms: termsOf(text), label: words === "" ? null : words };
}

function memberOf(item: object, key: string, setting: string, file: string, line: number): unknown {
  if (Object.hasOwn(item, key)) return (item as Record<string, unknown>)[key];
  throw missingKey("key", key, Object.keys(item), setting, file, line);
}

/** @param what "key" or "column" */
export function missingKey(
  what: string,
  key: string,
  known: readonly string[],
  setting: string,
  file: string,
  line: number,
): DataError {
  const meant = nearest(key, known);
  const list = known.slice(0, 20).map(shown).join(", ");
  const mend = meant
    ? `Did you mean ${shown(meant)}?`
    : known.length > 0
      ? `Set it to one of ${list}.`
      : "The example is empty: remove it.";
  return recordError(
    "keyMissing",
    file,
    line,
    `There is no ${what} ${shown(key)}, which dataset.text.${setting} names. ${mend}`,
    { key: `dataset.text.${setting}`, value: key },
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : shown(value);
}
