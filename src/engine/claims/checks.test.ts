/** Claims on networks whose figures are known by hand. */
import { describe, expect, test } from "vitest";
import { kernelModule } from "../../../test/support/kernelModule.js";
import { randomParameters } from "../../../test/support/problems.js";
import type { Optimizer } from "../../common/optimizers.js";
import type { ExampleSet } from "../data/dataset.js";
import { ReferenceKernels } from "../kernels/referenceKernels.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import type { NetworkShape, Parameters } from "../network/network.js";
import { Random } from "../network/random.js";
import { activeCounts, checkActiveUnits } from "./activeUnits.js";
import { checkGradients, meanGradientNorms } from "./gradients.js";
import { checkLinearity } from "./linearity.js";
import { checkMeanActivation } from "./meanActivation.js";
import { checkOverlap } from "./overlap.js";
import { Pace } from "./pace.js";
import { checkPatterns } from "./patterns.js";
import { checkRescaling } from "./rescaling.js";
import { checkSeparability } from "./separability.js";
import { measureSet, type Subject } from "./subject.js";
import { checkZerosAtStart } from "./zerosAtStart.js";

const module = kernelModule();
const pace = new Pace([], () => {});

function examples(name: "train" | "valid", rows: number[][], labels: number[]): ExampleSet {
  const values = Float32Array.from(rows.flat());
  return { name, n: rows.length, inputs: { kind: "floats", values }, labels: Uint8Array.from(labels) };
}

async function subjectOf(
  shape: NetworkShape,
  parameters: Parameters,
  valid: ExampleSet,
  train = valid,
): Promise<Subject> {
  const makeKernels = (of: NetworkShape, optimizer?: Optimizer) =>
    new WasmKernels(module, of, 100, 1, undefined, optimizer);
  const kernels = makeKernels(shape);
  kernels.load(parameters);
  const measured = await measureSet(kernels, valid, pace);
  const random = (use: string) => Random.stream(1, use);
  return { shape, parameters, initial: parameters, train, valid, batchSize: 4, kernels, makeKernels, measured, random };
}

/** Two inputs; units that are the inputs, and their opposites with the sign flipped: h = (x1⁺, −x1⁻, x2⁺, −x2⁻). */
const shape: NetworkShape = {
  ...{ inputs: 2, hidden: [4], classes: 2, activation: "rectifier", sharpness: 1, signs: "half" },
} as NetworkShape;
const parameters: Parameters = [
  {
    weightsInOut: Float32Array.of(1, -1, 0, 0, 0, 0, 1, -1),
    biases: new Float32Array(4),
    signs: Float32Array.of(1, -1, 1, -1),
  },
  { weightsInOut: Float32Array.of(1, 0, 1, 0, 0, 1, 0, 1), biases: new Float32Array(2), signs: null },
];
const corners = [
  [1, 2],
  [-1, 2],
  [1, -2],
  [-1, -2],
];
/** Whether both have the same sign: no line separates them. */
const xor = [0, 1, 1, 0];

describe("units that are the inputs' positive and negative parts", () => {
  const subject = subjectOf(shape, parameters, examples("valid", corners, xor));

  test("half of the outputs are zero", async () => {
    const { holds, figures } = await checkZerosAtStart(await subject, pace);
    expect({ holds, ...figures }).toEqual({ holds: true, set: "valid", n: 4, layers: [0.5], mean: 0.5 });
  });

  test("each quadrant has a pattern of its own", async () => {
    const { holds, figures } = await checkPatterns(await subject, pace);
    expect({ holds, ...figures }).toMatchObject({ holds: true, distinct: 4, layers: [4], mostFrequent: 1 });
  });

  test("two units are active, on every example: no code of variable size", async () => {
    const { holds, figures } = await checkActiveUnits(await subject, pace);
    expect(holds).toBe(false);
    expect(figures.layers).toEqual([
      { units: 4, mean: 2, p10: 2, p50: 2, p90: 2, histogram: { from: 2, width: 1, counts: [4] } },
    ]);
  });

  test("the mask cancels the mean; without it, it is that of |x|", async () => {
    const { holds, figures } = await checkMeanActivation(await subject, pace);
    expect({ holds, layers: figures.layers }).toEqual({ holds: true, layers: [{ masked: 0, unmasked: 0.75 }] });
    const unflipped = [{ ...parameters[0]!, signs: new Float32Array(4).fill(1) }, parameters[1]!];
    const other = await checkMeanActivation(await subjectOf(shape, unflipped, examples("valid", corners, xor)), pace);
    expect(other).toMatchObject({ holds: false, figures: { layers: [{ masked: 0.75, unmasked: 0.75 }] } });
  });

  test("a small change changes no active set, and pairs of a class are on opposite sides", async () => {
    const { holds, figures } = await checkOverlap(await subject, pace);
    // (1, 2) and (−1, −2) share nothing, (1, 2) and (−1, 2) one unit of three
    const known = { near: 1, within: 0, between: 1 / 3 };
    expect(holds).toBe(false);
    for (const found of [figures.all, ...figures.layers]) {
      expect(found).toMatchObject({ near: known.near, within: known.within });
      expect(found.between).toBeCloseTo(known.between, 12);
    }
  });

  test("linear on the active units, and rescaled to the same bits", async () => {
    const linearity = await checkLinearity(await subject, pace);
    expect(linearity).toMatchObject({ holds: true, figures: { n: 4, double: { largest: 0 }, largestOutput: 2 } });
    const rescaling = await checkRescaling(await subject, pace);
    expect(rescaling).toMatchObject({ holds: true, figures: { n: 4, engine: { largest: 0 } } });
    expect(rescaling.figures.identity.largest).toBeLessThan(1e-14);
  });
});

