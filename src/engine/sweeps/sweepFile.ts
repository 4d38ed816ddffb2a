/** Reads a sweep file: its text → a sweep and its base, or everything that is wrong with it, each with its place and its mend. */
import path from "node:path";
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import { pretrainedLayers } from "../../common/layerValue.js";
import { type Range, type StagePlan, type Sweep, stagesOf, sweepSchema, sweepSuffix } from "../../common/sweep.js";
import { type ConfigLanguage, type ConfigReader, openConfig } from "../experiment/configReader.js";
import { ConfigReadError } from "../experiment/configText.js";
import { formatPath, type KeyPath } from "../experiment/configTree.js";
import { expectation, quoted } from "../experiment/expectation.js";
import { readExperiment } from "../experiment/experimentFile.js";
import { experimentJsonSchema, schemaAt } from "../experiment/jsonSchema.js";
import { nearest } from "../experiment/nearest.js";
import { pretrainingComplaints } from "../experiment/pretrainingChecks.js";
import { formatProblem, type Problem } from "../experiment/problem.js";
import { clone, parsePath, setAt } from "../experiment/settings.js";
import { isRandom, valuesOf } from "./axes.js";
import { axesOf, configOfTrial, countTrialsOf, expandStage, lineageOf, seedKey } from "./expand.js";
import { fixedKeyOf, fixedKeys, sweepJsonSchema, variableKeys } from "./sweepJsonSchema.js";

const language: ConfigLanguage<Sweep> = {
  schema: sweepSchema,
  jsonSchema: sweepJsonSchema,
  start: `{ "base": "quick.rectiscope.json", "axes": { "training.l1": [0, 0.001, 0.01] } }`,
};

/** A config and what it comes to. */
export interface SweepPlan {
  sweep: Sweep;
  /** With `dataset.folder` relative to the sweep's file. */
  base: Experiment;
  stages: StagePlan[];
  /** How many, over all stages. */
  trials: number;
}

/** Of long lists only so many values are checked one by one. */
const mostChecked = 200;

/** The name of a sweep: its own, else the file's without `.sweep.rectiscope.json`. */
export function sweepName(sweep: Pick<Sweep, "name">, file: string): string {
  const base = path.basename(file);
  return sweep.name ?? (base.endsWith(sweepSuffix) ? base.slice(0, -sweepSuffix.length) : base);
}

export function isSweepFile(file: string): boolean {
  return file.endsWith(sweepSuffix);
}

/**
 * @param file the sweep's path: what its base is relative to, and its name in the problems
 * @param readBase gives the text of the base's file; may throw a ConfigReadError
 * @returns the plan, or null and the problems in the order of the text
 */
export async function readSweep(
  text: string,
  file: string,
  readBase: (file: string) => Promise<string>,
): Promise<{ plan: SweepPlan | null; problems: Problem[] }> {
  const { reader, problems } = openConfig(text, file, [], language);
  if (!reader) return { plan: null, problems };
  const sweep = reader.parse();
  if (!sweep) return { plan: null, problems: reader.problems };
  const base = await baseOf(sweep, file, readBase, reader);
  const stages = stagesOf(sweep);
  const check = new Check(sweep, base, stages, reader);
  check.all();
  if (!reader.isGood || !base) return { plan: null, problems: reader.problems };
  const trials = countTrialsOf(stages).reduce((sum, count) => sum + count, 0);
  if (trials > sweep.maxTrials) check.tooMany(trials);
  return { plan: reader.isGood ? { sweep, base, stages, trials } : null, problems: reader.problems };
}

async function baseOf(
  { base }: Sweep,
  file: string,
  readBase: (file: string) => Promise<string>,
  reader: ConfigReader<Sweep>,
): Promise<Experiment | null> {
  if (typeof base !== "string") return base;
  const baseFile = path.resolve(path.dirname(file), base);
  const fail = (message: string) => {
    reader.report("invalidValue", ["base"], message);
    return null;
  };
  if (isSweepFile(baseFile)) return fail(`base is ${quoted(base)}, a sweep; it has to be an experiment.`);
  let text: string;
  try {
    text = await readBase(baseFile);
  } catch (error) {
    if (error instanceof ConfigReadError) return fail(`base is ${quoted(base)}: ${error.message}`);
    throw error;
  }
  const { experiment, problems } = readExperiment(text, base);
  const [first] = problems;
  if (!experiment)
    return fail(
      `The base has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: ${first ? formatProblem(first) : base}`,
    );
  const { dataset } = experiment;
  if (dataset.folder === undefined && dataset.name !== "text") return experiment;
  const folder = path.relative(path.dirname(file), path.resolve(path.dirname(baseFile), dataset.folder ?? ".")) || ".";
  return { ...experiment, dataset: { ...dataset, folder } };
}

