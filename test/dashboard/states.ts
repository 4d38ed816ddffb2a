/** Invented messages for every state the dashboard can be in. Nothing here was measured: the curves only have plausible shapes. */
import type { ClaimsView } from "../../src/common/claims.js";
import { experimentSchema } from "../../src/common/experiment.js";
import type { ToDashboard, ToldEvaluation } from "../../src/common/messages.js";
import type { LayerFigures } from "../../src/common/metrics.js";
import type { Pictures } from "../../src/common/pictures.js";
import { PretrainingSeries } from "../../src/common/pretrainingSeries.js";
import type { EvalLine, RunRecord, TrainLine } from "../../src/common/run.js";
import { TrainingSeries, type TrainingWindow } from "../../src/common/trainingSeries.js";
import { packUnits, type UnitFigures } from "../../src/common/unitFrames.js";
import type { Activation } from "../../src/common/units.js";
import { checking, claimsRecord, unchecked } from "./claims.js";
import { phasesUntil, picturesOf, pretrainLines, reconstructions, sparsityAfter } from "./pretrained.js";

interface Invention {
  name: string;
  hidden: number[];
  activation: Activation;
  state: RunRecord["state"];
  /** Epochs done, of 30. */
  epoch: number;
  /** Keys of the config's training section. */
  training?: object;
  /** Steps between training lines. */
  lineSteps?: number;
  /** Labels are stars. */
  stars?: boolean;
  /** Epochs of pre-training of each layer, lines included; `epoch` counts from its beginning. */
  pretraining?: number;
  /** Pre-training of so many layers, two epochs each, before the training itself. */
  pretrained?: number;
}

type Snapshot = Extract<ToDashboard, { type: "snapshot" }>;
type Frame = Extract<ToDashboard, { type: "frame" }>;

const wholeRun: TrainingWindow = { range: null, points: 240, layers: true };
/** Of the state made last: what the host would keep of it. */
let kept = new TrainingSeries(0);
let keptPretraining = new PretrainingSeries(0);

const epochs = 30;
const stepsPerEpoch = 5000;
const ordinary: Invention = {
  name: "test-run",
  hidden: [1000, 1000, 1000],
  activation: "rectifier",
  state: "running",
  epoch: 9.44,
};

/** The messages of each state, in the order the host would send them. */
export const states: Record<string, () => ToDashboard[]> = {
  running: () => [snapshot(ordinary)],
  waiting: () => [snapshot({ ...ordinary, epoch: 0 })],
  "first-epoch": () => [snapshot({ ...ordinary, epoch: 0.4 })],
  finished: () => [finished({ ...ordinary, state: "finished", epoch: 30 })],
  claims: () => withClaims(ordinary),
  "claims-failing": () => withClaims({ ...ordinary, hidden: [1000] }, { holds: false }),
  "claims-tanh": () => withClaims({ ...ordinary, activation: "tanh", name: "test-run-tanh" }),
  "claims-many-layers": () => withClaims({ ...ordinary, hidden: Array.from({ length: 20 }, (_, l) => 1000 - 40 * l) }),
  "claims-unchecked": () => withClaims(ordinary, unchecked),
  "claims-checking": () => withClaims(ordinary, { ...unchecked, checking: checking(4) }),
  "claims-error": () =>
    withClaims(ordinary, {
      ...unchecked,
      error:
        "The run /home/someone/project/.rectiscope/runs/2026-11-23T12-40-00-test-run-7f3a was trained on other data: mnist from /data/mnist is not what is now in /data/mnist. Put the data back, or run the config again.",
    }),
  stopped: () => [finished({ ...ordinary, state: "stopped", epoch: 6.2 })],
  failed: () => [failed()],
  interrupted: () => [snapshot({ ...ordinary, state: "interrupted", epoch: 3.3 })],
  tanh: () => [snapshot({ ...ordinary, activation: "tanh", name: "test-run-tanh" })],
  adam: () => [
    snapshot({ ...ordinary, training: { optimizer: "adam", learningRate: 0.001, beta1: 0.95, epsilon: 1e-7 } }),
  ],
  target: () => [snapshot({ ...ordinary, training: { targetSparsity: 0.85 } })],
  "target-below": () => [snapshot({ ...ordinary, training: { targetSparsity: 0.6 } })],
  revived: () => [revived(ordinary, 8)],
  "revived-now": () => [revived({ ...ordinary, hidden: Array.from({ length: 20 }, (_, l) => 1000 - 40 * l) }, 9)],
  "revived-paused": () => [revived({ ...ordinary, state: "paused", epoch: 9 }, 9)],
  "no-layers": () => [snapshot({ ...ordinary, hidden: [] })],
  "one-layer": () => [snapshot({ ...ordinary, hidden: [500] })],
  "twenty-layers": () => [snapshot({ ...ordinary, hidden: Array.from({ length: 20 }, (_, l) => 1000 - 40 * l) })],
  phases: () => [snapshot({ ...ordinary, pretrained: 3 })],
  stars: () => [finished({ ...ordinary, name: "reviews", state: "finished", epoch: 30, stars: true })],
  pretraining: () => [snapshot({ ...ordinary, pretraining: 10, epoch: 13.4 })],
  "pretraining-begins": () => [snapshot({ ...ordinary, pretraining: 10, epoch: 0 })],
  "pretraining-tanh": () => [snapshot({ ...ordinary, activation: "tanh", pretraining: 10, epoch: 13.4 })],
  "pretraining-interrupted": () => [snapshot({ ...ordinary, state: "interrupted", pretraining: 10, epoch: 24.6 })],
  pretrained: () => [finished({ ...ordinary, state: "finished", pretraining: 10, epoch: 60 })],
  paused: () => [snapshot({ ...ordinary, state: "paused", epoch: 6.2 })],
  "one-unit": () => [snapshot({ ...ordinary, hidden: [1, 12], name: "narrow" })],
  "five-thousand": () => [snapshot({ ...ordinary, hidden: [5000, 2500, 5000] })],
  "many-lines": () => [snapshot({ ...ordinary, state: "finished", epoch: 30, lineSteps: 15 })],
  "twenty-thousand": () => [snapshot({ ...ordinary, hidden: new Array(20).fill(1000), lineSteps: 5 })],
  "long-name": () => [
    snapshot({
      ...ordinary,
      name: `<img src=x onerror="document.title='hostile'"> a name that goes on and on and on, ${"further than any window is wide, ".repeat(4)}`,
      hidden: [65_536, 4096, 12],
    }),
  ],
  unreadable: () => [
    {
      type: "unreadable",
      folder: "/home/someone/project/.rectiscope/runs/2026-11-23T12-40-00-test-run-7f3a",
      message: "run.json is not JSON: unexpected end of file at line 14.",
    },
  ],
};

