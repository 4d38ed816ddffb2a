/** Invented sweeps in every state that the page knows. */
import { experimentSchema } from "../../src/common/experiment.js";
import { sweepSchema } from "../../src/common/sweep.js";
import type { ToSweepPage } from "../../src/common/sweepMessages.js";
import type { SweepProgress, SweepRecord, TrialRecord, TrialState } from "../../src/common/sweepRecord.js";
import type { SweepGroup, SweepSummary } from "../../src/common/sweepSummary.js";

import { studyReport } from "../../src/engine/studies/report.js";

type Message = Exclude<ToSweepPage, { type: "response" }>;

const folder = "/home/ada/digits/.rectiscope/sweeps/2026-05-01T10-00-00-penalties-7f3a";
const noise = (n: number) => ((Math.sin(n * 12.9898) * 43758.5453) % 1) / 2;

function trialOf(
  number: number,
  params: TrialRecord["params"],
  state: TrialState,
  sparsity: number | null = null,
): TrialRecord {
  const l1 = Number(params["training.l1"] ?? 0.001);
  const error = 0.0165 + 0.004 * Math.abs(noise(number)) + 3 * Math.max(0, l1 - 0.004);
  const zeros = sparsity ?? 0.62 + 0.33 * (1 - Math.exp(-600 * l1)) + 0.01 * noise(number + 5);
  const measured = state === "finished" || state === "stopped";
  return {
    number,
    stage: "",
    key: String(number),
    params,
    parent: null,
    run: `runs/${String(number).padStart(4, "0")}`,
    reused: false,
    state,
    result: measured
      ? {
          test: { n: 10_000, error: error + 0.0008, loss: 0.07 },
          valid: { n: 10_000, error, loss: 0.07 },
          sparsity: params["network.activation"] === "tanh" ? null : { mean: zeros },
          dead: params["network.activation"] === "tanh" ? null : { total: Math.round(l1 * 4000) },
          epochs: 8,
          bestEpoch: 7,
          samplesPerSecond: 9000,
          seconds: 412 + 40 * noise(number),
        }
      : null,
    error:
      state === "failed"
        ? {
            code: "crashed",
            message: "The trial's process ended by SIGKILL. Something killed it: perhaps memory ran out.",
          }
        : null,
  };
}