/** What the keys have to say to each other. */
class Check {
  constructor(
    private readonly sweep: Sweep,
    private readonly base: Experiment | null,
    private readonly stages: readonly StagePlan[],
    private readonly reader: ConfigReader<Sweep>,
  ) {}

  all(): void {
    const { stages: listed } = this.sweep;
    if (listed)
      for (const key of ["cases", "axes", "samples", "seeds", "folds", "select"] as const)
        if (this.sweep[key] !== undefined)
          this.reader.report("invalidValue", [key], `${key} stands beside stages; move it into one of the stages.`, {
            key: true,
          });
    if (listed) this.names();
    this.keys(["set"], this.sweep.set ?? {});
    this.stages.forEach((plan, index) => {
      this.stage(plan, listed ? ["stages", index] : []);
    });
    if (this.base && this.reader.isGood) this.values();
    if (this.base && this.reader.isGood)
      this.stages.forEach((plan, index) => {
        this.together(plan, listed ? ["stages", index] : []);
      });
  }

  tooMany(trials: number): void {
    const { maxTrials } = this.sweep;
    const at =
      this.reader.valueOf(["maxTrials"]) === undefined
        ? (["axes", "cases", "stages"].find((key) => this.reader.valueOf([key]) !== undefined) ?? "base")
        : "maxTrials";
    const message = `The sweep makes ${trials} trials; maxTrials allows ${maxTrials}. Take fewer values, or set maxTrials to at least ${trials}.`;
    this.reader.report("invalidValue", ["maxTrials"], message, { at: [at], key: true });
  }

  private names(): void {
    const seen: string[] = [];
    for (const [index, { name, after }] of (this.sweep.stages ?? []).entries()) {
      const at = ["stages", index] as const;
      if (seen.includes(name))
        this.reader.report(
          "invalidValue",
          [...at, "name"],
          `There is a stage ${quoted(name)} already; give this one another name.`,
        );
      if (after !== undefined && !seen.includes(after)) {
        const known = seen.length > 0 ? `one of ${seen.map(quoted).join(", ")}` : "left out in the first stage";
        this.reader.report(
          "invalidValue",
          [...at, "after"],
          `${at[0]}[${index}].after is ${quoted(after)}; it has to be ${known}.`,
        );
      }
      seen.push(name);
    }
  }

  private stage(plan: StagePlan, at: KeyPath): void {
    const axes = plan.axes ?? {};
    if (at.length > 0) this.keys([...at, "set"], plan.set ?? {});
    for (const [index, values] of (plan.cases ?? []).entries()) {
      this.keys([...at, "cases", index], values);
      this.alsoAxes(values, axes, [...at, "cases", index]);
    }
    this.keys([...at, "axes"], axes);
    for (const [key, axis] of Object.entries(axes)) if (!Array.isArray(axis)) this.range(axis, [...at, "axes", key]);
    const random = Object.values(axes).some(isRandom);
    if (random && plan.samples === undefined)
      this.reader.report(
        "missingKey",
        [...at, "samples"],
        `${name(at, "samples")} is missing: say how many values are drawn of the axes with a distribution.`,
        { at: [...at, "axes"], key: true },
      );
    if (!random && plan.samples !== undefined)
      this.reader.report(
        "invalidValue",
        [...at, "samples"],
        `${name(at, "samples")} is ${plan.samples}, but no axis has a distribution to draw from. Give one axis a distribution, or remove samples.`,
        { key: true },
      );
    const seeded = Object.hasOwn(axes, seedKey) || plan.cases?.some((values) => Object.hasOwn(values, seedKey));
    if (plan.seeds !== undefined && seeded)
      this.reader.report(
        "invalidValue",
        [...at, "seeds"],
        `${name(at, "seeds")} and the ${Object.hasOwn(axes, seedKey) ? "axis" : "cases'"} "seed" both set the seed; remove one of the two.`,
        { key: true },
      );
    this.selection(plan, at);
    this.start(plan, at);
  }

