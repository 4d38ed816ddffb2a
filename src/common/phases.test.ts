import { expect, test } from "vitest";
import { experimentSchema } from "./experiment.js";
import { phaseInProgress, phaseName, phaseText } from "./phases.js";
import type { Progress, RunRecord } from "./run.js";

const experiment = (pretraining: object) =>
  experimentSchema.parse({
    dataset: { name: "mnist-sample" },
    network: { hidden: [20, 20, 20] },
    pretraining,
    training: { learningRate: 0.1, epochs: 10 },
  });
const at = (epoch: number, phases: RunRecord["phases"], config: RunRecord["config"] = experiment({ epochs: 30 })) => ({
  progress: { epoch, epochs: 100 } as Progress,
  ...(phases && { phases }),
  config,
});
const first = { name: "pre-training, layer 1", step: 0, epoch: 0 };
const second = { name: "pre-training, layer 2", step: 300, epoch: 30 };
const training = { name: "training", step: 900, epoch: 90 };
const textAt = (...given: Parameters<typeof at>) => {
  const phase = phaseInProgress(at(...given), true);
  return phase && phaseText(phase);
};

test("a run of a single phase has none in progress", () => {
  expect(phaseInProgress(at(3, undefined), true)).toBeNull();
});

test("epochs are counted from the beginning of the phase", () => {
  expect(textAt(0, [first])).toBe("pre-training, layer 1 of 3, epoch 1 of 30");
  expect(textAt(33.5, [first, second])).toBe("pre-training, layer 2 of 3, epoch 4 of 30");
  expect(textAt(95, [first, second, training])).toBe("training, epoch 6 of 10");
  expect(textAt(60, [first, second])).toBe("pre-training, layer 2 of 3, epoch 30 of 30");
});

test("layers may have epochs of their own, and only some may be pre-trained", () => {
  const config = experiment({ epochs: [30, 7], layers: 2 });
  expect(textAt(33.5, [first, second], config)).toBe("pre-training, layer 2 of 2, epoch 4 of 7");
});

test("a run that only pre-trains has a training without epochs", () => {
  const progress = { epoch: 90, epochs: 90 } as Progress;
  const phase = phaseInProgress({ progress, phases: [first, training], config: null }, true);
  expect(phase && phaseText(phase)).toBe("training");
});

test("what another program's run does not tell is left out", () => {
  expect(textAt(33.5, [first, second], null)).toBe("pre-training, layer 2, epoch 4");
  expect(textAt(33.5, [first, { ...second, name: "polish" }], null)).toBe("polish, epoch 4 of 70");
  expect(phaseName({ name: "pre-training, layer 1; rm" })).toBe("pre-training, layer 1; rm");
});