function sweepOf(trials: TrialRecord[], change: Partial<SweepRecord> = {}): SweepRecord {
  return {
    version: 1,
    id: "penalties",
    name: "penalties",
    source: "rectiscope 0.1.0",
    state: "running",
    created: "2026-05-01T10:00:00.000Z",
    heartbeat: "2026-05-01T10:20:00.000Z",
    ended: null,
    configFile: "../../../penalties.sweep.rectiscope.json",
    sweep: { base: "mnist-rectifier.rectiscope.json", seed: 1, maxTrials: 1000, jobs: "auto" },
    base: {} as SweepRecord["base"],
    seconds: 1240,
    trials,
    toCome: 0,
    selections: [],
    error: null,
    ...change,
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sdOf = (values: number[]) =>
  values.length < 2
    ? null
    : Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

/** As engine/sweeps/summary makes it, p-values invented. */
function summaryOf(trials: TrialRecord[], selected: number[] = []): SweepSummary {
  const groups = new Map<string, TrialRecord[]>();
  for (const trial of trials) {
    const { seed, "dataset.fold": _, ...shared } = trial.params;
    const key = JSON.stringify([trial.stage, shared]);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  const figure = (members: TrialRecord[], of: (trial: TrialRecord) => number | null | undefined) => {
    const values = members.flatMap((trial) => (trial.state === "finished" ? (of(trial) ?? []) : []));
    return values.length > 0 ? { mean: mean(values), sd: sdOf(values) } : null;
  };
  const made = [...groups.values()].map((members): SweepGroup => {
    const { seed, "dataset.fold": _, ...params } = members[0]!.params;
    return {
      stage: members[0]!.stage,
      params,
      trials: members.map(({ number }) => number),
      n: members.filter(({ state }) => state === "finished").length,
      figures: {
        testError: figure(members, ({ result }) => result?.test.error),
        validError: figure(members, ({ result }) => result?.valid.error),
        testRmse: figure(members, ({ result }) => result?.test.rmse),
        validRmse: figure(members, ({ result }) => result?.valid.rmse),
        sparsity: figure(members, ({ result }) => result?.sparsity?.mean),
        dead: figure(members, ({ result }) => result?.dead?.total),
        seconds: figure(members, ({ result }) => result?.seconds),
      },
      selected: members.some(({ number }) => selected.includes(number)),
      best: false,
      againstBest: null,
    };
  });
  const finished = made.filter(({ figures }) => figures.validError);
  const best = finished.sort((a, b) => a.figures.validError!.mean - b.figures.validError!.mean)[0];
  if (best) best.best = true;
  for (const group of made)
    if (group !== best && group.n > 1)
      group.againstBest = { n: group.n, difference: 0.001, tTest: 0.0123, wilcoxon: 0.0625 };
  return { groups: made };
}

const penalties = [0, 0.0005, 0.001, 0.002, 0.005];

/** Five penalties, three seeds each. @param states of the trials, in order; the last for the rest */
function repeated(states: TrialState[]): TrialRecord[] {
  return penalties.flatMap((l1, p) =>
    [1, 2, 3].map((seed, s) =>
      trialOf(p * 3 + s + 1, { "training.l1": l1, seed }, states[Math.min(p * 3 + s, states.length - 1)]!),
    ),
  );
}

const of = (n: number, state: TrialState): TrialState[] => Array(n).fill(state);
const idle: SweepProgress = { running: [], share: 0, remainingSeconds: null, jobs: 0 };

function message(record: SweepRecord, progress: Partial<SweepProgress> = {}, selected: number[] = []): Message[] {
  const done = record.trials.filter(({ state }) => state === "finished").length / Math.max(1, record.trials.length);
  return [
    {
      type: "sweep",
      folder,
      record,
      progress: { ...idle, share: done, ...progress },
      summary: summaryOf(record.trials, selected),
      study: studyReport(record),
    },
  ];
}

const progressOf = (step: number) => ({
  step,
  totalSteps: 40_000,
  epoch: step / 5000,
  epochs: 8,
  samplesPerSecond: 9000,
  remainingSeconds: 200,
  trainingSeconds: 1,
  trainingExamples: 1,
  seconds: 1,
});
const going = {
  running: [8, 9].map((number) => ({ number, progress: progressOf(number * 2200) })),
  share: 0.52,
  remainingSeconds: 1140,
  jobs: 2,
};

/** Table 1 of the paper on the packed digits: two rates for each kind of unit, then the better one. @param trained of the second round */
function studied(trained: TrialState[]): SweepRecord {
  const units = ["rectifier", "tanh", "softplus"];
  const rates = [0.1, 0.01];
  const inline = {
    dataset: { name: "mnist-sample" },
    network: { hidden: [200, 200, 200] },
    training: { learningRate: 0.1, epochs: 5, l1: 0.001 },
  };
  const base = experimentSchema.parse(inline);
  const cases = units.map((unit) => ({ "network.activation": unit }));
  const sweep = sweepSchema.parse({
    study: "table1-mnist",
    base: inline,
    stages: [
      { name: "rates", cases, axes: { "training.learningRate": rates }, set: { "training.epochs": 1 }, select: {} },
      { name: "trained", take: "selected", start: "anew", set: { "training.epochs": 5 } },
    ],
  });
  const search = units.flatMap((unit, u) =>
    rates.map((rate, r) => ({
      ...trialOf(
        u * 2 + r + 1,
        { "network.activation": unit, "training.learningRate": rate },
        trained.length > 0 || u === 0 ? "finished" : "pending",
      ),
      stage: "rates",
    })),
  );
  const finals = trained.map((state, u) => ({
    ...trialOf(u + 7, { "network.activation": units[u], "training.learningRate": 0.1 }, state),
    stage: "trained",
  }));
  const done = trained.length > 0 && trained.every((state) => state === "finished");
  const state = done ? "finished" : "running";
  const toCome = trained.length > 0 ? 0 : 3;
  return sweepOf([...search, ...finals], { name: "table1-mnist", sweep, base, toCome, state });
}

function sparsities(): SweepRecord {
  const inline = {
    dataset: { name: "mnist" },
    network: { hidden: [1000, 1000, 1000] },
    training: { learningRate: 0.03, epochs: 2 },
  };
  const cases = Array.from({ length: 12 }, (_, i) => ({ "training.l1": (i * 0.01) / 11, seed: i + 1 }));
  const trials = cases.map((params, i) => trialOf(i + 1, params, i < 9 ? "finished" : "pending", 0.6 + i * 0.04));
  const sweep = sweepSchema.parse({ study: "figure3", base: inline, cases });
  return sweepOf(trials, { name: "figure3", sweep, base: experimentSchema.parse(inline), toCome: 0 });
}

export const states: Record<string, () => Message[]> = {
  running: () => message(sweepOf(repeated([...of(7, "finished"), "running", "running", "pending"])), going),
  empty: () => message(sweepOf(repeated(["running", "running", "pending"]), { seconds: 1 }), { jobs: 2 }),
  finished: () => message(sweepOf(repeated(["finished"]), { state: "finished", selections: [] }), {}, [7]),
  paused: () => message(sweepOf(repeated([...of(7, "finished"), "paused", "paused", "pending"]), { state: "paused" })),
  stopped: () =>
    message(sweepOf(repeated([...of(7, "finished"), "stopped", "stopped", "pending"]), { state: "stopped" })),
  interrupted: () =>
    message(sweepOf(repeated([...of(7, "finished"), "running", "running", "pending"]), { state: "interrupted" })),
  failures: () =>
    message(
      sweepOf(repeated(["finished", "failed", "finished", "finished", "failed", "failed", "finished"]), {
        state: "finished",
      }),
    ),
  broken: () =>
    message(
      sweepOf(repeated([...of(4, "finished"), "pending"]), {
        state: "failed",
        error: {
          code: "diskFull",
          message:
            "The disk is full: /home/ada/digits/.rectiscope/sweeps/penalties cannot be written. Free some space.",
        },
      }),
    ),
  unreadable: () => [{ type: "unreadable", folder, message: `${folder} is not a sweep: it has no file sweep.json.` }],
  /** Two units, told apart by colour and shape, over a logarithmic axis. */
  units: () => {
    const trials = ["rectifier", "tanh", "softplus"].flatMap((activation, a) =>
      [0.1, 0.03, 0.01, 0.001].map((rate, r) =>
        trialOf(
          a * 4 + r + 1,
          { "network.activation": activation, "training.learningRate": rate },
          "finished",
          0.5 + a / 10,
        ),
      ),
    );
    return message(sweepOf(trials, { state: "finished", name: "units and rates" }));
  },
  /** Reviews with stars, three shares of labels on five folds. */
  stars: () => {
    const trials = [0.05, 0.2, 1].flatMap((share, s) =>
      [1, 2, 3, 4, 5].map((index, f) => {
        const params = { "dataset.labelFraction": share, "dataset.fold": { index, of: 5, seed: 1 } };
        const trial = trialOf(s * 5 + f + 1, params, "finished", 0.45 + s / 50);
        const rmse = 1.05 - 0.13 * s + 0.02 * noise(s * 5 + f);
        Object.assign(trial.result?.valid ?? {}, { error: 0.62 - 0.07 * s + 0.01 * noise(f), rmse });
        Object.assign(trial.result?.test ?? {}, { error: 0.63 - 0.07 * s, rmse: rmse + 0.01 });
        return trial;
      }),
    );
    return message(sweepOf(trials, { state: "finished", name: "labels" }));
  },
  stages: () => {
    const search = [0.1, 0.01, 0.001, 0.0001].map((rate, i) => ({
      ...trialOf(i + 1, { "training.learningRate": rate }, "finished"),
      stage: "search",
    }));
    const repeats = [5, 6, 7].map((seed, i) => ({
      ...trialOf(i + 5, { "training.learningRate": 0.1, seed }, i === 0 ? "finished" : "pending"),
      stage: "repeats",
    }));
    return message(
      sweepOf([...search, ...repeats], { toCome: 4 }),
      { jobs: 2, remainingSeconds: 300, share: 0.4 },
      [1],
    );
  },
  "study-begun": () => message(studied([]), { jobs: 2 }),
  study: () => message(studied(["finished", "running", "pending"]), { jobs: 2 }),
  "study-done": () => message(studied(["finished", "finished", "finished"])),
  "study-bands": () => message(sparsities(), { jobs: 2 }),
  thousand: () => {
    const trials = Array.from({ length: 1000 }, (_, i) =>
      trialOf(
        i + 1,
        { "training.l1": Number((0.01 * Math.abs(noise(i) * 2) + i * 1e-9).toFixed(9)), seed: 4_000_000_000 + i },
        i < 900 ? "finished" : i < 902 ? "running" : "pending",
      ),
    );
    return message(sweepOf(trials, { name: "figure 3" }), { ...going, running: [] });
  },
  "long-name": () => {
    const name =
      "A sweep whose name goes on and on, as names do that people give to what they will want to find again in a year";
    const trials = repeated(["finished"]).map((trial) => ({
      ...trial,
      params: { ...trial.params, "network.hidden": [1000, 1000, 1000, 1000] },
    }));
    return message(sweepOf(trials, { name, state: "finished" }));
  },
};
