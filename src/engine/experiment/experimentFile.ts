/** Reads an experiment file: its text → an experiment, or everything that is wrong with it, each with its place and its mend. */
import type { Node } from "jsonc-parser";
import type { z } from "zod";
import { type Experiment, experimentSchema, experimentSuffix } from "../../common/experiment.js";
import {
  type OptimizerKey,
  type OptimizerName,
  optimizerDefaults,
  optimizers,
  settingsOf,
} from "../../common/optimizers.js";
import { signMaskOf } from "../../common/units.js";
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
import { experimentJsonSchema, type JsonSchema } from "./jsonSchema.js";
import { likely } from "./likely.js";
import { nearest } from "./nearest.js";
import { type Problem, type ProblemCode, settingsFile } from "./problem.js";
import { applySettings } from "./settings.js";

/** A config is written by hand; anything longer is another file. */
const maxLength = 1_000_000;

/**
 * @param text the file's text: JSON with comments and trailing commas
 * @param file its name, for the problems
 * @param settings values on top, such as `training.epochs=3`; problems with them have `--set` as their file
 * @returns the experiment with every default of the schema, or null and the problems in the order of the text
 */
export function readExperiment(
  text: string,
  file: string,
  settings: readonly string[] = [],
): { experiment: Experiment | null; problems: Problem[] } {
  if (text.length > maxLength) {
    const message = `The file has ${text.length} characters; a config has at most ${maxLength}. Check that it is the right file.`;
    return { experiment: null, problems: [problemAt(text, file, "tooLarge", { offset: 0, length: 1 }, message)] };
  }
  const { root, syntax } = parseConfig(text);
  if (syntax.length > 0)
    return {
      experiment: null,
      problems: syntax.map((found) => problemAt(text, file, "syntax", found, found.message)),
    };
  if (!root) {
    const message = `The file is empty. Start with { "dataset": { "name": "mnist-sample" }, "network": { "hidden": [256] }, "training": { "learningRate": 0.03, "epochs": 5 } }.`;
    return {
      experiment: null,
      problems: [problemAt(text, file, "empty", { offset: 0, length: text.length }, message)],
    };
  }
  const reader = new Reader(text, file, root, settings);
  return reader.read();
}

/** The name of an experiment's runs: its own, else the file's without `.rectiscope.json`. */
export function experimentName(experiment: Pick<Experiment, "name">, file: string): string {
  const base = file.split(/[\\/]/).at(-1) as string;
  return experiment.name ?? (base.endsWith(experimentSuffix) ? base.slice(0, -experimentSuffix.length) : base);
}

/** The experiment with what depends on its other keys filled in, so that a run's record says everything. */
export function resolveExperiment(experiment: Experiment): Experiment {
  const { network, training } = experiment;
  return {
    ...experiment,
    network: { ...network, signs: signMaskOf(network) },
    training: { ...training, ...settingsOf(training) },
  };
}

