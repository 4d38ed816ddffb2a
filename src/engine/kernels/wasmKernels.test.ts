/** The WebAssembly kernels against the reference, and against themselves on more threads. */
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { dist, kernelModule } from "../../../test/support/kernelModule.js";
import { feed, maxNormError, randomBatch, randomParameters } from "../../../test/support/problems.js";
import { plainSgd } from "../../common/optimizers.js";
import { activations, signMasks } from "../../common/units.js";
import type { Inputs } from "../data/dataset.js";
import type { NetworkShape } from "../network/network.js";
import { Random } from "../network/random.js";
import { teamStarter } from "../startTeam.js";
import type { Kernels } from "./kernels.js";
import { softmax } from "./objective.js";
import { ReferenceKernels } from "./referenceKernels.js";
import { instantiate, NetworkTooLargeError, WasmKernels } from "./wasmKernels.js";

const module = kernelModule();
const tolerance = 1e-4;
const steps = 25;

describe.each(activations)("%s", (activation) => {
  describe.each(signMasks)("signs %s", (signs) => {
    // widths that are no multiple of a vector or a panel, and one layer, and a batch that is not full
    test.each([
      { hidden: [37, 70], batch: 6, l1: 0.01 },
      { hidden: [64], batch: 1, l1: 0 },
      { hidden: [], batch: 5, l1: 0.01 },
      { hidden: [5, 3, 33], batch: 11, l1: 0.001 },
    ])("$hidden at batch $batch, λ $l1: the same as the reference", ({ hidden, batch, l1 }) => {
      const sharpness = activation === "softplus" ? 2.5 : 1;
      const shape: NetworkShape = { inputs: 13, hidden, classes: 7, activation, sharpness, signs };
      const reference = trained(new ReferenceKernels(shape, 12), batch, l1);
      const wasm = trained(new WasmKernels(module, shape, 12), batch, l1);
      const expected = reference.read();
      wasm.read().forEach((layer, l) => {
        expect(maxNormError(layer.weightsInOut, expected[l]!.weightsInOut)).toBeLessThan(tolerance);
        expect(maxNormError(layer.biases, expected[l]!.biases)).toBeLessThan(tolerance);
        expect(layer.signs).toEqual(expected[l]!.signs);
      });
      expect(maxNormError(wasm.losses.slice(0, batch), reference.losses.slice(0, batch))).toBeLessThan(tolerance);
      expect(wasm.predicted.slice(0, batch)).toEqual(reference.predicted.slice(0, batch));
      hidden.forEach((units, l) => {
        expect(maxNormError(rows(wasm, l, units, batch), rows(reference, l, units, batch))).toBeLessThan(tolerance);
        expect(wasm.activeCount(l)).toBe(reference.activeCount(l));
        expect(Math.abs(wasm.gradientNorm(l) / reference.gradientNorm(l) - 1)).toBeLessThan(1e-3);
      });
      wasm.readHistory().forEach((history, l) => {
        const due = reference.readHistory()[l]!;
        expect(history.lastFiredStep).toEqual(due.lastFiredStep);
        expect(maxNormError(history.maxUpdate, due.maxUpdate)).toBeLessThan(1e-3);
        expect(history.maxUpdateStep).toEqual(due.maxUpdateStep);
      });
    });
  });
});

test("bytes, floats and sparse inputs of the same value are the same to the network", () => {
  const shape = rectifiers(37, [20], 3);
  const random = Random.stream(3, "bytes");
  const values = Uint8Array.from({ length: 4 * 37 }, () => (random.uniform() < 0.6 ? 0 : 1));
  const starts = [0];
  const indices: number[] = [];
  for (let b = 0; b < 4; b++) {
    for (let i = 0; i < 37; i++) if (values[b * 37 + i]) indices.push(i);
    starts.push(indices.length);
  }
  const kinds: Inputs[] = [
    { kind: "floats", values: Float32Array.from(values) },
    { kind: "bytes", values, scale: 1 },
    { kind: "sparse", starts: Uint32Array.from(starts), indices: Uint32Array.from(indices) },
  ];
  const kernels = [ReferenceKernels, OneThread].map((Implementation) => new Implementation(shape, 12));
  const losses = kernels.flatMap((implementation) => {
    implementation.load(randomParameters(shape, 3));
    return kinds.map((inputs) => {
      implementation.gather(
        { name: "train", n: 4, inputs, labels: Uint8Array.of(2, 0, 1, 2) },
        Int32Array.of(3, 1, 0, 2, 1),
      );
      implementation.forward(5);
      return [...implementation.losses.slice(0, 5)].map((loss) => loss.toFixed(5));
    });
  });
  for (const loss of losses) expect(loss).toEqual(losses[0]);
});