function snapshot(given: Invention): Snapshot {
  const { pretraining = 0, hidden } = given;
  const before = pretraining * hidden.length;
  const invention = { ...given, epoch: Math.max(0, given.epoch - before) };
  const later = <T extends { step: number; epoch: number }>(line: T): T => ({
    ...line,
    step: line.step + before * stepsPerEpoch,
    epoch: line.epoch + before,
  });
  const plan = { epochs: pretraining, layers: hidden.length, stepsPerEpoch };
  kept = new TrainingSeries(hidden.length, trainLines(invention).map(later));
  keptPretraining = new PretrainingSeries(hidden.length, pretrainLines(given.epoch, plan, randomNumbers(5)));
  const figures = (layer: number, epoch: number) => layerFigures(given, epoch, hidden[layer - 1] ?? 0, layer - 1);
  const lines = pretraining > 0 && given.epoch > 0 ? reconstructions(given.epoch, plan, figures) : [];
  return {
    type: "snapshot",
    run: record(given),
    folder: "/home/someone/project/.rectiscope/runs/2026-11-23T12-40-00-test-run-7f3a",
    training: kept.view(wholeRun),
    evaluations: Array.from({ length: invention.epoch > 0.5 ? Math.floor(invention.epoch) + 1 : 0 }, (_, epoch) =>
      told(later(evaluation(invention, epoch))),
    ),
    ...(keptPretraining.length > 0 && { pretraining: keptPretraining.view(wholeRun) }),
    ...(lines.length > 0 && { reconstructions: lines }),
  };
}

/** Dead units of the last layer were revived at an epoch, by a person. */
function revived(invention: Invention, epoch: number): Snapshot {
  const message = snapshot(invention);
  const { layers, step, set, n } = message.evaluations.find((line) => line.epoch === epoch) as ToldEvaluation;
  const counts = layers.map(({ dead }) => ({ revived: dead ?? 0, dead }));
  message.revivals = [{ kind: "revive", step, epoch, set, n, criterion: "dead", requested: true, layers: counts }];
  const next = message.evaluations.find((line) => line.epoch === epoch + 1);
  if (!next) return message;
  next.revival = {
    step,
    layers: counts.map((layer) => ({ revived: layer.revived, again: layer.revived > 3 ? 1 : 0 })),
  };
  next.layers = next.layers.map((layer) => ({ ...layer, dead: Math.min(1, layer.dead ?? 0) }));
  return message;
}

