/** Reads a config's text by its schema: a value, or everything that is wrong with it, each with its place and its mend. */
import type { Node } from "jsonc-parser";
import type { z } from "zod";
import {
  findDuplicates,
  findNode,
  formatPath,
  type KeyPath,
  parseConfig,
  plainValue,
  positionAt,
  type Span,
} from "./configTree.js";
import { expectation, quoted } from "./expectation.js";
import { type JsonSchema, schemaAt } from "./jsonSchema.js";
import { likely } from "./likely.js";
import { nearest } from "./nearest.js";
import { type Problem, type ProblemCode, settingsFile } from "./problem.js";
import { applySettings } from "./settings.js";

/** A config is written by hand; anything longer is another file. */
const maxLength = 1_000_000;

/** What a kind of config may say. */
export interface ConfigLanguage<T> {
  schema: z.ZodType<T>;
  jsonSchema(): JsonSchema;
  /** What an empty file could start with. */
  start: string;
}

/** @returns a reader, or the problems that keep the text from being read at all */
export function openConfig<T>(
  text: string,
  file: string,
  settings: readonly string[],
  language: ConfigLanguage<T>,
): { reader: ConfigReader<T> | null; problems: Problem[] } {
  const unreadable = (problems: Problem[]) => ({ reader: null, problems });
  if (text.length > maxLength) {
    const message = `The file has ${text.length} characters; a config has at most ${maxLength}. Check that it is the right file.`;
    return unreadable([problemAt(text, file, "tooLarge", { offset: 0, length: 1 }, message)]);
  }
  const { root, syntax } = parseConfig(text);
  if (syntax.length > 0)
    return unreadable(syntax.map((found) => problemAt(text, file, "syntax", found, found.message)));
  if (!root) {
    const message = `The file is empty. Start with ${language.start}.`;
    return unreadable([problemAt(text, file, "empty", { offset: 0, length: text.length }, message)]);
  }
  return { reader: new ConfigReader(text, file, root, settings, language), problems: [] };
}

/** One reading of one text. */
export class ConfigReader<T> {
  private readonly found: Problem[] = [];
  /** Keys that unknown ones were most likely meant to be. */
  private readonly meant = new Set<string>();
  private readonly value: unknown;
  /** What settings gave; these keys are not in the text. */
  private readonly given: readonly KeyPath[];

  constructor(
    private readonly text: string,
    private readonly file: string,
    private readonly root: Node,
    settings: readonly string[],
    private readonly language: ConfigLanguage<T>,
  ) {
    const applied = applySettings(plainValue(root), settings);
    this.value = applied.value;
    this.given = applied.paths;
    for (const { message, key, value } of applied.problems) {
      this.found.push({ ...problemAt("", settingsFile, "setting", { offset: 0, length: 0 }, message), key, value });
    }
  }

  /** What the text says, checked against the schema; null where it does not keep to it. */
  parse(): T | null {
    this.reportDuplicates();
    const parsed = this.language.schema.safeParse(this.value);
    if (!parsed.success) for (const issue of parsed.error.issues) this.reportIssue(issue);
    return parsed.success ? parsed.data : null;
  }

  get isGood(): boolean {
    return this.found.length === 0;
  }

  /** In the order of the text, those of settings last. */
  get problems(): Problem[] {
    // A key with a typing mistake is one problem, not an unknown key and a missing one.
    return this.found
      .filter(({ code, key }) => code !== "missingKey" || !this.meant.has(key))
      .sort((a, b) => Number(a.file === settingsFile) - Number(b.file === settingsFile) || a.offset - b.offset);
  }

  private reportDuplicates(): void {
    for (const { path, first, last } of findDuplicates(this.root)) {
      const { line } = positionAt(this.text, first.offset);
      const message = `${quoted(path.at(-1))}${within(path)} stands here again, after line ${line}; only one would count. Remove one of the two.`;
      this.add("duplicateKey", path, last, message);
    }
  }

