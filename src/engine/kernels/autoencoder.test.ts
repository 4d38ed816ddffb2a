/** Auto-encoders: the reference's gradients against central differences, the WebAssembly against the reference and more threads. */
import { describe, expect, test } from "vitest";
import {
  autoencoderParameters,
  autoencoderShape,
  decoders,
  feedReconstruction,
  type ReconstructionBatch,
  reconstructionBatch,
  reconstructionOf,
} from "../../../test/support/autoencoders.js";
import { dist, kernelModule } from "../../../test/support/kernelModule.js";
import { maxNormError } from "../../../test/support/problems.js";
import { plainSgd } from "../../common/optimizers.js";
import { activations, signMaskOf } from "../../common/units.js";
import { transposed } from "../network/network.js";
import { teamStarter } from "../startTeam.js";
import type { Kernels } from "./kernels.js";
import type { Decoder, Objective } from "./objective.js";
import { ReferenceKernels } from "./referenceKernels.js";
import { WasmKernels } from "./wasmKernels.js";

const module = kernelModule();
const size = 4;

describe.each(activations)("%s units", (activation) => {
  const sharpness = activation === "softplus" ? 2.5 : 1;
  const unit = { activation, sharpness, signs: signMaskOf({ activation }) };
  describe.each(decoders)("%s decoder", (decoder) => {
    describe.each([false, true])("tied %s", (tied) => {
      const objective = reconstructionOf(decoder, tied);

      test.each([0, 0.05])("the gradient is that of the objective, λ %d", (l1) => {
        const kernels = awayFromKinks(autoencoderShape(5, 7, unit), decoder, tied);
        const parameters = kernels.layers.flatMap((layer, l) => [
          // tied weights are the encoder's
          ...(tied && l === 1 ? [] : [{ layer, of: "weightsInOut", gradient: "weightGradient" } as const]),
          { layer, of: "biases", gradient: "biasGradient" } as const,
        ]);
        for (const { layer, of, gradient } of parameters) {
          const numeric = layer[of].map((_, k) => slope(kernels, layer[of], k, l1));
          kernels.forward(size);
          kernels.backward(l1);
          expect(maxNormError(layer[gradient], numeric)).toBeLessThan(1e-6);
        }
      });

      // widths that are no multiple of a vector or a panel, narrow ones, and a batch that is not full
      test.each([
        { inputs: 13, units: 37, batch: 6, l1: 0.01 },
        { inputs: 50, units: 70, batch: 1, l1: 0 },
        { inputs: 37, units: 5, batch: 11, l1: 0.001 },
      ])("$inputs–$units at batch $batch: the WebAssembly trains as the reference does", (one) => {
        const shape = autoencoderShape(one.inputs, one.units, unit);
        const [wasm, reference] = [
          new WasmKernels(module, shape, 12, 1, undefined, plainSgd, objective),
          new ReferenceKernels(shape, 12, plainSgd, objective),
        ].map((kernels) => trained(kernels, decoder, tied, one.batch, one.l1)) as [WasmKernels, ReferenceKernels];
        const expected = reference.read();
        wasm.read().forEach(({ weightsInOut, biases }, l) => {
          expect(maxNormError(weightsInOut, expected[l]!.weightsInOut)).toBeLessThan(1e-4);
          expect(maxNormError(biases, expected[l]!.biases)).toBeLessThan(1e-4);
        });
        const losses = (kernels: Kernels) => Array.from(kernels.losses.slice(0, one.batch));
        expect(maxNormError(losses(wasm), losses(reference))).toBeLessThan(1e-4);
        expect(wasm.activeCount(0)).toBe(reference.activeCount(0));
        if (!tied) expect(wasm.gradientNorm(0) / reference.gradientNorm(0)).toBeCloseTo(1, 3);
        if (tied) expect(wasm.read()[1]!.weightsInOut).toEqual(transposed(wasm.read()[0]!));
      });
    });
  });
});