/** One reading of one text. */
class Reader {
  private problems: Problem[] = [];
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
  ) {
    const applied = applySettings(plainValue(root), settings);
    this.value = applied.value;
    this.given = applied.paths;
    for (const { message, key, value } of applied.problems) {
      this.problems.push({ ...problemAt("", settingsFile, "setting", { offset: 0, length: 0 }, message), key, value });
    }
  }

  read(): { experiment: Experiment | null; problems: Problem[] } {
    this.reportDuplicates();
    const parsed = experimentSchema.safeParse(this.value);
    if (parsed.success) this.checkKeysTogether(parsed.data);
    else for (const issue of parsed.error.issues) this.reportIssue(issue);
    // A key with a typing mistake is one problem, not an unknown key and a missing one.
    this.problems = this.problems.filter(({ code, key }) => code !== "missingKey" || !this.meant.has(key));
    this.problems.sort(
      (a, b) => Number(a.file === settingsFile) - Number(b.file === settingsFile) || a.offset - b.offset,
    );
    const good = parsed.success && this.problems.length === 0;
    return { experiment: good ? parsed.data : null, problems: this.problems };
  }

  private reportDuplicates(): void {
    for (const { path, first, last } of findDuplicates(this.root)) {
      const { line } = positionAt(this.text, first.offset);
      const message = `${quoted(path.at(-1))}${within(path)} stands here again, after line ${line}; only one would count. Remove one of the two.`;
      this.report("duplicateKey", path, last, message);
    }
  }

  private checkKeysTogether({ dataset, training }: Experiment): void {
    if (dataset.name === "idx" && dataset.folder === undefined) {
      const message = `dataset.folder is missing: with dataset.name "idx", add the folder with the four IDX files, relative to this file.`;
      this.report("missingKey", ["dataset", "folder"], this.spanOf(["dataset", "name"]), message);
    }
    for (const owner of optimizers)
      for (const key of Object.keys(optimizerDefaults[owner]) as OptimizerKey[]) {
        if (training[key] === undefined || key in optimizerDefaults[training.optimizer]) continue;
        const message = `training.${key} is ${training[key]}, but only the optimizer "${owner}" has it, and training.optimizer is "${training.optimizer}". Set training.optimizer to "${owner}", or remove training.${key}.`;
        const span = this.keySpanOf(["training", key]);
        const chosen = findNode(this.root, ["training", "optimizer"]);
        const fix = chosen ? replace(chosen.value, JSON.stringify(owner)) : insertOptimizer(span, owner);
        this.report("unusedKey", ["training", key], span, message, fix);
      }
  }

  private reportIssue(issue: z.core.$ZodIssue): void {
    const path = issue.path as KeyPath;
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) this.reportUnknown([...path, key]);
      return;
    }
    const node = schemaAt(path);
    const value = valueAt(this.value, path);
    if (value === undefined && path.length > 0) this.reportMissing(path, node);
    else this.reportInvalid(path, node, value);
  }

  private reportUnknown(path: KeyPath): void {
    const key = String(path.at(-1));
    const siblings = Object.keys(schemaAt(path.slice(0, -1)).properties ?? {}).filter((name) => name !== "$schema");
    const meant = nearest(key, siblings);
    const elsewhere = sectionsWith(key).filter((section) => section !== formatPath(path.slice(0, -1)));
    const mend =
      elsewhere[0] !== undefined
        ? `It belongs ${elsewhere[0] === "" ? "at the top" : `in ${elsewhere.join(" or ")}`}.`
        : meant
          ? `Did you mean "${meant}"?`
          : `Known keys: ${siblings.join(", ")}.`;
    if (meant) this.meant.add(formatPath([...path.slice(0, -1), meant]));
    const span = this.keySpanOf(path);
    const fix = meant && elsewhere.length === 0 ? replace(span, JSON.stringify(meant)) : undefined;
    this.report("unknownKey", path, span, `Unknown key ${quoted(key)}${within(path)}. ${mend}`, fix);
  }

  private reportMissing(path: KeyPath, node: JsonSchema): void {
    const message = `${formatPath(path)} is missing: add ${expectation(node)}.`;
    this.report("missingKey", path, this.keySpanOf(path.slice(0, -1)), message);
  }

  private reportInvalid(path: KeyPath, node: JsonSchema, value: unknown): void {
    if (this.problems.some(({ code, key }) => code === "invalidValue" && key === formatPath(path))) return;
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
    this.report("invalidValue", path, span, `${name} is ${found}; it has to be ${expectation(node)}.${hint}`, fix);
  }

  private report(code: ProblemCode, path: KeyPath, span: Span, message: string, fix?: Problem["fix"]): void {
    const key = formatPath(path);
    const value = valueAt(this.value, path);
    if (this.isGiven(path))
      this.problems.push({ ...problemAt("", settingsFile, code, { offset: 0, length: 0 }, message), key, value });
    else
      this.problems.push({ ...problemAt(this.text, this.file, code, span, message), key, value, ...(fix && { fix }) });
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

function insertOptimizer({ offset }: Span, name: OptimizerName): NonNullable<Problem["fix"]> {
  const text = `"optimizer": ${JSON.stringify(name)}`;
  return { title: `Add ${text}`, offset, length: 0, text: `${text}, ` };
}

/** " in training"; nothing at the top. */
function within(path: KeyPath): string {
  return path.length > 1 ? ` in ${formatPath(path.slice(0, -1))}` : "";
}

function schemaAt(path: KeyPath): JsonSchema {
  let node = experimentJsonSchema();
  for (const segment of path) {
    const next = typeof segment === "number" ? node.items : node.properties?.[segment];
    if (!next) return {};
    node = next;
  }
  return node;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let at = value;
  for (const segment of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string | number, unknown>)[segment];
  }
  return at;
}

/** The sections that know a key of exactly this name: "" for the top. */
function sectionsWith(key: string): string[] {
  const top = experimentJsonSchema().properties ?? {};
  const sections = Object.keys(top).filter((section) => Object.hasOwn(top[section]?.properties ?? {}, key));
  return Object.hasOwn(top, key) ? ["", ...sections] : sections;
}

/** A value with its kind, where the kind is what may surprise. */
function described(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  if (value === "") return "an empty text";
  return quoted(value);
}