  private reportIssue(issue: z.core.$ZodIssue, within: KeyPath = []): void {
    const path = [...within, ...issue.path] as KeyPath;
    const inner = issue.code === "invalid_union" ? this.alternativeOf(issue, path) : undefined;
    if (inner) {
      for (const one of inner) this.reportIssue(one, path);
      return;
    }
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) this.reportUnknown([...path, key]);
      return;
    }
    const node = this.schemaAt(path);
    const value = valueAt(this.value, path);
    if (value === undefined && path.length > 0) this.reportMissing(path, node);
    else this.reportInvalid(path, node, value);
  }

  /** What is wrong with the one of the alternatives whose kind the value has; undefined where none has, or that says no more. */
  private alternativeOf(issue: z.core.$ZodIssueInvalidUnion, path: KeyPath): z.core.$ZodIssue[] | undefined {
    const value = valueAt(this.value, path);
    const options = this.schemaAt(path).anyOf ?? [];
    const index = options.findIndex(({ type }) => type === kindOf(value));
    const issues = issue.errors[index];
    return (options[index]?.type === "object" || options[index]?.type === "array") && issues?.length
      ? issues
      : undefined;
  }

  private reportUnknown(path: KeyPath): void {
    const key = String(path.at(-1));
    const siblings = Object.keys(this.schemaAt(path.slice(0, -1)).properties ?? {}).filter(
      (name) => name !== "$schema",
    );
    const meant = nearest(key, siblings);
    const elsewhere = this.sectionsWith(key).filter((section) => section !== formatPath(path.slice(0, -1)));
    const mend =
      elsewhere[0] !== undefined
        ? `It belongs ${elsewhere[0] === "" ? "at the top" : `in ${elsewhere.join(" or ")}`}.`
        : meant
          ? `Did you mean "${meant}"?`
          : `Known keys: ${siblings.join(", ")}.`;
    if (meant) this.meant.add(formatPath([...path.slice(0, -1), meant]));
    const span = this.keySpanOf(path);
    const fix = meant && elsewhere.length === 0 ? replace(span, JSON.stringify(meant)) : undefined;
    this.add("unknownKey", path, span, `Unknown key ${quoted(key)}${within(path)}. ${mend}`, fix);
  }

  private reportMissing(path: KeyPath, node: JsonSchema): void {
    const message = `${formatPath(path)} is missing: add ${expectation(node)}.`;
    this.add("missingKey", path, this.keySpanOf(path.slice(0, -1)), message);
  }

  private reportInvalid(path: KeyPath, node: JsonSchema, value: unknown): void {
    if (this.found.some(({ code, key }) => code === "invalidValue" && key === formatPath(path))) return;
    const name = path.length > 0 ? formatPath(path) : "The file";
    const found = typeof value === "number" && !Number.isFinite(value) ? "too large for a number" : described(value);
    const span = this.spanOf(path);
    const instead = likely(node, value);
    const hint =
      instead === undefined
        ? ""
        : typeof value === "string" && typeof instead === "number"
          ? " Write it without quotes."
          : ` Did you mean ${quoted(instead)}?`;
    const fix = instead === undefined ? undefined : replace(span, JSON.stringify(instead));
    this.add("invalidValue", path, span, `${name} is ${found}; it has to be ${expectation(node)}.${hint}`, fix);
  }

  /**
   * Reports what the schema alone cannot say.
   * @param at the place to mark, where it is not `path` itself; `key: true` marks the key instead of its value
   * @param fix one change that mends it, or what to write in the marked place
   */
  report(
    code: ProblemCode,
    path: KeyPath,
    message: string,
    { at = path, key = false, fix }: { at?: KeyPath; key?: boolean; fix?: string | Problem["fix"] } = {},
  ): void {
    const span = key ? this.keySpanOf(at) : this.spanOf(at);
    this.add(code, path, span, message, typeof fix === "string" ? replace(span, JSON.stringify(fix)) : fix);
  }

  /** The change that gives a key another value; where the text does not have it, it is added before the key `sibling`. */
  setting(path: KeyPath, value: unknown, sibling: KeyPath): NonNullable<Problem["fix"]> {
    const found = findNode(this.root, path);
    if (found) return replace(found.value, JSON.stringify(value));
    const text = `${JSON.stringify(path.at(-1))}: ${JSON.stringify(value)}`;
    return { title: `Add ${text}`, offset: this.keySpanOf(sibling).offset, length: 0, text: `${text}, ` };
  }

  /** The value as the text and the settings have it. */
  valueOf(path: KeyPath): unknown {
    return valueAt(this.value, path);
  }

  private add(code: ProblemCode, path: KeyPath, span: Span, message: string, fix?: Problem["fix"]): void {
    const key = formatPath(path);
    const value = valueAt(this.value, path);
    if (this.isGiven(path))
      this.found.push({ ...problemAt("", settingsFile, code, { offset: 0, length: 0 }, message), key, value });
    else this.found.push({ ...problemAt(this.text, this.file, code, span, message), key, value, ...(fix && { fix }) });
  }

  private schemaAt(path: KeyPath): JsonSchema {
    return schemaAt(this.language.jsonSchema(), path);
  }

  /** The sections that know a key of exactly this name: "" for the top. */
  private sectionsWith(key: string): string[] {
    const top = this.language.jsonSchema().properties ?? {};
    const sections = Object.keys(top).filter((section) => Object.hasOwn(top[section]?.properties ?? {}, key));
    return Object.hasOwn(top, key) ? ["", ...sections] : sections;
  }

  /** By a setting: the path itself, what lies in it, or what a setting made on the way to it. */
  private isGiven(path: KeyPath): boolean {
    const startsWith = (whole: KeyPath, part: KeyPath) =>
      part.every((segment, at) => at < whole.length && String(segment) === String(whole[at]));
    const isNew = path.length > 0 && !findNode(this.root, path);
    return this.given.some((given) => startsWith(path, given) || (isNew && startsWith(given, path)));
  }

  /** Of a value; of what holds it when the text does not have it. */
  private spanOf(path: KeyPath): Span {
    const found = findNode(this.root, path);
    if (found) return path.length === 0 ? opening(found.value) : found.value;
    return path.length === 0 ? opening(this.root) : this.keySpanOf(path.slice(0, -1));
  }

  /** Of a key; of the nearest thing around it when it has none. */
  private keySpanOf(path: KeyPath): Span {
    const found = findNode(this.root, path);
    if (found?.key) return found.key;
    if (path.length > 0) return found ? found.value : this.keySpanOf(path.slice(0, -1));
    return opening(this.root);
  }
}

function problemAt(text: string, file: string, code: ProblemCode, span: Span, message: string): Problem {
  const { offset, length } = span;
  return { code, message, file, key: "", value: undefined, ...positionAt(text, offset), offset, length };
}

/** A problem with the whole file marks its first character, not all of it. */
function opening({ offset }: Span): Span {
  return { offset, length: 1 };
}

function replace({ offset, length }: Span, text: string): NonNullable<Problem["fix"]> {
  return { title: `Change to ${text}`, offset, length, text };
}

/** " in training"; nothing at the top. */
function within(path: KeyPath): string {
  return path.length > 1 ? ` in ${formatPath(path.slice(0, -1))}` : "";
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let at = value;
  for (const segment of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string | number, unknown>)[segment];
  }
  return at;
}

/** A value with its kind, where the kind is what may surprise. */
function described(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  if (value === "") return "an empty text";
  return quoted(value);
}

/** Which of JSON Schema's types a value has. */
function kindOf(value: unknown): JsonSchema["type"] | "null" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value as JsonSchema["type"];
}
