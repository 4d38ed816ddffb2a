/**
 * Stands in for worker.js while `npm run budgets` measures the extension: a SYNTHETIC run that trains nothing. Whatever the
 * network of the config, it tells 10⁶ steps in 10,000 training lines, 20 frames a second, with an evaluation and the figures of
 * every unit once a second: 50 seconds in all. So the measured cost is that of telling and showing, on any machine.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { packTrainLines } from "../../src/common/frames.js";
import { type FromWorker, stopSignals, type WorkerInput } from "../../src/common/messages.js";
import type { LayerFigures } from "../../src/common/metrics.js";
import type { EvalLine, RunRecord, RunState, TrainLine } from "../../src/common/run.js";
import { RunWriter } from "../../src/engine/runs/runWriter.js";
import type { UnitStatistics } from "../../src/engine/sparsity/unitStatistics.js";

const totalSteps = 1_000_000;
const epochs = 50;
const frames = 1_000;
const frameMs = 50;
const linesPerFrame = 10;
const framesPerEvaluation = 20;
const examples = 10_000;
const layersBesideHidden = 1;

const input = workerData as WorkerInput;
const widths = input.experiment.network.hidden;
const stop = new Int32Array(input.stop);
const stepsPerLine = totalSteps / (frames * linesPerFrame);
const started = Date.now();

let record = recordAt(0, "running");
const writer = RunWriter.create(input.runFolder, record);
post({ type: "started", run: record });
evaluate(0);

void run();

async function run(): Promise<void> {
  let frame = 0;
  while (frame < frames && Atomics.load(stop, 0) === stopSignals.goOn) {
    frame++;
    const lines = Array.from({ length: linesPerFrame }, (_, i) =>
      trainLine(((frame - 1) * linesPerFrame + i + 1) * stepsPerLine),
    );
    for (const line of lines) writer.append(line);
    writer.flush();
    const step = lines.at(-1)?.step ?? 0;
    record = recordAt(step, "running");
    const packed = packTrainLines(lines, widths.length);
    post({ type: "frame", lines: packed, progress: record.progress }, [packed]);
    if (frame % framesPerEvaluation === 0) evaluate(step);
    await sleep(Math.max(0, started + frame * frameMs - Date.now()));
  }
  record = recordAt(record.progress.step, frame === frames ? "finished" : "stopped");
  writer.writeRecord(record);
  writer.close();
  post({ type: "ended", run: record, error: null });
}

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function evaluate(step: number): void {
  const line: EvalLine = {
    kind: "eval",
    step,
    epoch: (step / totalSteps) * epochs,
    set: "valid",
    n: examples,
    loss: 0.1 + falling(step),
    error: 0.02 + falling(step) / 4,
    layers: widths.map((width, l) => figures(width, l, step)),
  };
  writer.append(line);
  writer.flush();
  // only the line and the units are written
  writer.writeUnits({ line, units: widths.map((width, l) => units(width, l, step)) });
  writer.writeRecord(record);
  writer.beat();
  post({ type: "evaluation", line });
}

function trainLine(step: number): TrainLine {
  const noise = Math.abs(Math.sin(step * 12.9898)) / 10;
  return {
    kind: "train",
    step,
    epoch: (step / totalSteps) * epochs,
    set: "train",
    n: stepsPerLine * 10,
    loss: 0.1 + falling(step) + noise,
    error: 0.02 + falling(step) / 4 + noise / 4,
    layers: widths.map((_, l) => ({ sparsity: sparsityOf(l, step), gradientNorm: 0.1 + noise })),
  };
}

function figures(width: number, l: number, step: number): LayerFigures {
  const dead = Math.round((width / 20) * (step / totalSteps));
  const active = width * (1 - sparsityOf(l, step));
  return {
    sparsity: sparsityOf(l, step),
    nearZero: null,
    dead,
    dying: dead,
    dormant: 2 * dead,
    rare: dead,
    alwaysOn: 3,
    activeUnits: { mean: active, p10: 0.7 * active, p50: active, p90: 1.3 * active },
    meanActivation: 0.1,
    weightNorm: 20,
    gradientNorm: 0.1,
    updateRatio: 1e-4,
  };
}

function units(width: number, l: number, step: number): UnitStatistics {
  const column = (value: (unit: number) => number) => Float32Array.from({ length: width }, (_, unit) => value(unit));
  const dead = (width / 20) * (step / totalSteps);
  return {
    firingFrequency: column((unit) => (unit < dead ? 0 : Math.min(1, 10 ** (-4 * Math.abs(Math.sin(unit * (l + 1))))))),
    meanActivation: column((unit) => Math.abs(Math.sin(unit))),
    maximum: column((unit) => 1 + Math.abs(Math.cos(unit))),
    bias: column((unit) => Math.sin(unit) / 10),
    incomingNorm: column(() => 1),
    outgoingNorm: column(() => 1),
    maxUpdate: column(() => 0.01),
    lastFiredStep: new Int32Array(width).fill(step),
    maxUpdateStep: new Int32Array(width).fill(Math.min(step, 1)),
    activeUnits: Int32Array.from({ length: width + 1 }, (_, active) => Math.max(0, 100 - Math.abs(active - width / 5))),
  };
}

function sparsityOf(l: number, step: number): number {
  return 0.5 + 0.4 * (1 - falling(step) / 2) * (1 - l / 40);
}

function falling(step: number): number {
  return 2 * Math.exp((-5 * step) / totalSteps);
}

function recordAt(step: number, state: RunState): RunRecord {
  const now = new Date().toISOString();
  const { signs, activation } = input.experiment.network;
  const sizes = [784, ...widths, 10];
  return {
    version: 1,
    id: "synthetic",
    name: input.experiment.name ?? "synthetic",
    source: "rectiscope budgets (synthetic)",
    state,
    created: new Date(started).toISOString(),
    heartbeat: now,
    ended: state === "running" ? null : now,
    configFile: null,
    config: input.experiment,
    layers: sizes.slice(1).map((units, index) => {
      const hidden = index < sizes.length - 1 - layersBesideHidden;
      return {
        layer: index + 1,
        inputs: sizes[index] as number,
        units,
        activation: hidden ? activation : "softmax",
        signs: hidden ? (signs ?? "none") : "none",
      };
    }),
    dataset: { name: "synthetic", origin: "none", sha256: "", train: 50_000, valid: examples, test: examples },
    seed: 1,
    versions: { rectiscope: input.version, kernels: "none", node: process.versions.node },
    host: { platform: process.platform, arch: process.arch, cpus: 0, threads: 1 },
    progress: {
      step,
      totalSteps,
      epoch: (step / totalSteps) * epochs,
      epochs,
      samplesPerSecond: 0,
      remainingSeconds: null,
      trainingExamples: 0,
      trainingSeconds: 0,
      seconds: (Date.now() - started) / 1000,
    },
    summary: null,
    error: null,
  };
}
