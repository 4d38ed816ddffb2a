/** Invented units, as the extension host would send them. Nothing here was measured. */
import type { ToUnitPage, UnitHead, UnitWork } from "../../src/common/unitPage.js";
import type {
  Connection,
  Connections,
  Death,
  DeathCause,
  Missing,
  Moment,
  UnitActivity,
  UnitReport,
  UnitSeries,
  UnitState,
  UnitWeightsReport,
} from "../../src/common/unitReport.js";

const folder = "/home/someone/project/.rectiscope/runs/2026-11-23T12-40-00-test-run-7f3a";
const epochs = 12;
const stepsPerEpoch = 800;
const hostile = '<img src=x onerror="document.title=1">';
const long = "a name that somebody made very long ".repeat(6);
const at = (epoch: number): Moment => ({ step: Math.round(epoch * stepsPerEpoch), epoch });
const base64 = (length: number, value: (k: number) => number) =>
  btoa(String.fromCharCode(...Array.from({ length }, (_, k) => value(k) & 255)));

/** Something that looks like a stroke on a 28 × 28 field. */
const stroke = (k: number, tilt: number) => {
  const [x, y] = [(k % 28) - 14, Math.floor((k % 784) / 28) - 14];
  return Math.exp(-((x * Math.cos(tilt) + y * Math.sin(tilt)) ** 2) / 12 - (x * x + y * y) / 90);
};

const head = (given: Partial<UnitHead> = {}): UnitHead => ({
  folder,
  name: "test-run",
  trail: { back: [], here: { layer: 2, unit: 417 }, ahead: [] },
  units: 1000,
  dead: 214,
  config: true,
  ...given,
});

const alive: UnitState = {
  ...at(epochs),
  set: "valid",
  n: 10_000,
  dead: false,
  dying: false,
  dormant: false,
  rare: false,
  alwaysOn: false,
  firingFrequency: 0.1234,
  meanActivation: -0.0213,
  maximum: 4.21,
  bias: -0.318,
  incomingNorm: 1.18,
  outgoingNorm: 0.62,
  lastFired: at(epochs),
  maxUpdate: { size: 0.21, at: at(0.01) },
};
const dead: UnitState = {
  ...alive,
  dead: true,
  dormant: true,
  dying: true,
  firingFrequency: 0,
  meanActivation: 0,
  maximum: 0,
  bias: -2.42,
  lastFired: at(5.31),
  maxUpdate: { size: 3.71, at: at(5.31) },
};

function series(living: boolean, more: Partial<UnitSeries> = {}): UnitSeries {
  const steps = Array.from({ length: epochs + 1 }, (_, k) => k * stepsPerEpoch);
  const fired = (k: number) => (living || k < 6 ? Math.max(0.01, 0.42 - 0.05 * k + 0.03 * Math.sin(k)) : 0);
  return {
    steps,
    epochs: steps.map((step) => step / stepsPerEpoch),
    firingFrequency: steps.map((_, k) => fired(k)),
    meanActivation: steps.map((_, k) => -fired(k) / 4),
    maximum: steps.map((_, k) => 10 * fired(k)),
    bias: steps.map((_, k) => (living || k < 6 ? -0.03 * k : -2.4 - 0.01 * (k - 6))),
    incomingNorm: steps.map((_, k) => 1.2 + 0.3 * Math.sin(k / 4) - (living || k < 6 ? 0 : 0.3)),
    outgoingNorm: steps.map((_, k) => 0.6 + 0.02 * k),
    trainingFrom: null,
    evaluations: steps.length,
    ...more,
  };
}

const connections = (given: Partial<Connections>): Connections => {
  const one = (k: number, sign: number): Connection => ({
    index: (k * 131 + 7) % 1000,
    name: null,
    weight: sign * 0.41 * 0.82 ** k,
    dead: k === 1 || k === 4,
  });
  return {
    kind: "units",
    layer: 1,
    count: 1000,
    positive: Array.from({ length: 8 }, (_, k) => one(k, 1)),
    negative: Array.from({ length: 8 }, (_, k) => one(k + 3, -1)),
    ...given,
  };
};

