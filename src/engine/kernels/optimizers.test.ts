/** Momentum and Adam: the WebAssembly kernels against the reference, on more threads, and from where they were kept. */
import { describe, expect, test } from "vitest";
import { dist, kernelModule } from "../../../test/support/kernelModule.js";
import { type Batch, feed, maxNormError, randomBatch, randomParameters } from "../../../test/support/problems.js";
import { type Optimizer, plainSgd } from "../../common/optimizers.js";
import { activations } from "../../common/units.js";
import type { NetworkShape } from "../network/network.js";
import { Random } from "../network/random.js";
import { teamStarter } from "../startTeam.js";
import type { Kernels } from "./kernels.js";
import { keptArrays } from "./optimizerState.js";
import { ReferenceKernels } from "./referenceKernels.js";
import { WasmKernels } from "./wasmKernels.js";

const module = kernelModule();
const momentum: Optimizer = { name: "momentum", momentum: 0.8 };
const adam: Optimizer = { name: "adam", beta1: 0.85, beta2: 0.99, epsilon: 1e-5 };
const all = [
  ["sgd", plainSgd, 0.05],
  ["momentum", momentum, 0.02],
  ["adam", adam, 0.003],
] as const;

describe.each(all.slice(1))("%s", (_, optimizer, learningRate) => {
  describe.each(activations)("%s", (activation) => {
    // widths that are no multiple of a vector or a panel, one layer, and batches that are not full
    test.each([
      { hidden: [37, 70], batch: 6, l1: 0.01, classes: 7 },
      { hidden: [64], batch: 1, l1: 0, classes: 2 },
      { hidden: [5, 3, 33], batch: 11, l1: 0.001, classes: 40 },
    ])("$hidden at batch $batch: the same as the reference", ({ hidden, batch, l1, classes }) => {
      const sharpness = activation === "softplus" ? 2.5 : 1;
      const shape: NetworkShape = { inputs: 13, hidden, classes, activation, sharpness, signs: "half" };
      const reference = new ReferenceKernels(shape, 12, optimizer);
      const wasm = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
      for (const kernels of [reference, wasm]) train(kernels, 25, { batch, l1, learningRate });
      const [expected, kept] = [reference.read(), reference.readOptimizerState()];
      wasm.read().forEach(({ weightsInOut, biases }, l) => {
        expect(maxNormError(weightsInOut, expected[l]!.weightsInOut)).toBeLessThan(1e-4);
        expect(maxNormError(biases, expected[l]!.biases)).toBeLessThan(1e-4);
      });
      wasm.readOptimizerState().forEach((layer, l) => {
        expect(Object.keys(layer)).toEqual(keptArrays[optimizer.name]);
        for (const name of keptArrays[optimizer.name])
          for (const array of ["weightsInOut", "biases"] as const)
            expect(maxNormError(layer[name]![array], kept[l]![name]![array])).toBeLessThan(1e-3);
      });
      const dues = reference.readHistory();
      wasm.readHistory().forEach((history, l) => {
        expect(history.lastFiredStep).toEqual(dues[l]!.lastFiredStep);
        expect(maxNormError(history.maxUpdate, dues[l]!.maxUpdate)).toBeLessThan(1e-3);
        expect(Math.abs(wasm.updateNorm(l) / reference.updateNorm(l) - 1)).toBeLessThan(1e-3);
        expect(Math.abs(wasm.gradientNorm(l) / reference.gradientNorm(l) - 1)).toBeLessThan(1e-3);
      });
    });
  });
});

