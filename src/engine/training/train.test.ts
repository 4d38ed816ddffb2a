/** Training as a stream of events, on digits small enough to finish at once. */
import { expect, test } from "vitest";
import { kernelModule } from "../../../test/support/kernelModule.js";
import { type Experiment, type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import { optimizerOf } from "../../common/optimizers.js";
import { BuiltinBackend, evaluationBatch } from "../backends/builtin.js";
import { type Dataset, exampleSet, splitExamples } from "../data/dataset.js";
import { keptArrays } from "../kernels/optimizerState.js";
import { ReferenceKernels } from "../kernels/referenceKernels.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import { networkShape, type Parameters } from "../network/network.js";
import { type ArrayName, arraysInMemory, wholeArrays, wholeParameters } from "../network/networkArrays.js";
import { Random } from "../network/random.js";
import type { Measurement } from "./measure.js";
import { NonFiniteError } from "./nonFinite.js";
import { scheduleOf } from "./schedule.js";
import { type TrainEnd, type TrainEvent, train } from "./train.js";
import type { Checkpoint } from "./trainingState.js";

const dataset = stripes(230, 60, 40);

test("training learns, and the lines follow the schedule", async () => {
  const experiment = experimentOf({});
  const { events, end } = await collect(experiment);
  expect(end.reason).toBe("finished");
  const lines = events.flatMap((event) => (event.kind === "train" ? [event.line] : []));
  const evaluations = events.flatMap((event) => (event.kind === "eval" ? [event.measurement.line] : []));
  // 230 examples in batches of 20: 12 steps an epoch, the last batch with 10 examples
  expect(lines.map((line) => line.step)).toEqual(Array.from({ length: 36 }, (_, k) => k + 1));
  expect(lines[11]).toMatchObject({ epoch: 1, n: 10, set: "train" });
  expect(evaluations.map((line) => line.step)).toEqual([0, 12, 24, 36]);
  expect(evaluations[0]!.error).toBeGreaterThan(0.3);
  expect(evaluations.at(-1)!.error).toBeLessThan(0.05);
  expect(evaluations[0]!.layers[0]!.sparsity).toBeGreaterThan(0.25);
  expect(evaluations[0]!.n).toBe(60);
});

test("the same seed gives the same lines and bits; another seed others", async () => {
  const runs = await Promise.all([1, 1, 2].map((seed) => collect(experimentOf({ seed }))));
  const [first, again, other] = runs.map(({ events }) =>
    events.flatMap((event) => (event.kind === "eval" ? [event.measurement] : [])),
  );
  expect(again).toEqual(first);
  expect(other![3]!.parameters).not.toEqual(first![3]!.parameters);
});

test("the reference kernels train to the same figures", async () => {
  const experiment = experimentOf({});
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  const ours = await collect(experiment);
  const reference = await collect(experiment, {
    backend: new BuiltinBackend(new ReferenceKernels(shape, evaluationBatch)),
  });
  const last = ({ events }: { events: Told[] }) => events.findLast((event) => event.kind === "eval")!.measurement.line;
  expect(last(ours).loss).toBeCloseTo(last(reference).loss, 5);
  expect(last(ours).layers[0]!.dead).toBe(last(reference).layers[0]!.dead);
});

test("a stop is heeded before the next step, and leaves no trace in the events", async () => {
  const { events, end } = await collect(experimentOf({}), { stopAt: 17 });
  expect(end.reason).toBe("stopped");
  expect(end.state.step).toBe(17);
  expect(events.findLast((event) => event.kind === "eval")!.measurement.line.step).toBe(12);
});

const training = { batchSize: 20, epochs: 3 };
test.each([
  { ...training, learningRate: 0.3 },
  { ...training, optimizer: "momentum", learningRate: 0.05 },
  { ...training, optimizer: "adam", learningRate: 0.01 },
] as const)(
  "stopped anywhere, any number of times, and gone on, training tells the same and ends in the same bits: %j",
  async (training) => {
    // lines of two steps and evaluations of five: stops fall inside the windows of both
    const experiment = experimentOf({
      evaluation: { everySteps: 5 },
      training,
    });
    const whole = await collect(experiment);
    const events: Told[] = [];
    let from: Checkpoint | null = null;
    for (const stopAt of [0, 1, 7, 8, 12, 13, 24, 35, undefined]) {
      const part: { events: Told[]; checkpoint: Checkpoint } = await collect(experiment, { from, stopAt });
      events.push(...part.events);
      // as it comes back from a file
      from = { ...part.checkpoint, state: JSON.parse(JSON.stringify(part.checkpoint.state)) };
    }
    expect(events).toEqual(whole.events);
    const [found, expected] = await Promise.all([from as Checkpoint | null, whole.checkpoint].map(wholeCheckpoint));
    expect(found).toEqual(expected);
  },
);

test.each(["sgd", "momentum", "adam"] as const)(
  "%s: the update ratio is how far the weights moved, the largest update of a unit at least its last",
  async (optimizer) => {
    const experiment = experimentOf({
      evaluation: { everySteps: 1 },
      training: { ...training, optimizer, learningRate: 0.01, epochs: 1 },
    });
    const { events } = await collect(experiment);
    const measurements = events.flatMap((event) => (event.kind === "eval" ? [event.measurement] : []));
    expect(measurements).toHaveLength(13);
    measurements.slice(1).forEach(({ line, parameters, history }, k) => {
      line.layers.forEach(({ updateRatio }, l) => {
        const [before, after] = [measurements[k]!.parameters[l]!, parameters[l]!];
        const moved = after.weightsInOut.map((w, at) => w - before.weightsInOut[at]!);
        expect(updateRatio! / (norm(moved) / norm(after.weightsInOut))).toBeCloseTo(1, 3);
        const units = after.biases.length;
        for (let j = 0; j < units; j++) {
          const own = [...moved.filter((_, at) => at % units === j), after.biases[j]! - before.biases[j]!];
          expect(history[l]!.maxUpdate[j]! - Math.hypot(...own)).toBeGreaterThan(-1e-6);
          if (history[l]!.maxUpdateStep[j] === line.step)
            expect(history[l]!.maxUpdate[j]!).toBeCloseTo(Math.hypot(...own), 6);
        }
      });
    });
  },
);

test("evaluations every so many steps, and once more at the end", async () => {
  const { events } = await collect(experimentOf({ evaluation: { everySteps: 15 } }));
  const steps = events.flatMap((event) => (event.kind === "eval" ? [event.measurement.line.step] : []));
  expect(steps).toEqual([0, 15, 30, 36]);
});

test("early stopping: ends after `patience` evaluations without a better one", async () => {
  const experiment = experimentOf({ training: { learningRate: 1e-9, batchSize: 20, epochs: 50, patience: 3 } });
  const { events, end } = await collect(experiment);
  expect(end.reason).toBe("finished");
  const steps = events.flatMap((event) => (event.kind === "eval" ? [event.measurement.line.step] : []));
  expect(steps).toEqual([0, 12, 24, 36]);
});

test("a loss that is not finite ends with the step and the layer", async () => {
  // six layers multiply up faster than their units can die
  const experiment = experimentOf({
    network: { hidden: [64, 64, 64, 64, 64, 64] },
    training: { learningRate: 10, batchSize: 20, epochs: 50 },
  });
  const failure = await collect(experiment).then(
    () => null,
    (error) => error,
  );
  expect(failure).toBeInstanceOf(NonFiniteError);
  expect(failure.step).toBeGreaterThan(1);
  expect(failure.layer).toBeGreaterThanOrEqual(1);
  expect(failure.message).toMatch(/at step \d+.*layer.*Lower training\.learningRate/);
});

test("a long run has at most 10,000 training lines", () => {
  const experiment = experimentOf({ training: { learningRate: 0.1, batchSize: 1, epochs: 9999 } });
  const { totalSteps, stepsPerLine } = scheduleOf(experiment, 50_000);
  expect(totalSteps).toBe(499_950_000);
  expect(Math.ceil(totalSteps / stepsPerLine)).toBeLessThanOrEqual(10_000);
  expect(scheduleOf(experimentOf({}), 230).stepsPerLine).toBe(1);
});

/** An event with the parameters of its moment. */
type Told =
  | Extract<TrainEvent, { kind: "train" | "revive" }>
  | (Omit<Extract<TrainEvent, { kind: "eval" }>, "measurement"> & {
      measurement: Omit<Measurement, "arrays"> & { parameters: Parameters };
    });

interface Options {
  backend?: BuiltinBackend;
  from?: Checkpoint | null;
  /** Stops before the step after this one. */
  stopAt?: number;
}

async function collect(
  experiment: Experiment,
  { backend = wasmBackend(experiment), from = null, stopAt = Number.POSITIVE_INFINITY }: Options = {},
): Promise<{ events: Told[]; end: TrainEnd; checkpoint: Checkpoint }> {
  const events: Told[] = [];
  let step = from?.state.step ?? 0;
  const stream = train({
    experiment,
    dataset,
    backend,
    from,
    shape: networkShape(experiment.network, dataset.dimension, dataset.classes),
    schedule: scheduleOf(experiment, dataset.train.n),
    turn: () => {},
    betweenSteps: () => {},
    stopped: () => step >= stopAt,
    stepped: (state) => {
      step = state.step;
    },
  });
  for (;;) {
    const next = await stream.next();
    if (next.done) {
      const { state } = next.value;
      return { events, end: next.value, checkpoint: { ...snapshot(backend, experiment), state } };
    }
    events.push(await copied(next.value));
  }
}

/** What stays as it is when training goes on. */
function snapshot(backend: BuiltinBackend, experiment: Experiment): Omit<Checkpoint, "state"> {
  const parameters = arraysInMemory(backend.read());
  const state = backend.readOptimizerState();
  const arraysOf = (l: number, array: ArrayName) => (array === "weights" ? undefined : state[l]?.[array]);
  return {
    arrays: {
      ...parameters,
      rows: (l, array) => (array === "weights" ? parameters.rows(l, array) : [arraysOf(l, array)!.weightsInOut]),
      biases: (l, array) => arraysOf(l, array)?.biases ?? parameters.biases(l, array),
    },
    kept: keptArrays[experiment.training.optimizer],
    history: backend.readHistory(),
  };
}

async function copied(event: TrainEvent): Promise<Told> {
  if (event.kind !== "eval") return structuredClone(event);
  const { arrays, ...measurement } = event.measurement;
  const parameters = await wholeParameters(arrays);
  return {
    ...structuredClone({ ...event, measurement }),
    measurement: { ...structuredClone(measurement), parameters },
  };
}

/** Its numbers. */
async function wholeCheckpoint(checkpoint: Checkpoint | null) {
  if (!checkpoint) throw new Error("There is no checkpoint.");
  const { arrays, kept, ...rest } = checkpoint;
  const all = arrays.layers.flatMap((_, l) => kept.map((array) => wholeArrays(arrays, l, array)));
  return { ...rest, parameters: await wholeParameters(arrays), kept: await Promise.all(all) };
}

function norm(values: Float32Array): number {
  return Math.hypot(...values);
}

function wasmBackend(experiment: Experiment): BuiltinBackend {
  const shape = networkShape(experiment.network, dataset.dimension, dataset.classes);
  return new BuiltinBackend(
    new WasmKernels(kernelModule(), shape, evaluationBatch, 1, undefined, optimizerOf(experiment.training)),
  );
}

function experimentOf(change: Partial<ExperimentInput>): Experiment {
  return experimentSchema.parse({
    dataset: { name: "idx", folder: "." },
    network: { hidden: [24, 16] },
    training: { learningRate: 0.3, batchSize: 20, epochs: 3, l1: 0.0001 },
    ...change,
  });
}

/** Noisy 6 × 6 pictures of a bright row; the class is the row. */
function stripes(train: number, valid: number, test: number): Dataset {
  const random = Random.stream(1, "stripes");
  const n = train + valid + test;
  const labels = Uint8Array.from({ length: n }, () => random.below(6));
  const values = Uint8Array.from({ length: n * 36 }, (_, k) => {
    const bright = Math.floor((k % 36) / 6) === labels[Math.floor(k / 36)];
    return bright ? 150 + random.below(100) : random.below(80);
  });
  const held = train + valid;
  const split = splitExamples(values.subarray(0, held * 36), labels.subarray(0, held), 36, valid);
  return {
    name: "stripes",
    origin: "this test",
    sha256: "",
    dimension: 36,
    imageShape: [6, 6],
    classes: 6,
    ...split,
    test: exampleSet("test", values.subarray(held * 36), labels.subarray(held)),
    unlabelled: null,
  };
}