  private selection(plan: StagePlan, at: KeyPath): void {
    const { select } = plan;
    if (!select) return;
    const axes = [...new Set([...Object.keys(axesOf(plan)), ...(plan.cases ?? []).flatMap(Object.keys)])];
    select.over.forEach((key, index) => {
      if (axes.includes(key)) return;
      const message = `${name(at, "select.over")} names ${quoted(key)}, which is no axis${axes.length > 0 ? `; there are ${axes.map(quoted).join(", ")}` : ""}.`;
      const meant = nearest(key, axes) ?? undefined;
      this.reader.report("invalidValue", [...at, "select", "over", index], message, { fix: meant });
    });
    // the axis that the selection itself adds does not count as wanting pre-training
    const config = this.firstConfigOf({ ...plan, select: undefined });
    if (select.by === "reconstructionError" && config && pretrainedLayers(config) === 0)
      this.reader.report(
        "invalidValue",
        [...at, "select", "by"],
        `${name(at, "select.by")} is "reconstructionError", which only pre-training has, and this experiment has none. Use "validationError", or add "pretraining": {} to the base.`,
        { fix: "validationError" },
      );
  }

  /** The experiment of a stage's first trial, as far as it is known before others have been trained; null where it is none. */
  private firstConfigOf(plan: StagePlan): Experiment | null {
    const { base, sweep, stages } = this;
    if (!base) return null;
    const [first] = expandStage({ ...plan, samples: 1, seeds: undefined, folds: undefined }, sweep, [
      { number: null, params: {}, seed: base.seed },
    ]);
    const config = configOfTrial(base, sweep.set, lineageOf(stages, plan.name), first?.params ?? {});
    return experimentSchema.safeParse(config).data ?? null;
  }

  /** What keys of a stage's experiment have to say to each other. */
  private together(plan: StagePlan, at: KeyPath): void {
    const config = this.firstConfigOf(plan);
    const [complaint] = config ? pretrainingComplaints(config) : [];
    if (!complaint) return;
    const key = formatPath(complaint.path);
    const places = [[...at, "axes", key], [...at, "set", key], ["set", key], [...at], ["base"]] as KeyPath[];
    const place = places.find((one) => one.length > 0 && this.reader.valueOf(one) !== undefined) ?? ["base"];
    this.reader.report("invalidValue", complaint.path, complaint.message, { at: place, key: true });
  }

  private start(plan: StagePlan, at: KeyPath): void {
    if (!plan.from) return;
    const before = this.stages.find(({ name }) => name === plan.from?.stage);
    if (plan.from.take === "selected" && before && !before.select)
      this.reader.report(
        "invalidValue",
        [...at, "take"],
        `${name(at, "take")} is "selected", but the stage ${quoted(before.name)} has no select. Give it one, or take "best" or "each".`,
      );
    const { start } = plan.from;
    if (start === "anew") return;
    const config = before && this.firstConfigOf(before);
    if (start === "pretrained" && config && pretrainedLayers(config) === 0)
      this.reader.report(
        "invalidValue",
        [...at, "start"],
        `${name(at, "start")} is "pretrained", but the stage ${quoted(before.name)} pre-trains nothing. Add "pretraining": {} to the base, or set start to "parameters" or "anew".`,
      );
    const keys = [plan.set ?? {}, ...(plan.cases ?? []), plan.axes ?? {}].flatMap(Object.keys);
    const fixed =
      start === "pretrained"
        ? /^(network\.(hidden|signs|activation|sharpness)|dataset\.(name|folder|text))\b/
        : /^(network\.(hidden|signs)|dataset\.(name|folder|classes|text))\b/;
    const shape = keys.find((key) => fixed.test(key));
    if (shape)
      this.reader.report(
        "invalidValue",
        [...at, "start"],
        `The stage ${quoted(plan.name)} changes ${shape}, so it cannot start with an earlier network's parameters. Set start to "anew".`,
        { at, fix: undefined },
      );
  }

  private alsoAxes(values: Record<string, unknown>, axes: NonNullable<StagePlan["axes"]>, at: KeyPath): void {
    for (const key of Object.keys(values).filter((one) => Object.hasOwn(axes, one)))
      this.reader.report(
        "invalidValue",
        [...at, key],
        `${quoted(key)} is an axis as well as in a case; remove one of the two.`,
        { key: true },
      );
  }

