/** What revival does to a network, with every optimizer. */
import { expect, test } from "vitest";
import { kernelModule } from "../../../test/support/kernelModule.js";
import { randomParameters } from "../../../test/support/problems.js";
import { optimizerOf, optimizers } from "../../common/optimizers.js";
import { BuiltinBackend } from "../backends/builtin.js";
import { exampleSet } from "../data/dataset.js";
import { keptArrays } from "../kernels/optimizerState.js";
import { WasmKernels } from "../kernels/wasmKernels.js";
import { initialBound } from "../network/initialise.js";
import type { NetworkShape } from "../network/network.js";
import { Random } from "../network/random.js";
import { LayerStatistics } from "../sparsity/layerStatistics.js";
import { reviveUnits, unitsToRevive } from "./revive.js";

const shape: NetworkShape = {
  inputs: 30,
  hidden: [24, 20],
  classes: 5,
  activation: "rectifier",
  sharpness: 1,
  signs: "half",
};
const units = [
  [2, 3, 17],
  [0, 19],
];

test.each(optimizers)("%s: the named units begin anew, and nothing else changes", async (optimizer) => {
  const backend = new BuiltinBackend(
    new WasmKernels(kernelModule(), shape, 100, 1, undefined, optimizerOf({ optimizer })),
  );
  await backend.load(randomParameters(shape, 3));
  const random = Random.stream(1, "inputs");
  const set = exampleSet(
    "train",
    Uint8Array.from({ length: 40 * 30 }, () => random.below(256)),
    Uint8Array.from({ length: 40 }, () => random.below(5)),
  );
  const indices = Int32Array.from({ length: 40 }, (_, k) => k);
  // the last update of the first layer is held back until somebody asks for it
  for (let step = 1; step <= 5; step++) backend.trainStep(set, indices, { step, learningRate: 0.01, l1: 0 });
  const stays = new BuiltinBackend(
    new WasmKernels(kernelModule(), shape, 100, 1, undefined, optimizerOf({ optimizer })),
  );
  stays.load(randomParameters(shape, 3));
  for (let step = 1; step <= 5; step++) stays.trainStep(set, indices, { step, learningRate: 0.01, l1: 0 });
  const [before, stateBefore, historyBefore] = [stays.read(), stays.readOptimizerState(), stays.readHistory()];
  await reviveUnits(backend, shape, keptArrays[optimizer], units, { seed: 1, step: 5 });
  const [after, state, history] = [backend.read(), backend.readOptimizerState(), backend.readHistory()];

  const widths = [30, 24, 20, 5];
  after.forEach(({ weightsInOut, biases, signs }, l) => {
    const width = widths[l + 1]!;
    const [own, below] = [new Set(units[l]), new Set(units[l - 1])];
    const bound = initialBound({ inputs: widths[l]!, units: width });
    const fresh: number[] = [];
    weightsInOut.forEach((weight, at) => {
      const [row, unit] = [Math.floor(at / width), at % width];
      if (below.has(row)) expect(weight).toBe(0);
      else if (own.has(unit)) fresh.push(weight);
      else expect(weight).toBe(before[l]!.weightsInOut[at]);
      for (const name of keptArrays[optimizer]) {
        const due = below.has(row) || own.has(unit) ? 0 : stateBefore[l]![name]!.weightsInOut[at];
        expect(state[l]![name]!.weightsInOut[at]).toBe(due);
      }
    });
    expect(fresh.every((weight) => Math.abs(weight) <= bound && weight !== 0)).toBe(true);
    expect(new Set(fresh).size).toBeGreaterThanOrEqual(fresh.length * 0.9);
    biases.forEach((bias, unit) => {
      expect(bias).toBe(own.has(unit) ? 0 : before[l]!.biases[unit]);
      for (const name of keptArrays[optimizer])
        expect(state[l]![name]!.biases[unit]).toBe(own.has(unit) ? 0 : stateBefore[l]![name]!.biases[unit]);
    });
    expect(signs).toEqual(before[l]!.signs);
  });
  history.forEach(({ lastFiredStep, maxUpdate, maxUpdateStep, place }, l) => {
    const due = historyBefore[l]!;
    expect(place).toEqual(due.place);
    for (let unit = 0; unit < lastFiredStep.length; unit++) {
      const revived = units[l]!.includes(unit);
      expect(lastFiredStep[unit]).toBe(revived ? -1 : due.lastFiredStep[unit]);
      expect(maxUpdate[unit]).toBe(revived ? 0 : due.maxUpdate[unit]);
      expect(maxUpdateStep[unit]).toBe(revived ? -1 : due.maxUpdateStep[unit]);
    }
  });
});

test("units are chosen by what they gave on a set", () => {
  const statistics = new LayerStatistics(4);
  statistics.add(
    { values: Float32Array.from([0, 1, -0.01, 3, 0, 2, 0, 0]), pitch: 4, place: Int32Array.from([0, 1, 2, 3]) },
    2,
  );
  expect(unitsToRevive(statistics, "dead", 0.025)).toEqual([0]);
  expect(unitsToRevive(statistics, "dormant", 0.025)).toEqual([0, 2]);
});