test("linearity does not hold of units that bend: a softplus network is found out", async () => {
  const bent: NetworkShape = { ...shape, activation: "softplus" };
  const subject = await subjectOf(bent, randomParameters(bent, 1), examples("valid", corners, xor));
  expect((await checkLinearity(subject, pace)).holds).toBe(false);
});

test("weights below 0 on inputs above 0: nothing but zeros at the start, which is not half", async () => {
  const silent = [{ ...parameters[0]!, weightsInOut: new Float32Array(8).fill(-1) }, parameters[1]!];
  const subject = await subjectOf(
    shape,
    silent,
    examples(
      "valid",
      [
        [1, 2],
        [3, 1],
      ],
      [0, 1],
    ),
  );
  expect(await checkZerosAtStart(subject, pace)).toMatchObject({ holds: false, figures: { mean: 1 } });
  expect(await checkPatterns(subject, pace)).toMatchObject({ holds: false, figures: { distinct: 1, mostFrequent: 2 } });
});

test("a linear classifier cannot tell XOR from the inputs, but from units that are on in one quadrant", async () => {
  const one: NetworkShape = { ...shape, signs: "none" };
  // (x1 + x2)⁺, (−x1 − x2)⁺, (x1 − x2)⁺, (−x1 + x2)⁺
  const quadrants: Parameters = [
    {
      weightsInOut: Float32Array.of(1, -1, 1, -1, 1, -1, -1, 1),
      biases: new Float32Array(4),
      signs: new Float32Array(4).fill(1),
    },
    parameters[1]!,
  ];
  const random = Random.stream(5, "cloud");
  const cloud = (name: "train" | "valid", n: number) => {
    const rows = Array.from({ length: n }, (_, k) => {
      const [a = 0, b = 0] = corners[k % 4]!.map(Math.sign);
      return [a + 0.2 * (random.uniform() - 0.5), b + 0.2 * (random.uniform() - 0.5)];
    });
    return examples(
      name,
      rows,
      rows.map((_, k) => xor[k % 4]!),
    );
  };
  const subject = await subjectOf(one, quadrants, cloud("valid", 200), cloud("train", 2000));
  const { holds, figures } = await checkSeparability(subject, pace);
  expect(holds).toBe(true);
  expect(figures).toMatchObject({ n: 200, trainedOn: 2000, layers: [0] });
  expect(figures.inputs).toBeGreaterThanOrEqual(0.25);
});

describe("gradient norms", () => {
  const deep: NetworkShape = { ...shape, inputs: 6, hidden: [9, 8, 7], classes: 3 };
  const random = Random.stream(2, "x");
  const rows = Array.from({ length: 12 }, () => Array.from({ length: 6 }, () => random.uniform() - 0.3));
  const set = examples(
    "train",
    rows,
    rows.map((_, k) => k % 3),
  );
  const batches = [Int32Array.of(0, 3, 5, 7), Int32Array.of(1, 2, 11)];

  test("are those of the reference, and nothing is learnt on the way", async () => {
    const parameters = randomParameters(deep, 4);
    for (const activation of ["rectifier", "tanh"] as const) {
      const network = { ...deep, activation };
      const reference = new ReferenceKernels(network, 10);
      const kernels = new WasmKernels(module, network, 10);
      const expected = await meanGradientNorms(reference, parameters, set, batches, pace);
      const found = await meanGradientNorms(kernels, parameters, set, batches, pace);
      found.forEach((norm, l) => {
        expect(norm / expected[l]!).toBeCloseTo(1, 4);
      });
      expect(kernels.read()).toEqual(parameters);
    }
  });

  test("do not reach below a layer that is dead", async () => {
    const parameters = randomParameters(deep, 4);
    const alive = await checkGradients(await subjectOf(deep, parameters, set), pace);
    expect(alive).toMatchObject({ holds: true, figures: { n: 12, batchSize: 4 } });
    const dead = parameters.map((layer, l) => (l === 1 ? { ...layer, biases: new Float32Array(8).fill(-5) } : layer));
    const found = await checkGradients(await subjectOf(deep, dead, set), pace);
    expect(found.holds).toBe(false);
    expect(found.figures.layers[0]).toMatchObject({ trained: 0, start: 0 });
    expect(found.figures.layers[0]!.tanh).toBeGreaterThan(0);
  });
});

test("a wide layer's counts come in even bins, none of them lost", () => {
  const activeHistogram = new Uint32Array(301);
  for (let active = 100; active <= 250; active++) activeHistogram[active] = active - 90;
  const n = activeHistogram.reduce((sum, examples) => sum + examples, 0);
  const { histogram, p10, p90 } = activeCounts({ activeHistogram, n, units: 300 });
  expect(histogram).toMatchObject({ from: 100, width: 4 });
  expect(histogram.counts).toHaveLength(38);
  expect(histogram.counts[0]).toBe(10 + 11 + 12 + 13);
  expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(n);
  expect(p10).toBeLessThan(p90);
});