const weights: UnitWeightsReport = {
  checkpoint: { name: "last", ...at(epochs) },
  picture: {
    rows: 28,
    columns: 28,
    planes: 1,
    values: base64(784, (k) => Math.round(127 * (stroke(k, 0.6) - 0.8 * stroke(k, 2.2)))),
    largest: 0.372,
    combined: true,
  },
  terms: null,
  below: connections({}),
  above: connections({ layer: 3 }),
};

const activity = (given: Partial<UnitActivity> = {}): UnitActivity => ({
  set: "valid",
  n: 10_000,
  checkpoint: { name: "last", ...at(epochs) },
  fires: 1234,
  mean: 0.0213,
  maximum: 4.21,
  histogram: {
    zeros: 8766,
    from: 0,
    width: 0.14,
    counts: Array.from({ length: 30 }, (_, k) => Math.round(230 * Math.exp(-k / 6))),
  },
  top: Array.from({ length: 12 }, (_, k) => ({
    example: (k * 811 + 12) % 10_000,
    label: [7, 7, 2, 7, 9, 7, 7, 2, 3, 7, 9, 7][k] as number,
    activation: 4.21 - 0.11 * k,
    picture: base64(784, (pixel) => Math.round(255 * Math.min(1, stroke(pixel, 0.6 + 0.08 * k)))),
    terms: null,
  })),
  classes: Array.from({ length: 10 }, (_, label) => ({
    label,
    name: String(label),
    n: 1000 - 7 * label,
    fires: label === 7 ? 810 : 12 * label,
    mean: label === 7 ? 0.91 : 0.01 * label,
  })),
  similar: {
    measure: "jaccard",
    n: 10_000,
    units: Array.from({ length: 8 }, (_, k) => ({ unit: (k * 77 + 3) % 1000, similarity: 0.81 - 0.09 * k })),
  },
  imageShape: { rows: 28, columns: 28, planes: 1 },
  ...given,
});

/** A dead one gives nothing, on any example. */
const silent = activity({
  fires: 0,
  mean: 0,
  maximum: 0,
  histogram: { zeros: 10_000, from: 0, width: 1, counts: [] },
  top: [],
  classes: activity().classes.map((one) => ({ ...one, fires: 0, mean: 0 })),
  similar: { measure: "jaccard", n: 10_000, units: [] },
});

const report = (given: Partial<UnitReport> = {}): UnitReport => ({
  run: { folder, id: "test-run-7f3a", name: "test-run", state: "finished" },
  unit: { layer: 2, layers: 3, unit: 417, units: 1000, inputs: 1000, activation: "rectifier", sign: -1 },
  now: alive,
  series: series(true),
  death: null,
  weights,
  activity: activity(),
  ...given,
});

const deaths: { [Cause in DeathCause]: Extract<Death, { cause: Cause }> } = {
  largeUpdate: {
    cause: "largeUpdate",
    evidence: {
      at: at(5.31),
      update: 3.71,
      ofNorm: 3.09,
      ofTypical: 17.4,
      firingFrequency: 0.183,
      before: at(5),
      atOnce: true,
    },
    lastFired: at(5.31),
    since: at(6),
    mend: [
      { key: "training.learningRate", now: 1, suggested: 0.1 },
      { key: "training.revive", now: null, suggested: null },
    ],
  },
  neverAlive: {
    cause: "neverAlive",
    evidence: { steps: 9600, evaluations: 13, bias: -4, incomingNorm: 0.99, warmStart: true },
    lastFired: null,
    since: at(0),
    mend: [
      { key: "warmStart", now: null, suggested: null },
      { key: "training.revive", now: null, suggested: null },
    ],
  },
  biasDriven: {
    cause: "biasDriven",
    evidence: {
      from: at(2),
      to: at(6),
      bias: { from: -0.12, to: -2.4 },
      incomingNorm: { from: 1.2, to: 1.31 },
      maximum: 2.11,
      pull: null,
    },
    lastFired: at(5.31),
    since: at(6),
    mend: [{ key: "training.learningRate", now: 0.1, suggested: 0.01 }],
  },
  decayed: {
    cause: "decayed",
    evidence: {
      from: at(1),
      to: at(6),
      drive: { from: 4.2, to: 0.011 },
      incomingNorm: { from: 1.2, to: 0.0031 },
      pull: null,
      bias: { from: -0.1, to: -0.12 },
      l1: 0.01,
    },
    lastFired: at(5.31),
    since: at(6),
    mend: [{ key: "training.l1", now: 0.01, suggested: 0.001 }],
  },
  deadInputs: {
    cause: "deadInputs",
    evidence: { layer: 1, share: 0.971, dead: 961, units: 1000, bias: -0.02 },
    lastFired: at(5.31),
    since: at(6),
    mend: [{ key: "layerBelow", now: null, suggested: null }],
  },
  unknown: {
    cause: "unknown",
    evidence: {
      bias: { from: -0.2, to: -0.31 },
      incomingNorm: null,
      maximum: 0.4,
      update: { at: at(0.01), size: 0.11 },
    },
    lastFired: at(5.31),
    since: at(6),
    mend: [],
  },
};

