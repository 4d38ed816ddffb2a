/** What pre-training leaves: a stack that computes what its auto-encoders computed, whatever they were scaled by. */
import { expect, test } from "vitest";
import { kernelModule } from "../../../test/support/kernelModule.js";
import { maxNormError } from "../../../test/support/problems.js";
import { type ExperimentInput, experimentSchema } from "../../common/experiment.js";
import { plainSgd } from "../../common/optimizers.js";
import type { MakeAutoencoder } from "../backends/autoencoder.js";
import { evaluationBatch } from "../backends/builtin.js";
import { autoencoderShape, BuiltinAutoencoder, objectiveOf, shapeBelow } from "../backends/builtinAutoencoder.js";
import type { ExampleSet } from "../data/dataset.js";
import { inputTraits } from "../data/inputTraits.js";
import { decoded } from "../kernels/objective.js";
import { ReferenceKernels } from "../kernels/referenceKernels.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import { type NetworkShape, networkShape, type Parameters } from "../network/network.js";
import { Random } from "../network/random.js";
import { layerPlans, resolvePretraining } from "./layerPlan.js";
import { divided, type Pretrained, Pretraining } from "./pretrain.js";
import { pretrainingSchedules } from "./schedule.js";

const module = kernelModule();
const dimension = 20;
const train = exampleSetOf("train", 120);
const valid = exampleSetOf("valid", 40);

const wasm: MakeAutoencoder = async (plan, shape, seed) => {
  const below = shapeBelow(plan, shape);
  const kernels = new WasmKernels(
    module,
    autoencoderShape(plan, shape),
    evaluationBatch,
    1,
    undefined,
    plainSgd,
    objectiveOf(plan),
  );
  return new BuiltinAutoencoder(plan, kernels, below && new WasmKernels(module, below, evaluationBatch), seed);
};
const reference: MakeAutoencoder = async (plan, shape, seed) => {
  const below = shapeBelow(plan, shape);
  const kernels = new ReferenceKernels(autoencoderShape(plan, shape), evaluationBatch, plainSgd, objectiveOf(plan));
  return new BuiltinAutoencoder(plan, kernels, below && new ReferenceKernels(below, evaluationBatch), seed);
};

test.each([
  {},
  { pretraining: { strategy: "scaled" } },
  { pretraining: { tied: true } },
  { pretraining: { strategy: "linear", target: "preActivation" } },
  { network: { activation: "tanh" } },
  { network: { activation: "softplus", sharpness: 2 }, pretraining: { strategy: "scaled" } },
] as Change[])("the reference pre-trains to the same numbers: %j", async (change) => {
  const [ours, expected] = [await pretrain(change, wasm), await pretrain(change, reference)];
  ours.pretrained.parameters.forEach(({ weightsInOut, biases }, l) => {
    expect(maxNormError(weightsInOut, expected.pretrained.parameters[l]!.weightsInOut)).toBeLessThan(1e-4);
    expect(maxNormError([...biases, 1], [...expected.pretrained.parameters[l]!.biases, 1])).toBeLessThan(1e-4);
  });
  ours.pretrained.losses.forEach((loss, l) => {
    expect(loss / expected.pretrained.losses[l]!).toBeCloseTo(1, 3);
  });
});

test("texts, which are sparse, are pre-trained with what the paper took for them, as the reference does", async () => {
  const texts = { train: textsOf("train", 90), valid: textsOf("valid", 30) };
  const [ours, expected] = [
    await pretrain({}, wasm, texts.train, texts.valid),
    await pretrain({}, reference, texts.train, texts.valid),
  ];
  expect(layerPlans(ours.experiment)[0]).toMatchObject({
    decoder: "logistic",
    noise: { kind: "saltAndPepper", corruption: 0.8 },
  });
  ours.pretrained.parameters.forEach(({ weightsInOut }, l) => {
    expect(maxNormError(weightsInOut, expected.pretrained.parameters[l]!.weightsInOut)).toBeLessThan(1e-4);
  });
  expect(ours.pretrained.scales).toEqual([1, 1, 1]);
});

test("rectifiers that are divided, and the layer above multiplied, leave the network's outputs as they are", () => {
  const shape: NetworkShape = {
    inputs: dimension,
    hidden: [9, 7],
    classes: 3,
    activation: "rectifier",
    sharpness: 1,
    signs: "half",
  };
  const { parameters } = { parameters: randomStack(shape) };
  const folded = [
    divided(parameters[0]!, 4),
    { ...parameters[1]!, weightsInOut: parameters[1]!.weightsInOut.map((w) => w * 4) },
    parameters[2]!,
  ];
  expect(maxNormError(logitsOf(shape, folded), logitsOf(shape, parameters))).toBeLessThan(1e-6);
});