test("units that were laid out anew compute the same, and go on with the same bits from their places", () => {
  const shape = rectifiers(50, [131, 77], 10);
  const kernels = trained(new WasmKernels(module, shape, 12), 10, 0.001);
  const before = { parameters: kernels.read(), history: kernels.readHistory(), outputs: rows(kernels, 1, 77, 10) };
  const values = Float32Array.from(kernels.inputs.values.subarray(0, 10 * kernels.inputs.pitch));
  const batch = Float32Array.from(
    { length: 500 },
    (_, k) => values[Math.floor(k / 50) * kernels.inputs.pitch + (k % 50)]!,
  );
  const set = { name: "train", n: 10, inputs: { kind: "floats", values: batch }, labels: new Uint8Array(10) } as const;
  const all = Int32Array.from({ length: 10 }, (_, k) => k);

  kernels.arrange(set, all);
  const after = kernels.readHistory();
  after.forEach(({ place, ...history }, l) => {
    expect([...place]).not.toEqual([...before.history[l]!.place]);
    expect(history).toEqual({ ...before.history[l], place: undefined });
  });
  expect(kernels.read()).toEqual(before.parameters);
  kernels.gather(set, all);
  kernels.forward(10);
  expect(maxNormError(rows(kernels, 1, 77, 10), before.outputs)).toBeLessThan(1e-5);

  const resumed = new WasmKernels(module, shape, 12);
  resumed.load(kernels.read());
  resumed.loadHistory(kernels.readHistory());
  for (const one of [kernels, resumed])
    for (let step = 26; step < 30; step++) {
      one.gather(set, all);
      one.step(10, { step, learningRate: 0.05, l1: 0.001 });
    }
  expect(resumed.read()).toEqual(kernels.read());
  expect(resumed.readHistory()).toEqual(kernels.readHistory());
});

test.each([2, 3, 4, 5])("%d threads give the same bits as one", async (threads) => {
  const shape = rectifiers(50, [131, 77], 10);
  expect(fs.existsSync(`${dist}/team.js`)).toBe(true);
  const one = trained(new WasmKernels(module, shape, 12), 10, 0.001);
  const team = new WasmKernels(module, shape, 12, threads, teamStarter(dist));
  await team.ready();
  const many = trained(team, 10, 0.001);
  expect(many.read()).toEqual(one.read());
  expect(many.readHistory()).toEqual(one.readHistory());
  many.dispose();
});

test.each([
  { bias: 0, what: "rows" },
  { bias: -1, what: "blocks" },
])("weights in strips give the same bits as in panels, on two threads too: backward by $what", async ({ bias }) => {
  // whole strips and strips that are not full, in every quarter
  const shape = rectifiers(50, [450, 512], 10);
  const inStrips = new WasmKernels(module, shape, 100, 1, undefined, plainSgd, softmax, 10);
  const inPanels = new WasmKernels(module, shape, 100);
  const team = new WasmKernels(module, shape, 12, 2, teamStarter(dist));
  await team.ready();
  expect(inStrips.memoryBytes).toBeGreaterThan(inPanels.memoryBytes);
  const all = [inPanels, inStrips, team].map((kernels) => trained(kernels, 10, 0.001, bias));
  for (const kernels of all.slice(1)) {
    expect(kernels.read()).toEqual(inPanels.read());
    expect(kernels.readHistory()).toEqual(inPanels.readHistory());
  }
  const density = inPanels.activeCount(1) / 5120;
  if (bias < 0) expect(density).toBeLessThan(0.1);
  else expect(density).toBeGreaterThan(0.3);
  team.dispose();
});

test("a helper thread that does not start is an error, not a hang", async () => {
  const shape: NetworkShape = { inputs: 4, hidden: [8], classes: 2, activation: "tanh", sharpness: 1, signs: "none" };
  const kernels = new WasmKernels(module, shape, 12, 2, teamStarter("/nowhere"));
  await expect(kernels.ready()).rejects.toThrow(/helper thread could not start.*Set threads to 1/s);
});

test("a silent unit that the mask flips gives 0, not −0", () => {
  const shape = rectifiers(4, [8], 2);
  const kernels = trained(new WasmKernels(module, shape, 12), 5, 0);
  const outputs = [...rows(kernels, 0, 8, 5)];
  expect(outputs.some((h) => h === 0)).toBe(true);
  expect(outputs.every((h) => !Object.is(h, -0))).toBe(true);
});

