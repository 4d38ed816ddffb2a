/**
 * The sweep config, `*.sweep.rectiscope.json`: a base experiment and what is varied. As with experiments, the one place that says
 * which keys exist, what they mean and what values they take.
 */
import { z } from "zod";
import { experimentSchema } from "./experiment.js";
import { studyIds } from "./studyIds.js";

/** File name suffix of a sweep. */
export const sweepSuffix = ".sweep.rectiscope.json";

export const sweepLimits = { trials: 100_000, values: 10_000, seeds: 10_000, folds: 100, jobs: 256, stages: 20 };

/** The rates that the paper tried (Glorot, Bordes and Bengio 2011, section 4). */
export const paperLearningRates = [0.1, 0.01, 0.001, 0.0001];

/** The rate that a selection by each figure is over unless it says. */
export const learningRateKeys = {
  validationError: "training.learningRate",
  reconstructionError: "pretraining.learningRate",
} as const;

const count = (max: number) => z.int().min(1).max(max);
const seed = () => z.int().min(0).max(0xffff_ffff);

const range = z
  .strictObject({
    spacing: z
      .enum(["linear", "log"])
      .optional()
      .describe(
        "`count` values from `min` to `max`, both included: `linear` at equal distances, `log` at equal ratios.",
      ),
    distribution: z
      .enum(["uniform", "logUniform", "integer"])
      .optional()
      .describe(
        "Random values: `uniform` between `min` and `max`, `logUniform` with a uniform logarithm, `integer` a whole number, both ends included. How many: `samples`.",
      ),
    min: z.number().describe("Lowest value."),
    max: z.number().describe("Highest value."),
    count: count(sweepLimits.values).optional().describe("Number of values, for `spacing`."),
  })
  .describe("A range of numbers, with either `spacing` and `count` or `distribution`.");

const axis = z
  .union([z.array(z.unknown()).min(1).max(sweepLimits.values).describe("The values, one after the other."), range])
  .describe("What a key takes: a list of values, or a range.");

export type Axis = z.output<typeof axis>;
export type Range = z.output<typeof range>;

const axes = z
  .record(z.string(), axis)
  .describe(
    "What is varied: keys of the experiment, such as `training.l1` or `network.hidden[0]`, each with a list of values or a range. Every combination is a trial.",
  );

const set = z
  .record(z.string(), z.unknown())
  .describe("Values in place of the base's, for every trial: keys such as `training.epochs`.");

const select = z
  .strictObject({
    over: z
      .array(z.string().min(1))
      .min(1)
      .max(20)
      .optional()
      .describe(
        "The axes whose values are chosen, for each combination of the others. Default: the learning rate, by reconstruction error that of pre-training. A learning rate that no axis names takes the paper's four values: 0.1, 0.01, 0.001, 0.0001.",
      ),
    by: z
      .enum(["validationError", "reconstructionError"])
      .default("validationError")
      .describe(
        "The figure that has to be lowest, its mean over seeds and folds: `validationError` for supervised training, `reconstructionError` for pre-training. The test set is never looked at.",
      ),
  })
  .describe("The paper's selection: of every group of trials that differ only in these axes, the best is chosen.");

export type Select = Required<z.output<typeof select>>;

/** What a stage varies; a sweep without stages is one. */
const variation = {
  set: set.optional(),
  cases: z
    .array(z.record(z.string(), z.unknown()).describe("Values that belong together."))
    .min(1)
    .max(sweepLimits.values)
    .optional()
    .describe(
      "Values that change together, such as each unit with its own penalty: every case with every combination of the axes. Keys are written as in `set`.",
    ),
  axes: axes.optional(),
  samples: count(sweepLimits.values)
    .optional()
    .describe("Number of random draws; one draw is a value of every axis with a `distribution`."),
  seeds: z
    .union([
      count(sweepLimits.seeds).describe("So many seeds, from the base's on."),
      z.array(seed()).min(1).max(sweepLimits.seeds).describe("These seeds."),
    ])
    .optional()
    .describe("Repeats every trial with several seeds: how many, or which. Default: the base's alone."),
  folds: z
    .int()
    .min(2)
    .max(sweepLimits.folds)
    .optional()
    .describe("k-fold cross-validation: every trial is trained k times, each time with another part held out."),
  select: select.optional(),
};