test.each([
  ["rectifier", true],
  ["softplus", false],
] as const)(
  "%s: the stack computes what each scaled auto-encoder did with its scaled input",
  async (activation, folds) => {
    const seen: { layer: number; greatest: number; below: Parameters; encoder: Parameters[number]; scale: number }[] =
      [];
    // watches what each auto-encoder was given, and what it had learnt in the end
    const watched: MakeAutoencoder = async (plan, shape, seed) => {
      const inner = await wasm(plan, shape, seed);
      const entry = {
        layer: plan.layer,
        greatest: 0,
        below: [] as Parameters,
        encoder: null as never as Parameters[number],
        scale: 1,
      };
      seen.push(entry);
      const loadBelow = inner.loadBelow.bind(inner);
      inner.loadBelow = (parameters) => {
        entry.below = parameters.slice(0, plan.layer - 1);
        return loadBelow(parameters);
      };
      const setScale = inner.setScale.bind(inner);
      inner.setScale = (scale) => {
        entry.scale = scale;
        setScale(scale);
      };
      const dispose = inner.dispose.bind(inner);
      inner.dispose = () => {
        entry.encoder = (inner.read() as Parameters)[0] as Parameters[number];
        dispose();
      };
      const greatestInput = inner.greatestInput.bind(inner);
      inner.greatestInput = async (set, turn) => {
        entry.greatest = await greatestInput(set, turn);
        return entry.greatest;
      };
      return inner;
    };
    const { pretrained, shape } = await pretrain(
      { network: { activation }, pretraining: { strategy: "scaled" } },
      watched,
    );
    const x = Array.from({ length: 5 }, (_, b) => exampleOf(valid, b));
    for (const { layer, greatest, below, encoder, scale } of seen) {
      if (layer > 1) expect(greatest).not.toBe(1);
      expect(scale).toBe(folds && layer > 1 ? 1 : greatest);
      // the largest input, as the auto-encoder got it, is 1
      const inputs = Array.from({ length: train.n }, (_, b) => outputsOf(shape, below, exampleOf(train, b)));
      expect(Math.max(...inputs.flat().map(Math.abs)) / scale).toBeCloseTo(1, 5);
      // what it computed of its input ÷ scale is what the stack computes, up to what the layer above took over
      const stack = pretrained.parameters.slice(0, layer);
      const above = folds ? (seen.find((one) => one.layer === layer + 1)?.greatest ?? 1) : 1;
      for (const example of x) {
        const h = outputsOf(
          shape,
          [encoder],
          outputsOf(shape, below, example).map((v) => v / scale),
        );
        expect(
          maxNormError(
            outputsOf(shape, stack, example).map((v) => v * above),
            h,
          ),
        ).toBeLessThan(1e-5);
      }
    }
  },
);

test("the decoders left reconstruct the inputs of the layers as they are left", async () => {
  const { pretrained, shape, experiment } = await pretrain(
    { pretraining: { strategy: "scaled", epochs: 60, noise: "none" } },
    wasm,
  );
  const plans = layerPlans(experiment);
  pretrained.decoders.forEach((decoder, l) => {
    let [wrong, all] = [0, 0];
    for (let b = 0; b < valid.n; b++) {
      const input = outputsOf(shape, pretrained.parameters.slice(0, l), exampleOf(valid, b));
      const h = outputsOf(shape, pretrained.parameters.slice(0, l + 1), exampleOf(valid, b));
      input.forEach((value, i) => {
        let a = decoder.biases[i]!;
        h.forEach((hj, j) => {
          a += hj * decoder.weightsInOut[j * input.length + i]!;
        });
        const z = decoded(plans[l]!.decoder, a, 1) * pretrained.scales[l]!;
        wrong += (z - Math.abs(value)) ** 2;
        all += value ** 2;
      });
    }
    expect(wrong / all, `layer ${l + 1}`).toBeLessThan(0.4);
  });
});

test("an input that is always 0 is divided by 1", async () => {
  const empty = { ...train, inputs: { kind: "bytes" as const, values: new Uint8Array(train.n * dimension), scale: 1 } };
  const { pretrained } = await pretrain({ pretraining: { strategy: "scaled", layers: 1 } }, wasm, empty);
  expect(pretrained.scales).toEqual([1]);
});

interface Change {
  network?: Partial<ExperimentInput["network"]>;
  pretraining?: Partial<NonNullable<ExperimentInput["pretraining"]>>;
}