test.each([2, 3, 4])("%i threads give the same bits as one", async (threads) => {
  for (const [decoder, tied] of [
    ["softplus", false],
    ["logistic", true],
  ] as const) {
    const shape = autoencoderShape(93, 61, { activation: "rectifier", sharpness: 1, signs: "half" });
    const objective: Objective = { kind: "reconstruction", decoder, tied };
    const one = new WasmKernels(module, shape, 12, 1, undefined, plainSgd, objective);
    const several = new WasmKernels(module, shape, 12, threads, teamStarter(dist), plainSgd, objective);
    await several.ready();
    try {
      trained(one, decoder, tied, 10, 0.001);
      trained(several, decoder, tied, 10, 0.001);
      expect(several.read()).toEqual(one.read());
      expect(several.readHistory()).toEqual(one.readHistory());
    } finally {
      several.dispose();
    }
  }
});

test("what lies right of the width takes no part: a wide batch of zeros stays finite and small", () => {
  const shape = autoencoderShape(17, 3, { activation: "rectifier", sharpness: 1, signs: "none" });
  const kernels = new WasmKernels(module, shape, 4, 1, undefined, plainSgd, reconstructionOf("logistic", false));
  kernels.load(
    autoencoderParameters(shape, false, 1).map((layer) => ({ ...layer, biases: layer.biases.map(() => 0) })),
  );
  feedReconstruction(kernels, { size: 1, inputs: new Float32Array(17), targets: new Float32Array(17) });
  kernels.forward(1);
  expect(kernels.losses[0]).toBeCloseTo(17 * Math.LN2, 4);
});

function trained<K extends Kernels>(kernels: K, decoder: Decoder, tied: boolean, batch: number, l1: number): K {
  kernels.load(autoencoderParameters(kernels.shape, tied, 3));
  for (let step = 1; step <= 20; step++) {
    feedReconstruction(kernels, reconstructionBatch(kernels.shape, decoder, batch, step));
    kernels.step(batch, { step, learningRate: 0.02, l1 });
  }
  return kernels;
}

/** A reference with a batch on which nothing is near 0, where |h| and rectifiers have their kinks. */
function awayFromKinks(shape: ReturnType<typeof autoencoderShape>, decoder: Decoder, tied: boolean): ReferenceKernels {
  for (let seed = 1; seed < 10_000; seed++) {
    const kernels = new ReferenceKernels(shape, size, plainSgd, reconstructionOf(decoder, tied));
    kernels.load(autoencoderParameters(shape, tied, seed));
    const batch: ReconstructionBatch = reconstructionBatch(shape, decoder, size, seed);
    feedReconstruction(kernels, batch);
    kernels.forward(size);
    if (sums(kernels).every((a) => Math.abs(a) > 0.002)) return kernels;
  }
  throw new Error("No seed keeps away from the kinks.");
}

/** Pre-activations of the encoder, and what the decoder gets. */
function sums(kernels: ReferenceKernels): number[] {
  const [encoder, decoder] = kernels.layers;
  const { inputs, units } = encoder!;
  const hidden = Array.from({ length: size * units }, (_, k) => {
    const [b, j] = [Math.floor(k / units), k % units];
    let a = encoder!.biases[j]!;
    for (let i = 0; i < inputs; i++)
      a += kernels.inputs.values[b * inputs + i]! * encoder!.weightsInOut[i * units + j]!;
    return a;
  });
  return [...hidden, ...decoder!.outputs];
}

function slope(kernels: ReferenceKernels, values: Float64Array, k: number, l1: number): number {
  const step = 1e-5;
  const kept = values[k]!;
  const at = (value: number) => {
    values[k] = value;
    kernels.forward(size);
    const penalty = kernels.layers[0]!.outputs.reduce((sum, h) => sum + Math.abs(h), 0);
    return (kernels.losses.reduce((sum, loss) => sum + loss, 0) + l1 * penalty) / size;
  };
  const difference = at(kept + step) - at(kept - step);
  values[k] = kept;
  return difference / (2 * step);
}