describe.each(all)("%s", (_, optimizer, learningRate) => {
  const shape = rectifiers(50, [131, 77], 10);
  const settings = { batch: 10, l1: 0.001, learningRate };

  test.each([2, 3, 4, 5])("%d threads give the same bits as one", async (threads) => {
    const one = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
    const many = new WasmKernels(module, shape, 12, threads, teamStarter(dist), optimizer);
    await many.ready();
    for (const kernels of [one, many]) train(kernels, 25, settings);
    expectSame(many, one);
    expect(many.updateNorm(1)).toBe(one.updateNorm(1));
    many.dispose();
  });

  test("goes on with the same bits from what was kept, with the units laid out anew too", () => {
    const kernels = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
    train(kernels, 25, settings);
    const before = { parameters: kernels.read(), kept: kernels.readOptimizerState(), history: kernels.readHistory() };
    const { inputs } = batchesOf(shape, 10, 1)[0]!;
    const set = {
      name: "train",
      n: 10,
      inputs: { kind: "floats", values: inputs },
      labels: new Uint8Array(10),
    } as const;
    kernels.arrange(
      set,
      Int32Array.from({ length: 10 }, (_, k) => k),
    );
    expect(kernels.readHistory()[0]!.place).not.toEqual(before.history[0]!.place);
    expect(kernels.read()).toEqual(before.parameters);
    expect(kernels.readOptimizerState()).toEqual(before.kept);

    const resumed = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
    resumed.load(kernels.read());
    resumed.loadOptimizerState(kernels.readOptimizerState());
    resumed.loadHistory(kernels.readHistory());
    for (const one of [kernels, resumed]) goOn(one, 25, 40, settings);
    expectSame(resumed, kernels);

    // what was kept matters: without it the same steps end elsewhere
    const forgetful = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
    forgetful.load(before.parameters);
    forgetful.loadHistory(before.history);
    goOn(forgetful, 25, 40, settings);
    const apart = maxNormError(forgetful.read()[0]!.weightsInOut, kernels.read()[0]!.weightsInOut);
    if (optimizer.name === "sgd") expect(apart).toBeLessThan(1e-5);
    else expect(apart).toBeGreaterThan(1e-3);
  });

  test("new parameters let the optimizer begin anew", () => {
    const used = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
    train(used, 5, settings);
    const fresh = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
    for (const kernels of [used, fresh]) train(kernels, 5, settings);
    expect(used.read()).toEqual(fresh.read());
    expect(used.readOptimizerState()).toEqual(fresh.readOptimizerState());
  });
});

test("Adam's first step moves each weight by the learning rate, against its gradient's sign", () => {
  const shape = { ...rectifiers(6, [20], 3), activation: "tanh", signs: "none" } as const;
  const optimizer: Optimizer = { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-12 };
  const kernels = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
  const reference = new ReferenceKernels(shape, 12);
  for (const one of [kernels, reference]) train(one, 1, { batch: 4, l1: 0, learningRate: 0.01 });
  const start = randomParameters(shape, 3);
  kernels.read().forEach(({ weightsInOut }, l) => {
    const gradient = reference.layers[l]!.weightGradient;
    expect(gradient.every((g) => g !== 0)).toBe(true);
    weightsInOut.forEach((w, k) => {
      expect(w - start[l]!.weightsInOut[k]!).toBeCloseTo(-0.01 * Math.sign(gradient[k]!), 6);
    });
  });
});

test("with momentum a weight moves on where its gradient is 0, and its unit's update is what it moved", () => {
  const shape = rectifiers(6, [20], 3);
  const kernels = new WasmKernels(module, shape, 12, 1, undefined, momentum);
  train(kernels, 3, { batch: 4, l1: 0, learningRate: 0.1 });
  const before = kernels.read()[0]!.weightsInOut;
  const velocity = kernels.readOptimizerState()[0]!.velocity!.weightsInOut;
  const [batch] = batchesOf(shape, 4, 1);
  feed(kernels, { ...batch!, inputs: batch!.inputs.map(() => 0) });
  kernels.step(4, { step: 4, learningRate: 0.1, l1: 0 });
  const after = kernels.read()[0]!.weightsInOut;
  const due = before.map((w, k) => w - 0.1 * 0.8 * velocity[k]!);
  expect(kernels.gradientNorm(0)).toBe(0);
  expect(velocity.filter((v) => v !== 0).length).toBeGreaterThan(40);
  expect(maxNormError(after, due)).toBeLessThan(1e-6);
  expect(kernels.updateNorm(0)).toBeCloseTo(0.08 * Math.hypot(...velocity), 6);
});

