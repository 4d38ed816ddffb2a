/** JSON of files that nobody vouches for: what it would take in memory is known before it is parsed. */
import { FormatError } from "./formatError.js";

export interface JsonLimits {
  /** Lists and objects within each other. */
  depth: number;
  /** Entries of the outermost list or object. */
  entries: number;
  /** Values in all, names not counted. */
  values: number;
}

/**
 * @param what how errors call it, such as "the header"
 * @throws FormatError when it is not UTF-8 or not JSON, or exceeds a limit
 */
export function parseBoundedJson(bytes: Uint8Array, limits: JsonLimits, what: string): unknown {
  checkLimits(bytes, limits, what);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new FormatError(`${what} is not JSON (${(error as Error).message}).`, { code: "notJson" });
  }
}

const [quote, backslash, comma, openList, closeList, openObject, closeObject] = [...'"\\,[]{}'].map((character) =>
  character.charCodeAt(0),
);

function checkLimits(bytes: Uint8Array, { depth: maxDepth, entries, values }: JsonLimits, what: string): void {
  const fail = (found: string) =>
    new FormatError(`${what} ${found}. Files like this are not read.`, { code: "jsonTooLarge" });
  let [depth, commas, outerCommas, opened, inText] = [0, 0, 0, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === backslash) at++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === comma) {
      if (depth === 1 && ++outerCommas >= entries)
        throw new FormatError(`${what} has more than ${entries} entries. At most that many are read.`, {
          code: "tooManyTensors",
        });
      if (++commas > values) throw fail(`holds more than ${values} values`);
    } else if (byte === openList || byte === openObject) {
      if (++depth > maxDepth) throw fail(`nests more than ${maxDepth} levels deep`);
      if (++opened > values) throw fail(`holds more than ${values} values`);
    } else if (byte === closeList || byte === closeObject) depth--;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