async function pretrain(
  { network, pretraining }: Change,
  makeAutoencoder: MakeAutoencoder,
  set: ExampleSet = train,
  measured: ExampleSet = valid,
): Promise<{ pretrained: Pretrained; shape: NetworkShape; experiment: ReturnType<typeof experimentSchema.parse> }> {
  const parsed = experimentSchema.parse({
    dataset: { name: "mnist" },
    network: { hidden: [11, 9, 8], ...network },
    pretraining: { epochs: 3, learningRate: 0.02, ...pretraining },
    training: { learningRate: 0.1, epochs: 1 },
  });
  const experiment = { ...parsed, pretraining: resolvePretraining(parsed, inputTraits(set.inputs)) };
  const shape = networkShape(experiment.network, dimension, 3);
  const events = new Pretraining({
    experiment,
    shape,
    schedules: pretrainingSchedules(experiment, set.n),
    train: set,
    valid: measured,
    makeAutoencoder,
    initial: null,
    from: null,
    stopped: () => false,
    turn: () => {},
    betweenSteps: () => {},
    stepped: () => {},
  }).events();
  for (;;) {
    const { done, value } = await events.next();
    if (!done) continue;
    if (value.reason !== "finished") throw new Error("It was not stopped.");
    return { pretrained: value.pretrained, shape, experiment };
  }
}

function exampleSetOf(name: "train" | "valid", n: number): ExampleSet {
  const random = Random.stream(n, "examples");
  // three patterns with noise
  const values = Uint8Array.from({ length: n * dimension }, (_, k) =>
    (k % dimension) % 3 === Math.floor(k / dimension) % 3 ? 120 + random.below(100) : random.below(40),
  );
  return { name, n, inputs: { kind: "bytes", values, scale: 1 / 255 }, labels: new Uint8Array(n) };
}

/** Texts of three topics: each term of its topic is there or not. */
function textsOf(name: "train" | "valid", n: number): ExampleSet {
  const random = Random.stream(n, "texts");
  const starts = [0];
  const indices: number[] = [];
  for (let b = 0; b < n; b++) {
    for (let i = 0; i < dimension; i++) if (i % 3 === b % 3 && random.uniform() < 0.6) indices.push(i);
    starts.push(indices.length);
  }
  const inputs = { kind: "sparse" as const, starts: Uint32Array.from(starts), indices: Uint32Array.from(indices) };
  return { name, n, inputs, labels: new Uint8Array(n) };
}

function exampleOf({ inputs }: ExampleSet, b: number): number[] {
  if (inputs.kind !== "bytes") throw new Error("bytes");
  return Array.from(inputs.values.subarray(b * dimension, (b + 1) * dimension), (value) =>
    Math.fround(value * inputs.scale),
  );
}

/** h of a stack's last layer, sign mask included. */
function outputsOf(shape: NetworkShape, layers: Parameters, x: number[]): number[] {
  let h = x;
  for (const { weightsInOut, biases, signs } of layers)
    h = Array.from(biases, (bias, j) => {
      let a = bias;
      h.forEach((value, i) => {
        a += value * weightsInOut[i * biases.length + j]!;
      });
      const u = shape.activation === "softplus" ? Math.log1p(Math.exp(-Math.abs(a))) + Math.max(a, 0) : Math.max(0, a);
      return u * (signs?.[j] ?? 1);
    });
  return h;
}

function logitsOf(shape: NetworkShape, parameters: Parameters): number[] {
  const kernels = new WasmKernels(module, shape, evaluationBatch);
  kernels.load(parameters);
  kernels.gather(
    valid,
    Int32Array.from({ length: valid.n }, (_, k) => k),
  );
  kernels.forward(valid.n);
  const { values, pitch } = kernels.outputs(shape.hidden.length);
  return Array.from(
    { length: valid.n * shape.classes },
    (_, k) => values[Math.floor(k / shape.classes) * pitch + (k % shape.classes)]!,
  );
}

function randomStack(shape: NetworkShape): Parameters {
  const random = Random.stream(5, "stack");
  const widths = [shape.inputs, ...shape.hidden, shape.classes];
  return widths.slice(1).map((units, l) => ({
    weightsInOut: Float32Array.from({ length: widths[l]! * units }, () => random.uniform() - 0.5),
    biases: Float32Array.from({ length: units }, () => random.uniform() - 0.5),
    signs: l < shape.hidden.length ? Float32Array.from({ length: units }, (_, j) => (j % 2 ? -1 : 1)) : null,
  }));
}