/** λ where it is moved to reach a sparsity: up, then down as far as it goes. */
function penaltyAt({ training = {} }: Invention, epoch: number): number | undefined {
  const { targetSparsity } = training as { targetSparsity?: number };
  if (targetSparsity === undefined) return undefined;
  return targetSparsity < 0.7 ? 0 : 0.004 * Math.min(1, epoch / 1.5) * Math.exp(-epoch / 6) + 0.0003;
}

function told(line: EvalLine): ToldEvaluation {
  return { ...line, trainLoss: kept.lossAt(line.step) };
}

function finished(invention: Invention): ToDashboard {
  const message = snapshot(invention);
  const best = message.evaluations.reduce((a, b) => (b.error < a.error ? b : a));
  const sparsity = best.layers.map((layer) => layer.sparsity ?? 0);
  const dead = best.layers.map((layer) => layer.dead ?? 0);
  message.run.summary = {
    epochs: invention.epoch - (invention.pretraining ?? 0) * invention.hidden.length,
    bestEpoch: best.epoch,
    bestStep: best.step,
    test: { set: "test", n: 10_000, error: 0.0162, loss: 0.061, ...(invention.stars && { rmse: 0.762 }) },
    valid: { set: "valid", n: 10_000, error: best.error, loss: best.loss, rmse: best.rmse },
    sparsity: { set: "valid", n: 10_000, mean: sparsity.reduce((a, b) => a + b) / sparsity.length, layers: sparsity },
    dead: { set: "valid", n: 10_000, total: dead.reduce((a, b) => a + b), layers: dead },
    ...(invention.pretraining && {
      reconstruction: { set: "valid", n: 10_000, layers: [9.1, 5.05, 7.55], mean: 7.23 },
    }),
    samplesPerSecond: 21_400,
    seconds: 73,
  };
  return message;
}

/** A finished run, and how its claims stand: checked unless it is said otherwise. */
function withClaims(invention: Invention, given: Partial<ClaimsView> & { holds?: boolean } = {}): ToDashboard[] {
  const shown = finished({ ...invention, state: "finished", epoch: 30 }) as Snapshot;
  const { holds, ...view } = given;
  const claims = { ...unchecked, record: claimsRecord(shown.run, holds), ...view };
  return [shown, { type: "claims", claims, reveal: false }];
}

function failed(): ToDashboard {
  const message = snapshot({ ...ordinary, state: "failed", epoch: 2.469 });
  message.run.error = {
    code: "diverged",
    message: "The loss is not finite any more. A smaller learning rate usually helps.",
    file: "test-run.rectiscope.json",
    key: "training.learningRate",
    value: 50,
    step: 12_345,
    layer: 2,
  };
  return message;
}

function record({
  name,
  hidden,
  activation,
  state,
  epoch,
  training,
  pretrained = 0,
  pretraining = 0,
}: Invention): RunRecord {
  const allEpochs = epochs + pretraining * hidden.length;
  const config = experimentSchema.parse({
    name: name.slice(0, 200),
    dataset: { name: "mnist" },
    network: { hidden, activation },
    training: { learningRate: 0.03, epochs, l1: 0.001, ...training },
    ...(pretraining > 0 && { pretraining: { epochs: pretraining } }),
  });
  const signs = activation === "rectifier" ? "half" : "none";
  const layers = hidden.map((units, l) => ({ layer: l + 1, inputs: hidden[l - 1] ?? 784, units, activation, signs }));
  const softmax = {
    layer: hidden.length + 1,
    inputs: hidden.at(-1) ?? 784,
    units: 10,
    activation: "softmax",
    signs: "none",
  };
  return {
    version: 1,
    id: "test-run-7f3a",
    name,
    source: "the dashboard's test harness",
    state,
    created: "2026-11-23T12:40:00.000Z",
    heartbeat: "2026-11-23T12:41:00.000Z",
    ended: state === "running" ? null : "2026-11-23T12:41:13.000Z",
    configFile: "../../../test-run.rectiscope.json",
    config,
    layers: [...layers, softmax] as RunRecord["layers"],
    dataset: { name: "mnist", origin: "test", sha256: "0".repeat(64), train: 50_000, valid: 10_000, test: 10_000 },
    seed: 1,
    versions: { rectiscope: "0.1.0", kernels: "test", node: "test" },
    host: { platform: "test", arch: "test", cpus: 8, threads: 4 },
    progress: {
      step: Math.round(epoch * stepsPerEpoch),
      totalSteps: allEpochs * stepsPerEpoch,
      epoch: Math.floor(epoch),
      epochs: allEpochs,
      samplesPerSecond: epoch > 0 ? 21_400 : 0,
      remainingSeconds: epoch > 0 ? 49 : null,
      trainingSeconds: 10,
      trainingExamples: 1000,
      seconds: 12,
    },
    ...(pretraining && { phases: phasesUntil(epoch, { epochs: pretraining, layers: hidden.length, stepsPerEpoch }) }),
    ...(pretrained && {
      phases: Array.from({ length: pretrained + 1 }, (_, at) => ({
        name: at < pretrained ? `pre-training, layer ${at + 1}` : "training",
        step: 2 * at * stepsPerEpoch,
        epoch: 2 * at,
      })),
    }),
    summary: null,
    error: null,
  };
}