  /** That each key is one of an experiment's, and may be varied. */
  private keys(at: KeyPath, values: Record<string, unknown>): void {
    for (const key of Object.keys(values)) {
      const keyPath = [...at, key];
      const fixed = fixedKeyOf(key);
      const known = parsePath(key);
      if (fixed !== null) {
        this.reader.report("unknownKey", keyPath, `${quoted(key)} cannot be varied: ${fixedKeys[fixed]}.`, {
          key: true,
        });
      } else if (!known || Object.keys(schemaAt(experimentJsonSchema(), known)).length === 0) {
        const candidates = variableKeys().map((variable) => variable.key);
        const meant = nearest(key, candidates) ?? candidates.find((candidate) => candidate.endsWith(`.${key}`));
        const mend = meant
          ? `Did you mean "${meant}"?`
          : `Keys are written as in --set, such as "training.l1" or "network.hidden[0]".`;
        this.reader.report("unknownKey", keyPath, `No experiment has the key ${quoted(key)}. ${mend}`, {
          key: true,
          fix: meant,
        });
      }
    }
  }

  private range({ spacing, distribution, min, max, count }: Range, at: KeyPath): void {
    const bad = (key: string, message: string) =>
      this.reader.report("invalidValue", [...at, key], message, {
        at: this.reader.valueOf([...at, key]) === undefined ? at : [...at, key],
      });
    if (spacing && distribution)
      bad("distribution", "A range has either spacing or distribution; remove one of the two.");
    else if (!spacing && !distribution)
      this.reader.report(
        "missingKey",
        [...at, "spacing"],
        `The range needs "spacing" ("linear" or "log", with "count") or "distribution" ("uniform", "logUniform" or "integer").`,
        { at },
      );
    if (spacing && count === undefined)
      this.reader.report("missingKey", [...at, "count"], `count is missing: say how many values lie from min to max.`, {
        at,
      });
    if (distribution && !spacing && count !== undefined)
      bad("count", `count is for spacing; how many values are drawn of a distribution is said by samples.`);
    if (min > max || (min === max && count !== 1)) bad("max", `max is ${max}; it has to be greater than min, ${min}.`);
    if ((spacing === "log" || distribution === "logUniform") && min <= 0)
      bad("min", `min is ${min}; a logarithmic range needs a min greater than 0.`);
    if (distribution === "integer" && Math.ceil(min) > Math.floor(max))
      bad("max", `There is no whole number from ${min} to ${max}.`);
  }

  /** That the base keeps to the experiment's schema with every value that a set or an axis gives. */
  private values(): void {
    const listed = this.sweep.stages !== undefined;
    for (const [key, value] of Object.entries(this.sweep.set ?? {})) this.value(key, value, ["set", key]);
    this.stages.forEach((plan, index) => {
      const at = listed ? ["stages", index] : [];
      if (listed)
        for (const [key, value] of Object.entries(plan.set ?? {})) this.value(key, value, [...at, "set", key]);
      for (const [number, values] of (plan.cases ?? []).slice(0, mostChecked).entries())
        for (const [key, value] of Object.entries(values)) this.value(key, value, [...at, "cases", number, key]);
      for (const [key, axis] of Object.entries(plan.axes ?? {})) {
        const place = [...at, "axes", key];
        if (Array.isArray(axis))
          axis.slice(0, mostChecked).forEach((value, i) => void this.value(key, value, [...place, i]));
        else {
          const ends =
            axis.distribution === "integer" ? [Math.ceil(axis.min), Math.floor(axis.max)] : [axis.min, axis.max];
          const values = isRandom(axis)
            ? [...ends, ...(axis.distribution === "integer" ? [] : [between(axis)])]
            : valuesOf(axis).slice(0, mostChecked);
          values.every((value) => this.value(key, value, place));
        }
      }
    });
  }

  /** @returns false when it was reported */
  private value(key: string, value: unknown, at: KeyPath): boolean {
    const target = parsePath(key) ?? [];
    const config = clone(this.base) as object;
    const misplaced = setAt(config, target, value);
    if (misplaced) {
      this.reader.report("invalidValue", at, misplaced.message);
      return false;
    }
    const parsed = experimentSchema.safeParse(config);
    if (parsed.success) return true;
    const wanted = schemaAt(experimentJsonSchema(), target);
    const hint = Object.keys(wanted).length > 0 ? `; it has to be ${expectation(wanted)}` : "";
    this.reader.report("invalidValue", at, `${key} is ${quoted(value)}${hint}.`);
    return false;
  }
}

/** A value that is no end, such as a fraction where whole numbers are wanted. */
function between({ min, max, distribution }: Range): number {
  return distribution === "logUniform" ? Math.sqrt(min * max) : (min + max) / 2 + (max - min) * 0.1234567;
}

function name(at: KeyPath, key: string): string {
  return at.length > 0 ? `${at[0]}[${String(at[1])}].${key}` : key;
}