test.each([
  [momentum, "velocity"],
  [adam, "firstMoment"],
] as const)(
  "what decays becomes 0 in the end, not one of the smallest numbers, which are slow: %j",
  (optimizer, name) => {
    const shape = rectifiers(6, [20], 3);
    const kernels = new WasmKernels(module, shape, 12, 1, undefined, optimizer);
    train(kernels, 3, { batch: 4, l1: 0, learningRate: 0.001 });
    const moving = () => kernels.readOptimizerState()[0]![name]!.weightsInOut.filter((m) => m !== 0).length;
    expect(moving()).toBeGreaterThan(40);
    kernels.inputs.values.fill(0);
    for (let step = 4; step < 600; step++) kernels.step(4, { step, learningRate: 0.001, l1: 0 });
    expect(moving()).toBe(0);
  },
);

test("rows of which nothing moves are left out: the same bits as if all rows were gone through", () => {
  const shape = rectifiers(40, [37, 20], 3);
  const resting = new WasmKernels(module, shape, 12, 1, undefined, momentum);
  const restless = new WasmKernels(module, shape, 12, 1, undefined, momentum);
  for (const kernels of [resting, restless]) train(kernels, 3, { batch: 4, l1: 0, learningRate: 0.01 });
  const random = Random.stream(5, "batches");
  for (let step = 4; step < 700; step++) {
    const batch = randomBatch(shape, 4, random);
    // half of the inputs are silent until what they left behind has come to rest, and then come back
    if (step < 690)
      batch.inputs.forEach((_, k) => {
        if (k % 40 < 20) batch.inputs[k] = 0;
      });
    // what is loaded may be moving, so that nothing rests
    restless.loadOptimizerState(restless.readOptimizerState());
    for (const kernels of [resting, restless]) {
      feed(kernels, batch);
      kernels.step(4, { step, learningRate: 0.01, l1: 0 });
    }
    expect(resting.updateNorm(0)).toBe(restless.updateNorm(0));
  }
  expectSame(resting, restless);
});

test.each([momentum, adam])("NaN is passed on to what is kept and to the weights: %j", (optimizer) => {
  const kernels = new WasmKernels(module, rectifiers(6, [20], 3), 12, 1, undefined, optimizer);
  train(kernels, 3, { batch: 4, l1: 0, learningRate: 0.001 });
  kernels.inputs.values[2] = Number.NaN;
  kernels.step(4, { step: 4, learningRate: 0.001, l1: 0 });
  expect(kernels.read()[1]!.weightsInOut.some(Number.isNaN)).toBe(true);
  for (const array of keptArrays[optimizer.name])
    expect(kernels.readOptimizerState()[1]![array]!.weightsInOut.some(Number.isNaN)).toBe(true);
});

interface Settings {
  batch: number;
  l1: number;
  learningRate: number;
}

function rectifiers(inputs: number, hidden: number[], classes: number): NetworkShape {
  return { inputs, hidden, classes, activation: "rectifier", sharpness: 1, signs: "half" };
}

function batchesOf(shape: NetworkShape, size: number, steps: number): Batch[] {
  const random = Random.stream(7, "batches");
  return Array.from({ length: steps }, () => randomBatch(shape, size, random));
}

function train(kernels: Kernels, steps: number, settings: Settings): void {
  kernels.load(randomParameters(kernels.shape, 3));
  goOn(kernels, 0, steps, settings);
}

/** From after step `from` to step `to`. */
function goOn(kernels: Kernels, from: number, to: number, { batch, ...settings }: Settings): void {
  batchesOf(kernels.shape, batch, to).forEach((examples, k) => {
    if (k < from) return;
    feed(kernels, examples);
    kernels.step(batch, { step: k + 1, ...settings });
  });
}

function expectSame(kernels: Kernels, other: Kernels): void {
  expect(kernels.read()).toEqual(other.read());
  expect(kernels.readOptimizerState()).toEqual(other.readOptimizerState());
  expect(kernels.readHistory()).toEqual(other.readHistory());
}