const died = (cause: DeathCause, given: Partial<UnitReport> = {}) =>
  report({ now: dead, series: series(false), death: deaths[cause], activity: silent, ...given });

const missing = (reason: Missing["missing"], message: string): Missing => ({ missing: reason, message });
const done: UnitWork = { state: "done" };
const shown = (given: UnitReport | null, work: UnitWork = done, more: Partial<UnitHead> = {}): ToUnitPage[] => [
  { type: "unit", head: head(more), report: given, work },
];

const tanh = { ...report().unit, activation: "tanh" as const, sign: null };
const undefinedState: UnitState = {
  ...alive,
  dead: null,
  dying: null,
  rare: null,
  alwaysOn: null,
  firingFrequency: null,
  lastFired: null,
};
const first = { ...report().unit, layer: 1, inputs: 784 };
const inputs = connections({
  kind: "inputs",
  layer: 0,
  count: 784,
  positive: connections({}).positive.map((one) => ({ ...one, index: one.index % 784, dead: null })),
  negative: connections({}).negative.map((one) => ({ ...one, index: one.index % 784, dead: null })),
});
const words = ["good", "great", hostile, "wonderful", "excellent", "loved", "best", long];
const termed = connections({
  kind: "inputs",
  layer: 0,
  count: 20_000,
  positive: words.map((name, k) => ({ index: k, name, weight: 1.2 - 0.1 * k, dead: null })),
  negative: words.map((name, k) => ({ index: 50 + k, name: `not ${name}`, weight: -0.9 + 0.1 * k, dead: null })),
});
const reviews = activity({
  imageShape: null,
  classes: [
    { label: 0, name: "negative", n: 6000, fires: 100, mean: 0.01 },
    { label: 1, name: `positive ${long}`, n: 4000, fires: 3100, mean: 1.2 },
  ],
  top: activity().top.map((example, k) => ({
    ...example,
    label: k % 2,
    picture: null,
    terms: [...words.slice(0, 5 + (k % 3))],
  })),
});

