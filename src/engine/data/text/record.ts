/** One text as a file has it, before it is known what its label means. */
import { DataError } from "../dataError.js";

export interface TextRecord {
  /** From 1: where it begins, of CSV where it ends; of a JSON list its place in the list. */
  line: number;
  /** May repeat. */
  terms: readonly string[];
  /** Null for none. */
  label: string | null;
}

/** Which key or column holds what; `dataset.text` says so. */
export interface RecordKeys {
  text: string;
  /** Null where labels are not to be read. */
  label: string | null;
}

/** @param key of the config to change, where it is the config that is wrong */
export function recordError(
  code: string,
  file: string,
  line: number,
  message: string,
  blamed: { key?: string; value?: unknown } = {},
): DataError {
  return new DataError(`${file}:${line}: ${message}`, { code, file, ...blamed });
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