function trainLines(invention: Invention): TrainLine[] {
  const noise = randomNumbers(7);
  const steps = invention.lineSteps ?? 50;
  return Array.from({ length: Math.floor((invention.epoch * stepsPerEpoch) / steps) }, (_, i) => {
    const step = (i + 1) * steps;
    const epoch = step / stepsPerEpoch;
    const wobble = 1 + 0.3 * (noise() - 0.5);
    const l1 = penaltyAt(invention, epoch);
    return {
      kind: "train",
      step,
      epoch,
      set: "train",
      n: steps * 10,
      loss: (0.52 * Math.exp(-epoch * 1.1) + 0.16 / (1 + epoch * 0.28)) * wobble,
      error: 0.02,
      ...(l1 !== undefined && { l1 }),
      layers: invention.hidden.map((_, l) => ({
        sparsity: invention.activation === "rectifier" ? sparsityAt(epoch, l) + 0.02 * (noise() - 0.5) : null,
        gradientNorm: 0.1,
      })),
    };
  });
}

function evaluation(invention: Invention, epoch: number): EvalLine {
  const errors = [0.0343, 0.0241, 0.0223, 0.022, 0.0215, 0.0213, 0.0199, 0.0187, 0.0183, 0.0185];
  const l1 = epoch === 0 ? undefined : penaltyAt(invention, epoch);
  const error = epoch === 0 ? 0.89 : (errors[epoch] ?? 0.0183 + 0.0001 * ((epoch * 7) % 5));
  return {
    kind: "eval",
    step: epoch * stepsPerEpoch,
    epoch,
    set: "valid",
    n: 10_000,
    loss: epoch === 0 ? 2.3 : error * 4,
    error,
    ...(l1 !== undefined && { l1 }),
    ...(invention.stars && { rmse: 0.75 + 0.66 * Math.exp(-epoch / 2) }),
    layers: invention.hidden.map((units, l) =>
      startingFrom(layerFigures(invention, epoch, units, l), invention, epoch, l),
    ),
  };
}

/** A layer that was pre-trained begins the training as it is. */
function startingFrom(figures: LayerFigures, { pretraining }: Invention, epoch: number, l: number): LayerFigures {
  if (!pretraining || figures.sparsity === null) return figures;
  const share = Math.exp(-epoch / 2);
  return { ...figures, sparsity: share * sparsityAfter(l + 1, pretraining) + (1 - share) * figures.sparsity };
}

function layerFigures({ activation, hidden }: Invention, epoch: number, units: number, l: number): LayerFigures {
  const common = {
    dormant: Math.round(units * 0.02),
    meanActivation: (l % 2 === 0 ? 0.012 : -0.007) * (1 - Math.exp(-epoch / 4)),
    weightNorm: 10 + l,
    gradientNorm: epoch === 0 ? null : 0.4 / (1 + epoch * 0.4) / (1 + 0.3 * l),
    updateRatio: epoch === 0 ? null : 0.0011 / (1 + epoch * 0.4) / (1 + 0.2 * l),
  };
  if (activation !== "rectifier") {
    const none = { sparsity: null, dead: null, dying: null, rare: null, alwaysOn: null, activeUnits: null };
    return { ...common, ...none, nearZero: 0.02 + 0.01 * l + 0.002 * epoch };
  }
  const sparsity = sparsityAt(epoch, l);
  const active = units * (1 - sparsity);
  const dead =
    l === hidden.length - 1 ? Math.round((units * Math.max(0, epoch - 6) * 0.013) / 3) : epoch > 8 && l === 1 ? 1 : 0;
  return {
    ...common,
    sparsity,
    nearZero: null,
    dead,
    dying: dead + (l === 1 ? 3 : 0),
    rare: Math.round(units * 0.024),
    alwaysOn: l === 2 ? 2 : 0,
    activeUnits: { mean: active, p10: active * 0.74, p50: active, p90: active * 1.31 },
  };
}

