/** The WebAssembly kernels on networks and mini-batches of any shape and density, against the reference. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { kernelModule } from "../../../test/support/kernelModule.js";
import { maxNormError } from "../../../test/support/problems.js";
import { activations, signMasks } from "../../common/units.js";
import { initialParameters } from "../network/initialise.js";
import type { NetworkShape } from "../network/network.js";
import { Random } from "../network/random.js";
import type { Kernels } from "./kernels.js";
import { ReferenceKernels } from "./referenceKernels.js";
import { WasmKernels } from "./wasmKernels.js";

vi.setConfig({ testTimeout: 120_000 }); // busy machines

const module = kernelModule();

// around the widths of a vector, a panel, and four quarters of panels
const width = fc.oneof(fc.constantFrom(1, 3, 4, 5, 15, 16, 17, 31, 63, 64, 65), fc.integer({ min: 1, max: 130 }));
const problem = fc.record({
  inputs: width,
  hidden: fc.array(width, { maxLength: 3 }),
  classes: fc.oneof(fc.integer({ min: 2, max: 10 }), fc.integer({ min: 11, max: 40 })),
  activation: fc.constantFrom(...activations),
  signs: fc.constantFrom(...signMasks),
  // around the words of 32 examples
  batch: fc.oneof(fc.constantFrom(1, 2, 31, 32, 33, 65), fc.integer({ min: 1, max: 40 })),
  l1: fc.constantFrom(0, 0.001, 0.1),
  /** Share of the inputs that is not 0. */
  density: fc.constantFrom(0, 0.02, 0.3, 1),
  /** Moves units to always silent, or always active. */
  bias: fc.constantFrom(-4, -0.5, 0, 0.5, 4),
  arranged: fc.boolean(),
  seed: fc.nat(1e6),
});
const steps = 3;
type Problem = typeof problem extends fc.Arbitrary<infer T> ? T : never;

test("random shapes and densities: the same as the reference", () => {
  fc.assert(
    fc.property(problem, (given) => {
      const shape: NetworkShape = { ...given, sharpness: 1.5 };
      const expected = after(new ReferenceKernels(shape, given.batch), given);
      const actual = after(new WasmKernels(module, shape, given.batch), given);
      // losses near 0 are differences of much larger numbers
      expect(maxNormError([...actual.losses, 1], [...expected.losses, 1])).toBeLessThan(1e-4);
      actual.changes.forEach((change, l) => {
        const due = expected.changes[l]!;
        // every example may round a weight or bias of up to 5 once a step
        const rounding = steps * given.batch * 5 * 2 ** -24;
        expect(maxNormError(change, due) * largest(due)).toBeLessThan(1e-3 * largest(due) + rounding);
      });
    }),
    { numRuns: 150 },
  );
});

test("very small and very large values stay what they are", () => {
  for (const size of [1e-40, 1e-20, 1e15]) {
    const shape: NetworkShape = {
      inputs: 20,
      hidden: [33],
      classes: 3,
      activation: "rectifier",
      sharpness: 1,
      signs: "half",
    };
    const pair = [ReferenceKernels, OneThread].map((Implementation) => {
      const kernels: Kernels = new Implementation(shape, 4);
      kernels.load(initialParameters(shape, 1));
      const random = Random.stream(2, "sizes");
      for (let k = 0; k < 80; k++)
        kernels.inputs.values[Math.floor(k / 20) * kernels.inputs.pitch + (k % 20)] = size * random.uniform();
      kernels.forward(4);
      const { values, pitch, place } = kernels.outputs(0);
      return Array.from({ length: 4 * 33 }, (_, k) => values[Math.floor(k / 33) * pitch + place[k % 33]!]!);
    });
    expect(maxNormError(pair[1]!, pair[0]!), `inputs of ${size}`).toBeLessThan(1e-4);
  }
});

class OneThread extends WasmKernels {
  constructor(shape: NetworkShape, capacity: number) {
    super(module, shape, capacity);
  }
}

function after(kernels: Kernels, { batch, l1, density, bias, arranged, seed }: Problem) {
  const random = Random.stream(seed, "problem");
  const { shape } = kernels;
  const start = initialParameters(shape, seed).map((layer, l) => ({
    ...layer,
    biases: layer.biases.map(() => (l < shape.hidden.length ? bias : 0) + random.uniform() - 0.5),
  }));
  kernels.load(start);
  const values = Float32Array.from({ length: batch * shape.inputs }, () =>
    random.uniform() < density ? random.uniform() : 0,
  );
  const labels = Uint8Array.from({ length: batch }, () => random.below(shape.classes));
  const set = { name: "train", n: batch, inputs: { kind: "floats", values }, labels } as const;
  const all = Int32Array.from({ length: batch }, (_, k) => k);
  if (arranged) kernels.arrange(set, all);
  kernels.gather(set, all);
  for (let step = 1; step <= steps; step++) kernels.step(batch, { step, learningRate: 0.01, l1 });
  kernels.forward(batch);
  const changes = kernels
    .read()
    .flatMap(({ weightsInOut, biases }, l) => [
      weightsInOut.map((w, k) => w - start[l]!.weightsInOut[k]!),
      biases.map((bias, j) => bias - start[l]!.biases[j]!),
    ]);
  return { changes, losses: [...kernels.losses.slice(0, batch)] };
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