const stage = z
  .strictObject({
    name: z.string().min(1).max(60).describe("Name of the stage."),
    after: z
      .string()
      .optional()
      .describe("The earlier stage whose trials this one goes on from. Default: the one before."),
    take: z
      .enum(["best", "selected", "each"])
      .default("best")
      .describe(
        "Which of its trials: `best` the values with the lowest mean validation error over seeds and folds, and of their trials the best one; `selected` those chosen in every group by its `select`; `each` all of them.",
      ),
    start: z
      .enum(["parameters", "pretrained", "anew"])
      .default("parameters")
      .describe(
        "`parameters` starts with that trial's weights (its best checkpoint), seed and fold; `pretrained` with its layers as pre-training left them, and a new softmax: pre-trained once, they serve any number of trials; `anew` takes over only the values of the axes and starts with random weights. What starts with weights is not pre-trained again, unless the stage varies a key of `pretraining`.",
      ),
    ...variation,
  })
  .describe("One round of trials, which may go on from those of an earlier one.");

export type Stage = z.output<typeof stage>;

export const sweepSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Address of the JSON Schema of this file; for other editors."),
    name: z.string().min(1).max(200).optional().describe("Name of the sweep. Default: the file's name."),
    description: z.string().optional().describe("What this sweep is for, in your words."),
    study: z
      .enum(studyIds)
      .optional()
      .describe(
        "The result of the paper that the sweep repeats, shown beside what the trials come to: a table or a figure of Glorot, Bordes and Bengio 2011.",
      ),
    base: z
      .union([z.string().min(1).describe("Path of an experiment, relative to this file."), experimentSchema])
      .describe(
        "The experiment that is varied: the path of a `*.rectiscope.json`, relative to this file, or the experiment itself.",
      ),
    ...variation,
    stages: z
      .array(stage)
      .min(1)
      .max(sweepLimits.stages)
      .optional()
      .describe("Rounds of trials one after the other, such as a search and then repeats of the best."),
    seed: seed().default(1).describe("Seed of the random axes: the same seed draws the same values."),
    maxTrials: count(sweepLimits.trials).default(1000).describe("The sweep is turned down when it makes more trials."),
    jobs: z
      .union([z.literal("auto"), count(sweepLimits.jobs)])
      .default("auto")
      .describe(
        "How many trials are trained at once. `auto` is one for each core, as far as memory allows. The results are the same for any number.",
      ),
  })
  .describe("A Rectiscope sweep");

/** A sweep with every schema default filled in. */
export type Sweep = z.output<typeof sweepSchema>;

/** The variation of one stage, named; of a sweep without stages the only one. */
export type StagePlan = Omit<Stage, "after" | "take" | "start" | "select"> & {
  select?: Select | undefined;
  /** Null for a stage that begins from the base. */
  from: { stage: string; take: Stage["take"]; start: Stage["start"] } | null;
};

/** What a sweep does, round by round. */
export function stagesOf(sweep: Sweep): StagePlan[] {
  const { stages } = sweep;
  if (!stages) {
    const { cases, axes, samples, seeds, folds, select } = sweep;
    return [{ name: "", set: undefined, cases, axes, samples, seeds, folds, select: selectOf(select), from: null }];
  }
  return stages.map(({ after, take, start, select, ...plan }, index) => {
    const before = after ?? stages[index - 1]?.name;
    return { ...plan, select: selectOf(select), from: before === undefined ? null : { stage: before, take, start } };
  });
}

function selectOf(select: z.output<typeof sweepSchema>["select"]): Select | undefined {
  return select && { by: select.by, over: select.over ?? [learningRateKeys[select.by]] };
}