test("NaN is passed on to the loss", () => {
  const shape = rectifiers(4, [8], 2);
  const kernels = trained(new WasmKernels(module, shape, 12), 5, 0);
  kernels.inputs.values[2] = Number.NaN;
  kernels.forward(5);
  expect(kernels.losses[0]).toBeNaN();
  expect(kernels.losses[1]).not.toBeNaN();
});

test.each([[[20]], [[20, 30]], [[40, 40]]])(
  "a step with an input that is no number, %j wide, writes nothing but its layers",
  (hidden) => {
    const kernels = trained(new WasmKernels(module, rectifiers(4, hidden, 3), 12), 5, 0);
    kernels.inputs.values[2] = Number.NaN;
    for (let step = steps + 1; step < steps + 4; step++) kernels.step(5, { step, learningRate: 0.05, l1: 0 });
    expect(kernels.losses[0]).toBeNaN();
    // fresh parameters find everything else as it was
    kernels.inputs.values.fill(0);
    trained(kernels, 5, 0);
    expect(kernels.read()).toEqual(trained(new WasmKernels(module, rectifiers(4, hidden, 3), 12), 5, 0).read());
  },
);

test("what does not fit into memory is refused with its size", () => {
  const shape = rectifiers(784, [40_000, 40_000], 10);
  expect(() => new WasmKernels(module, shape, 10)).toThrow(NetworkTooLargeError);
  expect(() => new WasmKernels(module, shape, 10)).toThrow(/6\.\d GiB/);
});

describe("elementary functions, relative to double precision", () => {
  const exports = instantiate(module, new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true }));
  const random = Random.stream(1, "arguments");
  const uniform = (from: number, to: number) =>
    Array.from({ length: 5000 }, () => Math.fround(from + (to - from) * random.uniform()));
  const relative = (actual: number, exact: number) => Math.abs(actual / exact - 1);
  const worst = (xs: number[], of: (x: number) => number) => Math.max(...xs.map(of));

  test("exp", () => {
    expect(worst(uniform(-87, 88), (x) => relative(exports.expOf(x), Math.exp(x)))).toBeLessThan(3e-7);
    expect(exports.expOf(0)).toBe(1);
    expect(exports.expOf(-1000)).toBeLessThan(1e-37);
    expect(exports.expOf(Number.NaN)).toBeNaN();
  });
  test("log1p, small arguments too", () => {
    for (const scale of [1, 1e-3, 1e-8, 1e-20])
      expect(worst(uniform(scale / 2, scale), (x) => relative(exports.log1pOf(x), Math.log1p(x)))).toBeLessThan(3e-7);
  });
  test("log", () => {
    expect(worst(uniform(1.01, 1000), (x) => relative(exports.log(x), Math.log(x)))).toBeLessThan(1e-6);
    expect(exports.log(1)).toBe(0);
  });
  test("tanh, small arguments too", () => {
    for (const scale of [10, 1, 1e-3])
      expect(worst(uniform(-scale, scale), (x) => relative(exports.tanhOf(x), Math.tanh(x)))).toBeLessThan(1e-6);
    expect(exports.tanhOf(100)).toBe(1);
    expect(exports.tanhOf(Number.NaN)).toBeNaN();
  });
});

class OneThread extends WasmKernels {
  constructor(shape: NetworkShape, capacity: number) {
    super(module, shape, capacity);
  }
}

function rectifiers(inputs: number, hidden: number[], classes: number): NetworkShape {
  return { inputs, hidden, classes, activation: "rectifier", sharpness: 1, signs: "half" };
}

/** @param bias what is added to that of each unit */
function trained<K extends Kernels>(kernels: K, batch: number, l1: number, bias = 0): K {
  const start = randomParameters(kernels.shape, 3);
  kernels.load(start.map((layer) => ({ ...layer, biases: layer.biases.map((b) => b + bias) })));
  const random = Random.stream(7, "batches");
  for (let step = 1; step <= steps; step++) {
    feed(kernels, randomBatch(kernels.shape, batch, random));
    kernels.step(batch, { step, learningRate: 0.05, l1 });
  }
  kernels.forward(batch);
  return kernels;
}

function rows(kernels: Kernels, layer: number, units: number, size: number): number[] {
  const { values, pitch, place } = kernels.outputs(layer);
  return Array.from({ length: size * units }, (_, k) => values[Math.floor(k / units) * pitch + place[k % units]!]!);
}