export const states: Record<string, () => ToUnitPage[]> = {
  alive: () => shown(report()),
  killed: () => shown(died("largeUpdate"), done, { trail: { ...head().trail, back: [{ layer: 1, unit: 3 }] } }),
  "never-alive": () => shown(died("neverAlive", { now: { ...dead, lastFired: null, maxUpdate: null } })),
  "bias-driven": () => shown(died("biasDriven")),
  decayed: () => shown(died("decayed")),
  "dead-inputs": () => shown(died("deadInputs")),
  unknown: () => shown(died("unknown")),
  rare: () => shown(report({ now: { ...alive, rare: true, firingFrequency: 0.0003 } })),
  "always-on": () => shown(report({ now: { ...alive, alwaysOn: true, firingFrequency: 1 } })),
  first: () =>
    shown(
      report({
        unit: first,
        weights: { ...weights, picture: { ...weights.picture!, combined: false }, below: inputs },
      }),
      done,
      { trail: { back: [], here: { layer: 1, unit: 417 }, ahead: [] } },
    ),
  "last-layer": () =>
    shown(
      report({
        unit: { ...report().unit, layer: 3 },
        weights: {
          ...weights,
          above: connections({
            kind: "classes",
            layer: 4,
            count: 10,
            positive: [7, 2, 3].map((index, k) => ({ index, name: null, weight: 0.9 - 0.2 * k, dead: null })),
            negative: [0, 1].map((index, k) => ({ index, name: null, weight: -0.4 + 0.1 * k, dead: null })),
          }),
        },
      }),
      done,
      { trail: { back: [], here: { layer: 3, unit: 417 }, ahead: [] } },
    ),
  texts: () =>
    shown(
      report({
        unit: { ...first, inputs: 20_000 },
        weights: {
          ...weights,
          picture: null,
          terms: {
            positive: words.map((term, k) => ({ term, weight: 1.2 - 0.1 * k })),
            negative: words.map((term, k) => ({ term: `not ${term}`, weight: -0.9 + 0.1 * k })),
            combined: false,
          },
          below: termed,
        },
        activity: reviews,
      }),
    ),
  tanh: () =>
    shown(
      report({
        unit: tanh,
        now: undefinedState,
        series: series(true, { firingFrequency: null }),
        activity: activity({
          fires: null,
          histogram: { zeros: 0, from: -1, width: 0.1, counts: Array.from({ length: 20 }, (_, k) => 100 + 40 * k) },
          classes: activity().classes.map((one) => ({ ...one, fires: null })),
          similar: { ...activity().similar, measure: "correlation" },
        }),
      }),
      done,
      { dead: null },
    ),
  opening: () => shown(null, { state: "computing", progress: null }),
  computing: () =>
    shown(died("largeUpdate", { activity: null }), {
      state: "computing",
      progress: { stage: "network", share: 0.43 },
    }),
  cancelled: () => shown(died("largeUpdate", { activity: null }), { state: "cancelled" }),
  failed: () =>
    shown(died("largeUpdate", { activity: null }), {
      state: "failed",
      message: "The thread that reads the unit ended with code 134.",
    }),
  "no-data": () =>
    shown(
      died("decayed", {
        activity: missing("noData", "The data set mnist is not on this machine: run rectiscope download mnist."),
      }),
    ),
  "no-checkpoint": () =>
    shown(
      report({
        now: null,
        series: series(true, {
          steps: [],
          epochs: [],
          firingFrequency: [],
          meanActivation: [],
          maximum: [],
          bias: [],
          incomingNorm: [],
          outgoingNorm: [],
          evaluations: 0,
        }),
        weights: missing("noCheckpoint", "The run has written no checkpoint so far."),
        activity: missing("noCheckpoint", "The run has written no checkpoint so far."),
      }),
    ),
  pretraining: () =>
    shown(
      report({
        series: series(true, { trainingFrom: at(5) }),
        weights: missing("failed", "The network does not fit into memory."),
        activity: missing("failed", "The network does not fit into memory."),
      }),
    ),
  "twenty-layers": () =>
    shown(
      died("deadInputs", {
        unit: { ...report().unit, layer: 17, layers: 20, unit: 65_535, units: 65_536, inputs: 65_536 },
      }),
      done,
      { trail: { back: [], here: { layer: 17, unit: 65_535 }, ahead: [] }, units: 65_536 },
    ),
  long: () =>
    shown(
      died("largeUpdate", {
        run: { folder, id: "x", name: `${hostile} ${long}`, state: "finished" },
        activity: activity({
          classes: Array.from({ length: 256 }, (_, label) => ({
            label,
            name: label === 0 ? hostile : long,
            n: 100,
            fires: label % 100,
            mean: label / 100,
          })),
        }),
      }),
      done,
      { name: `${hostile} ${long}` },
    ),
  unreadable: () => [
    { type: "unreadable", folder, message: "run.json is not JSON: unexpected end of file at line 14." },
  ],
};
