/** What the kernels take: once, and not again with every step. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { kernelModule } from "../../../test/support/kernelModule.js";
import { initialParameters } from "../network/initialise.js";
import type { NetworkShape } from "../network/network.js";
import { parameterCount } from "../network/network.js";
import { WasmKernels } from "./wasmKernels.js";

const module = kernelModule();
const paper: NetworkShape = {
  inputs: 784,
  hidden: [1000, 1000, 1000],
  classes: 10,
  activation: "rectifier",
  sharpness: 1,
  signs: "half",
};

test("a step allocates nothing", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const shape = { ...paper, inputs: 64, hidden: [48, 32] };
  const kernels = new WasmKernels(module, shape, 10);
  kernels.load(initialParameters(shape, 1));
  const values = Uint8Array.from({ length: 100 * 64 }, (_, k) => (k * 7) % 256);
  const set = {
    name: "train",
    n: 100,
    inputs: { kind: "bytes", values, scale: 1 / 255 },
    labels: new Uint8Array(100),
  } as const;
  const indices = Int32Array.from({ length: 10 }, (_, k) => k * 9);
  const settings = { step: 1, learningRate: 0.01, l1: 0.001 };
  const steps = (count: number) => {
    for (let k = 0; k < count; k++) {
      kernels.gather(set, indices);
      kernels.step(10, settings);
      kernels.activeCount(0);
      kernels.gradientNorm(0);
    }
  };
  for (let k = 0; k < 5; k++) steps(2000); // until it is compiled
  collect();
  const before = process.memoryUsage().heapUsed;
  steps(2000);
  const perStep = (process.memoryUsage().heapUsed - before) / 2000;
  // the smallest object takes 16 bytes
  expect(perStep).toBeLessThan(16);
});

test.each([
  ["the paper's network on MNIST", paper, 70_000 * 784],
  ["a network on 300,000 reviews of 5000 terms", { ...paper, inputs: 5000, hidden: [5000, 5000, 5000], classes: 2 }, 0],
])("%s: at most half as much again as its parameters, activations and data", (_, shape, dataBytes) => {
  const capacity = 100;
  const kernels = new WasmKernels(module, shape, capacity, 1);
  const widths = [shape.inputs, ...shape.hidden, shape.classes];
  const activationBytes = widths.reduce((sum, width) => sum + capacity * width * 4, 0);
  const due = 4 * parameterCount(shape) + activationBytes + dataBytes;
  expect(kernels.memoryBytes + dataBytes).toBeLessThan(1.5 * due);
});