/** A frame of the run shown, which has come to a step. */
export function frameOf(run: RunRecord, step: number, evaluations: EvalLine[] = []): Frame {
  const hidden = run.layers.flatMap(({ units, activation }) => (activation === "softmax" ? [] : [units]));
  const last = trainLines({ ...ordinary, hidden, epoch: 0.03 }).at(-1) as TrainLine;
  const epoch = step / stepsPerEpoch;
  kept.append({ ...last, step, epoch });
  const progress = { ...run.progress, step, epoch };
  return { ...windowOf({ ...run, progress }, wholeRun), evaluations: evaluations.map(told) };
}

/** A frame with the part of the training figures that the page asks for. */
export function windowOf(run: RunRecord, window: TrainingWindow): Frame {
  return { type: "frame", run, training: kept.view(window), evaluations: [], ...pretrainingOf(window) };
}

function pretrainingOf(window: TrainingWindow) {
  return keptPretraining.length > 0 ? { pretraining: keptPretraining.view(window) } : {};
}

/** Pictures of a run that `states` made. */
export function picturesFrom(run: RunRecord, from: number): Pictures {
  const layers = Math.min(run.layers.length - 1, run.phases?.length ?? 0);
  return picturesOf(run.layers[0]?.units ?? 0, layers, from);
}

/** The units of a run that `states` made, at a step; as many dead, rare and always on as its evaluations say. */
export function unitsOf(run: RunRecord, step: number): ArrayBuffer {
  const hidden = run.layers.filter(({ activation }) => activation !== "softmax");
  const activation = hidden[0]?.activation as Activation;
  const invention = { ...ordinary, hidden: hidden.map(({ units }) => units), activation };
  const before = run.phases?.find(({ name }) => name === "training")?.epoch ?? 0;
  const epoch = Math.max(0, step / stepsPerEpoch - before);
  return packUnits(hidden.map(({ units }, l) => unitFigures(layerFigures(invention, epoch, units, l), units, l, step)));
}

function unitFigures(layer: LayerFigures, units: number, l: number, step: number): UnitFigures {
  const random = randomNumbers(11 + l);
  const shuffled = Array.from({ length: units }, (_, unit) => ({ unit, key: random() })).sort((a, b) => a.key - b.key);
  const [dead, rare, alwaysOn] = [layer.dead ?? 0, layer.rare ?? 0, layer.alwaysOn ?? 0];
  const frequency = new Float32Array(units);
  shuffled.forEach(({ unit }, rank) => {
    if (rank < dead) frequency[unit] = 0;
    else if (rank < dead + rare) frequency[unit] = (1 + Math.floor(random() * 9)) / 10_000;
    else if (rank < dead + rare + alwaysOn) frequency[unit] = 1;
    else
      frequency[unit] =
        Math.max(10, Math.round(10_000 * 10 ** (-0.05 - 2.6 * random() ** (1.2 - 0.1 * (l % 4))))) / 10_000;
  });
  const column = (make: (unit: number) => number) => Float64Array.from({ length: units }, (_, unit) => make(unit));
  const mean = layer.activeUnits?.mean ?? units / 2;
  const spread = Math.max(0.7, mean * 0.24);
  return {
    firingFrequency: frequency,
    meanActivation: column((unit) => (unit % 2 ? -1 : 1) * (frequency[unit] as number) * (0.1 + random())),
    maximum: column((unit) => ((frequency[unit] as number) > 0 ? 0.5 + 4 * random() : 0)),
    bias: column(() => random() - 0.7),
    incomingNorm: column(() => 0.9 + 0.4 * random()),
    outgoingNorm: column(() => 0.7 + 0.4 * random()),
    lastFiredStep: column((unit) =>
      (frequency[unit] as number) > 0 ? step : Math.round(step * (0.6 + 0.3 * random())),
    ),
    maxUpdate: column(() => 0.002 + 0.05 * random()),
    maxUpdateStep: column(() => Math.floor(1 + random() * 400)),
    activeUnits: bell(units, mean, spread),
  };
}

/** 10,000 examples around a mean. */
function bell(units: number, mean: number, spread: number): number[] {
  const weights = Array.from({ length: units + 1 }, (_, active) => Math.exp(-(((active - mean) / spread) ** 2) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.round((10_000 * weight) / total));
}

function sparsityAt(epoch: number, l: number): number {
  const end = 0.97 - 0.45 * (1 - Math.exp(-0.16 * l));
  return end - Math.max(0.05, end - 0.5) * Math.exp(-epoch / (1.2 + 0.5 * l));
}

/** Seeded, so that every screenshot is drawn with the same noise. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
